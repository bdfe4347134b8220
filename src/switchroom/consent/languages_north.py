"""Opt-out, help and start words of German, Dutch, the Nordic languages and Finnish, as data."""

from __future__ import annotations

from typing import Final

from switchroom.consent.languages import Language

GERMAN: Final = Language(
    "de",
    stop="stopp, stop, halt, ende, beenden, abmelden, abmeldung, abbestellen, abbestellung, kundigen, austragen,"
    " loschen, aufhoren,"
    " widerruf, widerrufen, abbrechen, storno, schluss, bitte abmelden, hor auf, horen sie auf, hort auf, entfernen",
    local="aus, raus",
    help="hilfe, hilf mir, helfen sie mir, bitte hilfe",
    start="anmelden, starten, anmeldung, los, fortsetzen, weiter",
    yes="ja",
    review="nein, nein danke, tschuss, falsche nummer, kein interesse, auf wiedersehen, nee, ne danke",
    polite="bitte danke jetzt sofort schon endlich hallo liebe damen und herren guten tag mich ich mochte will"
    " wunsche freundliche grusse"
    " mfg vielen dank umgehend das hiermit mir sie alles lg gruss",
    classes={
        "neg": "kein keine keinen keinerlei nicht nie niemals nix weder ohne nichts",
        "more": "mehr weitere weiteren wieder",
        "want": "mochte mochten will wollen wunsche wunschen brauche wunscht wurde",
        "recv": "erhalten bekommen empfangen haben kriegen lesen",
        "send": "schicken schick schickt senden sende sendet sendest schreiben schreib schreibt kontaktieren"
        " kontaktiert kontaktiere anrufen anschreiben"
        " ruf ruft rufen belastigen belastigt texten simsen nerven schickst schreibst zusenden angeschrieben"
        " angerufen zuschicken zumullen melden kontaktierung",
        "msg": "sms nachricht nachrichten werbung mails mail emails e werbe erinnerungen benachrichtigungen"
        " newsletter textnachrichten anrufe"
        " spam angebote infos whatsapp textnachricht werbesms werbenachrichten kontaktaufnahme kontakt",
        "stop": "stoppen stoppt stoppe stop stopp unterlassen unterlasst aufhoren hor horen hort beenden beendet"
        " einstellen schluss lassen abstellen abbestellen ende",
        "unsub": "abmelden abbestellen austragen abmeldung abbestellung abzumelden abbestelle abgemeldet austrag",
        "remove": "loschen losche loscht entfernen entferne entfernt streichen streicht streiche nehmen nehmt nimm"
        " vergessen tragen sperren",
        "me": "mich mir uns",
        "mine": "nummer liste verteiler telefonnummer handynummer daten kontakte kontakt namen verteilerliste"
        " rufnummer kontaktdaten handynr",
        "reply": "antworten antworte sende senden sms schreiben schreibe mit antwort",
        "biz": "bestellung bestellungen termin termine buchung reservierung zahlung lieferung paket rechnung"
        " rechnungen konto karte flug vertrag abo bus ticket versicherung"
        " techniker uberweisung arzt auftrag essen medikament rezept bestatigung",
        "ask": "wie wann wo warum wieso weshalb wer welche was",
    },
    idioms="in ruhe lassen, lassen sie mich in ruhe, lass mich in ruhe, lasst mich in ruhe, keine sms mehr, keine"
    " nachrichten mehr,"
    " keine werbung mehr, nicht mehr kontaktieren, nicht mehr anschreiben, widerrufe meine einwilligung,"
    " einwilligung widerrufen, von der liste,"
    " aus dem verteiler, aus ihrem verteiler, aus dem verteiler nehmen, melden sie mich ab, meldet mich ab, meld"
    " mich ab, tragen sie mich aus, tragt mich aus,"
    " keine weiteren nachrichten, keine weiteren sms, ich widerspreche, nummer vergessen",
    doubts="falsche nummer, kein interesse, abo kundigen, verpiss dich, verpisst euch, wer ist da, anzeige"
    " erstatten, das ist spam, reicht jetzt, es reicht",
)

DUTCH: Final = Language(
    "nl",
    stop="stop, stoppen, afmelden, uitschrijven, opzeggen, einde, annuleren, beeindigen, verwijderen, verwijder,"
    " stop ermee, hou op, afmelding, schrijf me uit, meld me af",
    local="uit",
    help="hulp, help mij, hulp nodig",
    start="aanmelden, starten, inschrijven, begin",
    yes="ja",
    review="nee, nee bedankt, nee dank u, verkeerd nummer, geen interesse, doei, tot ziens",
    polite="aub alstublieft alsjeblieft bedankt dank u wel nu meteen graag hallo direct onmiddellijk ik wil svp"
    " even dag hartelijk je",
    classes={
        "neg": "geen niet nooit",
        "more": "meer verder",
        "want": "wil willen wens wens wilt hoef",
        "recv": "ontvangen krijgen hebben worden",
        "send": "sturen stuur stuurt zenden zend bellen bel schrijven schrijf contacteren contacteer benaderen"
        " benader appen app berichten mailen mail sms'en gestuurd lastigvallen smsen benaderd lastig toezenden",
        "msg": "bericht berichten sms smsjes sms'jes reclame mails mail emails berichtjes meldingen herinneringen"
        " nieuwsbrief nieuwsbrieven advertenties aanbiedingen spam telefoontjes appjes",
        "stop": "stop stoppen stopt ophouden hou houd beeindig staak beeindigen",
        "unsub": "afmelden uitschrijven afmelding uitschrijving",
        "remove": "verwijder verwijderen haal haalt wis wissen schrap schrappen vergeet schrijf meld gooi",
        "me": "me mij ons",
        "mine": "nummer lijst telefoonnummer gegevens naam af uit contacten bestand mailinglijst",
        "reply": "antwoord sms stuur reageer beantwoord",
        "biz": "bestelling bestellingen afspraak boeking reservering betaling levering pakket factuur rekening"
        " vlucht abonnement kaart order contract ticket",
        "ask": "hoe wanneer waar waarom wie welke wat",
    },
    idioms="laat me met rust, laat mij met rust, geen berichten meer, geen sms meer, schrijf me uit, schrijf mij"
    " uit, meld me af, meld mij af, haal me van, haal mij van,"
    " niet meer sturen, niet meer ontvangen, val me niet lastig, val mij niet lastig, niet meer benaderen, trek"
    " mijn toestemming in",
    doubts="verkeerd nummer, geen interesse, abonnement opzeggen, abonnement stopzetten, rot op, flikker op, donder op",
)

_NORDIC_BIZ: Final = (
    "bestilling bestallning order tid time avtale bokning booking betaling betalning levering leverans"
    " pakke paket faktura konto kort abonnement prenumeration flyg fly billett biljett"
)

SWEDISH: Final = Language(
    "sv",
    stop="stopp, stopp nu, sluta, avsluta, avregistrera, avregistrera mig, avanmal, avanmalan, avboka sms,"
    " avprenumerera, ta bort mig, ta bort, upphor, avbryt, sag upp, avregistrering",
    local="slut",
    help="hjalp, hjalp mig",
    start="starta, borja, registrera, anmal",
    yes="ja",
    review="nej, nej tack, fel nummer, inte intresserad, ej intresserad, hej da",
    polite="tack snalla nu hej genast omedelbart vanligen jag vill var god alla fran er era",
    classes={
        "neg": "inga inte ej aldrig ingen",
        "more": "fler mer flera langre",
        "want": "vill onskar behover onska",
        "recv": "ha fa bli",
        "send": "skicka skickar sms:a smsa ring ringa skriv skriva kontakta kontaktar stor messa skickas kontaktad"
        " trakassera mejla maila",
        "msg": "sms meddelanden meddelande mail mejl reklam utskick notiser paminnelser erbjudanden aviseringar"
        " spam nyhetsbrev mess textmeddelanden",
        "stop": "sluta stopp stoppa avsluta upphor slut",
        "unsub": "avregistrera avprenumerera avanmal avanmala",
        "remove": "ta radera stryk avlagsna glom plocka",
        "me": "mig oss mej",
        "mine": "nummer lista listan telefonnummer register uppgifter mig sandlistan kontakter namn",
        "reply": "svara skicka sms:a svar sms",
        "biz": _NORDIC_BIZ + " tiden ordern beställning bokningen leveransen",
        "ask": "hur nar var varfor vem vilken",
    },
    idioms="inga fler sms, inga fler meddelanden, lat mig vara, lamna mig ifred, lamna mig i fred, ta bort mitt"
    " nummer, ta bort mig, stryk mig, avregistrera mig, vill inte ha fler, vill inte ha sms, sluta smsa, sluta"
    " sms:a",
    doubts="fel nummer, inte intresserad, ej intresserad, dra at",
)

DANISH: Final = Language(
    "da",
    stop="stop, stop nu, afmeld, afmeld mig, afmelding, afslut, ophor, slet mig, frameld, frameld mig, opsig,"
    " fjern mig, fjern, stop venligst, hold op",
    help="hjaelp, hjælp, hjælp mig",
    start="tilmeld, begynd",
    yes="ja",
    review="nej, nej tak, forkert nummer, ikke interesseret, farvel",
    polite="tak venligst nu hej straks jeg vil gerne bedes fra jer omgaende mvh alle",
    classes={
        "neg": "ingen ikke aldrig",
        "more": "flere mere laengere længere",
        "want": "vil onsker ønsker behover",
        "recv": "have modtage fa få blive",
        "send": "send sende sender skriv skrive skriver ring ringe kontakt kontakte kontakter kontaktes sms'e smse"
        " forstyr chikanere skrives",
        "msg": "sms sms'er smser besked beskeder mail mails reklame reklamer pamindelser notifikationer tilbud"
        " nyhedsbrev spam opkald",
        "stop": "stop stopper stands afslut hold ophor",
        "unsub": "afmeld afmelde afmelding frameld framelde",
        "remove": "fjern fjerne slet slette glem tag",
        "me": "mig os",
        "mine": "nummer liste listen telefonnummer oplysninger mig navn kontakter register",
        "reply": "svar send sms besvar",
        "biz": _NORDIC_BIZ + " ordre aftale pakken ordren tiden",
        "ask": "hvordan hvornar hvor hvorfor hvem",
    },
    idioms="ikke flere sms, ikke flere beskeder, ingen flere sms, ingen flere beskeder, lad mig vaere, lad mig"
    " være, lad mig vaere i fred, lad mig være i fred, slet mit nummer, fjern mig, slet mig, ikke flere"
    " sms'er, ikke flere sms er",
    doubts="forkert nummer, ikke interesseret, skrid",
)

NORWEGIAN: Final = Language(
    "no",
    stop="stopp, stopp na, stans, slutt, avslutt, avmeld, meld meg av, avmelding, slett meg, fjern meg,"
    " avregistrer, meld av, opphor",
    help="hjelp, hjelp meg",
    start="begynn, meld pa, registrer",
    yes="ja",
    review="nei, nei takk, feil nummer, ikke interessert, ha det",
    polite="takk vennligst na hei straks jeg vil gjerne fra dere umiddelbart mvh alle vær",
    classes={
        "neg": "ingen ikke aldri",
        "more": "flere mer lenger",
        "want": "vil onsker ønsker trenger",
        "recv": "ha motta fa få bli",
        "send": "send sende sender skriv skrive ring ringe kontakt kontakte kontaktes forstyrr mas tekste",
        "msg": "sms sms'er smser melding meldinger tekstmeldinger mail reklame paminnelser varsler tilbud"
        " nyhetsbrev spam epost",
        "stop": "stopp slutt stans avslutt stoppe slutte",
        "unsub": "avmeld avregistrer avmelding avmelde",
        "remove": "fjern fjerne slett slette glem stryk ta",
        "me": "meg oss",
        "mine": "nummer nummeret liste lista listen telefonnummer opplysninger meg navn register nummeret",
        "reply": "svar send sms",
        "biz": _NORDIC_BIZ + " ordre avtalen timen bestillingen",
        "ask": "hvordan nar hvor hvorfor hvem",
    },
    idioms="ikke flere sms, ikke flere meldinger, ingen flere meldinger, ingen flere sms, la meg vaere, la meg"
    " være, la meg vaere i fred, la meg være i fred, slett nummeret mitt, meld meg av, fjern meg, slett meg",
    doubts="feil nummer, ikke interessert, drit og dra",
)

FINNISH: Final = Language(
    "fi",
    stop="lopeta, lopetus, peruuta, peru tilaus, poista, poista minut, lopettakaa, peruutus, seis kiitos",
    local="seis, peru",
    help="apua, ohje, apu",
    start="aloita, tilaa",
    yes="kylla",
    review="ei, ei kiitos, vaara numero, ei kiinnosta, heippa",
    polite="kiitos nyt heti hei ole hyva pyydan moi valittomasti olkaa ystavallinen",
    classes={
        "neg": "ala alkaa en ei enaa",
        "more": "enaa lisaa enempaa",
        "want": "halua haluan haluaisin tahdo",
        "recv": "saada vastaanottaa",
        "send": "laheta lahettako lahettaka lahettako* lahettaminen lahettamasta soita soittako* kirjoita hairitse"
        " hairitko* ota ottako* lahetelko* lahettele* lahetella*",
        "msg": "viesti* tekstivies* sms mainok* ilmoituk* mainonta* uutiskirj* spam",
        "stop": "lopeta lopettakaa lopettaka* keskeyta",
        "unsub": "",
        "remove": "poista poistakaa unohda unohtakaa poistaka*",
        "me": "minulle minut meille",
        "mine": "numero numeroni lista listalta listaltanne minut tietoni yhteystiet* rekisteri* numeron",
        "reply": "vastaa laheta",
        "biz": "tilaukse* ajanvarau* varau* maksu* toimitu* paket* lasku* tili* kortti*",
        "ask": "miten milloin missa miksi kuka",
    },
    idioms="ei enaa viesteja, ei enaa viestia, jattakaa minut rauhaan, jata minut rauhaan, en halua viesteja,"
    " poistakaa minut, poistakaa numeroni, poista numeroni, en halua enaa",
    doubts="vaara numero, ei kiinnosta, painu helvettiin",
)

NORTHERN: Final = (GERMAN, DUTCH, SWEDISH, DANISH, NORWEGIAN, FINNISH)
