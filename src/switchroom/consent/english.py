"""How people say in English that they want out, want in, or want help: word classes and rules, as data.

The wordings come from the keywords of carriers and vendors, from the examples in regulators' orders on revoking
consent by any reasonable means, and from messages quoted in published decisions about unwanted texts.
Rules say what *may* be a request; ``contexts`` say what takes it back (a negation, a question, a bus stop).
"""

from __future__ import annotations

from typing import Final

from switchroom.consent.phrases import Grammar, Rule

CLASSES: Final = {
    "stop": "stop stahp stopp stp stpo sotp tsop stob stoip stio stpp sstop stiop stopo soptp stap"
    " cease halt desist discontinue quit refrain kwit qit",
    "sending": "sending texting messaging calling contacting spamming emailing mailing bothering harassing harrassing"
    " bugging annoying pestering hitting blowing pinging phoning ringing notifying soliciting txting txtin textin msging"
    " bombarding disturbing writing messagin callin sendin spammin dming smsing reaching communicating advertising"
    " stalking badgering flooding alerting reminding marketing mssging texing trolling",
    "verb": "text txt message msg contact call email mail ping phone ring dm spam write reach bother disturb harass"
    " harrass bug annoy pester solicit notify alert remind communicate sms hmu inbox advertise mms",
    "send": "send sends forward deliver shoot blast give",
    "msg": "text texts txt txts message messages msg msgs sms mms email emails mail mails notification notifications"
    " notice notices alert alerts spam reminder reminders newsletter newsletters promo promos promotion promotions ad"
    " ads advert adverts advertising advertisement advertisements offers deals coupons communication communications"
    " correspondence solicitation solicitations calls call contact robocalls robotexts blasts junk marketing surveys"
    " updates txting texting messaging txtmsg massages campaigns subscriptions mailings mailing blast contacting"
    " crap bullshit bs shit messges mssgs msges textes mensajes broadcast broadcasts notifs specials",
    "many": "texts txts messages msgs sms mms emails mails notifications notices alerts spam reminders newsletter"
    " newsletters promos promotions promo ads adverts advertising advertisements communications correspondence"
    " solicitations robocalls robotexts blasts junk marketing updates texting messaging offers crap bullshit bs shit"
    " mailings solicitation nonsense broadcasts notifs",
    "get": "receive get see hear recieve receving receiving getting hearing seeing recieving be have having accept be",
    "getting": "receiving getting hearing seeing recieving receving gettin",
    "contacted": "contacted texted messaged called emailed bothered disturbed notified spammed solicited harassed"
    " subscribed enrolled signed included mailed bugged annoyed txted marketed phoned reached pestered",
    "me": "me us mi",
    "my": "my our this the that these ur your",
    "own": "my our this",
    "ident": "number numbers # phone cell cellphone mobile name names info information contact contacts details digits"
    " telephone num nbr email no tel fone nr numba credentials line address",
    "fixed": "number numbers # phone cell cellphone mobile num nbr digits telephone numba nr tel fone",
    "digits": "000 0000 00000 000000 0000000",
    "list": "list lists database databases contacts contact records record system directory group chat thread mailing"
    " subscribers subscription distribution rolodex phonebook mailinglist files file roster texts program campaign"
    " subscriber registry phone books book platform service db groupchat textlist data everything",
    "fill": "the this these those that all any your ur the of with to from so many more further such every each other"
    " additional automated unwanted unsolicited random constant daily weekly marketing promotional promo sms text"
    " future please pls plz just and or my our kind single immediately now us me on at every right both text email"
    " annoying phone mass repeated useless endless nonstop constantly always continuously mobile campaign political"
    " commercial advertising automatic auto unneeded kinds sorts types type sort cell spam in for by bloody company"
    " different excessive crazy silly ridiculous political survey group yr yer them thees dese wit dis w personal private",
    "rude": "fuck fucking fuckin fking fing fkn fkin effing freaking frigging frickin freakin damn goddamn stupid bloody"
    " dumb dumbass hell shitty fck fk f ffs fukin fuking motherfucking darn dang ass fuckn",
    "polite": "please pls plz plse pleas plzz thanks thank thankyou thx ty tks tnx thnx u you so much very now"
    " immediately asap already kindly just hi hello hey sir madam maam mam dear team guys folks everyone ok okay k yes"
    " yeah yep bro dude man buddy friend right at once today forever again seriously omg ffs god jesus christ really"
    " permanently effective this minute instant very kind regards sincerely best cheers appreciated appreciate it"
    " for good good day morning afternoon evening greetings all completely altogether totally in advance ta xx and"
    " my goodness gosh oh well alright fine ugh smh wtf jeez geez yo yall lady ladies love honey darling mate"
    " respectfully thankfully plss pleaase plx thankss bye with effect from first of time last final warning notice"
    " sorry but have a nice blessings bless gracias ya me blessed wonderful great safe god straight away stat promptly pronto request",
    "ask": "i id im ive want wanted would like need needs to you u must can could will wud cud may is please said asked"
    " told tell wish ask asking telling saying say we wed request requesting requested yall that your youre guys"
    " have better gonna going gotta do demand demanding insist want wanna ready try as my it be able choose"
    " decided rather love a every in order make sure once twice times before repeatedly multiple several"
    " many few again already keep still um uh umm hmm er no nope nah",
    "want": "want wanted wants wnat wnt wan wanna wish like need care desire interested interest authorize consent agree"
    " subscribe require wld asked ask sign signed signup expect consented agreed authorized appreciate enjoy wanting",
    "adverb": "really even ever want wanna please pls plz be to just u you dare keep dare currently actually want"
    " particularly wish would again yall think",
    "remove": "remove delete erase drop strike scratch unlist block purge pull cancel expunge eliminate unenroll"
    " deregister wipe unregister disenroll deactivate exclude omit rmove remov scrub cut dlt del withdraw disconnect clear"
    " removing deleting unsubscribe delist kick blacklist detach exempt",
    "take": "take get pull keep leave tak bring put have cross wipe rub count move let",
    "removed": "removed deleted taken unsubscribed dropped erased unenrolled blocked purged off excluded cancelled"
    " canceled deactivated unlisted opted withdrawn discontinued disconnected left struck",
    "out": "off out of from",
    "unsub": "unsubscribe unsub unsubscribing unscribe unsubcribe unsuscribe unsubscibe unsubscript"
    " unsubscription unsubs unsubscrib unsubsribe unsbscribe desubscribe unsuscrib unsibscribe unscubscribe"
    " unsubscrive unsubsciribe disubscribe unsubscirbe unsubcrib unsubscrbe unsubsubscribe unsubribe unsubsscribe",
    "optout": "optout optingout",
    "switch": "cancel cancle end terminate disable deactivate mute block kill silence turn shut switch suspend revoke"
    " stop cut disconnect",
    "consent": "consent permission authorization authorisation approval subscription optin",
    "now": "anymore any more further again ever anything nothing else nomore anymor anymre agin furthermore never",
    "thing": "these this those that them it dis dese thees em",
    "qword": "what whats when whens where wheres why whys how hows which who whos whose did does do is are was were has"
    " have should shall if whether am hasnt didnt doesnt isnt arent havent may might",
    "you": "you u ya yall they people guys company these messages texts it this",
    "limit": "until till til before after unless if during while when tonight instead except between yet late early"
    " tomorrow today morning mornings night evening work weekends weekend sunday sundays saturday monday tuesday"
    " wednesday thursday friday am pm past rather only hours lunch noon midnight school meeting asleep sleeping",
    "biz": "order orders appointment appointments booking bookings reservation reservations payment payments delivery"
    " deliveries account accounts card cards meeting meetings bus train flight flights ticket tickets invoice invoices"
    " bill bills billing package packages parcel shipment shipping refund policy loan transfer transaction check cheque"
    " plan membership trial class classes lesson lessons session sessions visit repair technician driver installation"
    " autopay insurance claim hold waitlist standby item items cart service services contract lease renewal car pickup"
    " prescription medication meds pills refill subscription purchase deposit table room seat tour pledge donation"
    " charge charges fee fees fine rent mortgage statement sale job shift interview schedule alarm internet power"
    " electricity water gas warranty quote estimate ride truck product photo picture pic app game deal listing"
    " dishwasher washer machine mailbox paperless forwarding dose treatment therapy guest prime premium renewing"
    " autorenew renewals sub withdrawal withdrawals debit direct wire coverage milk paper newspaper",
    "rest": "bus train tram metro subway tube rest pit truck full non next first last second taxi pickup our final tour"
    " the a each every one whistle cab ferry coach trolley short back traffic",
    "neg": "dont donot dnt dony never not cant cannot wont wouldnt couldnt shouldnt doesnt didnt isnt arent"
    " nor without havent hasnt wasnt nvr nonstop aint doont don doin dint non hardly dotn didn",
    "after_unsub": "please pls plz thanks thank thx now me us these all any both ty immediately asap and or to"
    " everything us number for it at today already again but i im sir right forever permanently ok bye unsubscribe stop text texts"
    " messages sms email emails list alerts notifications promos promotions newsletter by",
    "goes_on": "by at in on over for watch watching sign light off here there near gap loss motion along up the my out doing being"
    " thinking playing smoking crying worrying laughing lying talking working signs work works worked to taking eating drinking"
    " vaping buying using running going crying anytime yet lights road street moving raining payment buzzer caring",
    "laugh": "lol lmao rofl haha hahaha hahahaha lolol hehe lmfao jk kidding hilarious laughing funny joking crying ha",
    "subject": "i we he she they you u it who ill hes shes weve ive theyll itll people nobody everyone that"
    " why customers id hed shed",
    "third": "he she him her them his they dog cat kid kids son daughter wife husband ex boyfriend girlfriend mom dad"
    " mother father brother sister neighbor neighbour boss doctor friend guy someone somebody man him people",
}

_NOT = "(?:[dont donot dnt dony dotn doint don] | [do] [you u ya yall]? [not never] | [does did] [not] | [never nvr nolonger]"
_MACROS: Final = {
    "NOT": _NOT + " | [no] [longer] | [don] [t] | [not] | [dont] [you u ya yall] | [didnt doesnt cant cannot wont wouldnt shouldnt])",
    "DO": "(?:[dont donot dnt dony dotn doint] | [do] [you u ya yall]? [not never] | [never nvr] | [no] [longer] | [don] [t]"
    " | [dont] [you u ya yall] | [not] [to] | [cannot] | [can must may should] [not] | [shouldnt mustnt])",
    "ONLIST": "(?:[from off out of in on] [of off from]? <fill|my|rude>{0,4} <list|msg>)",
    "CLOSE": "(?: <polite>{0,6} ;)",
    "ID": "(?: <fill|rude>{0,2} <ident>{1,3} (?:[and or] <my>? <ident>{1,2}){0,2} )",
    "NUM": "(?: <own|my>? [cell mobile phone telephone contact]? <fixed>)",
}


def _close(pattern: str) -> str:
    return pattern + " $CLOSE"


RULES: Final = (
    # --- stop ... -----------------------------------------------------------------------------------------------
    Rule("stop_sending", "<stop> <fill|rude>{0,5} <sending|verb|send>"),
    Rule("stop_sending", "<stop> [trying attempting continuing wanting] [to]? <verb|send>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,6} <msg>"),
    Rule("stop_category", "<stop> <fill|rude|biz|sending>{0,5} <biz> <many>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,3} <getting> _{0,3} <msg|thing>"),
    Rule("stop_messages", "<stop> <fill|rude>{0,3} [harassment harrassment madness bombardment nonsense garbage]"),
    Rule("stop_service", "<stop> <rude>{0,2} [this these] <rude>{0,2} [service services program subscription campaign]"),
    Rule("stop_this", "; <polite|ask>{0,10} <stop> <rude>? [all]? [of]? <thing> <rude>? <thing|polite|rude>{0,6} ;"),
    Rule("stop", "; <polite|ask|rude>{0,12} [stop] [to]? [all everything]? <polite|rude>{0,6} ;"),
    Rule("stop_number", "<stop> (?: [to for on]? <own> <fixed> | [service services] [to for on] <own> <ident>)"),
    Rule("stop_threat", "[stop] [or before and] [i ill im we be get you u] _{0,4} [report reported reporting block blocking sue lawyer"
         " attorney fcc ftc police legal complaint complain file call]", plain=True),
    Rule("complained_stop", "(?:[wrong incorrect] <fixed|ident> | [wrong] [person] | [not] [interested] | [dont] [know] [you u]"
         " | [spam scam harassment harassing annoying enough unwanted unsolicited] | [sick tired] [of] | [who] [is are] [this you u dis])"
         " _{0,6} [stop remove unsubscribe unsub] <polite|me>{0,6} ;", plain=True),
    Rule("told_to_stop", "[i ive we weve] (?:[have already just also even repeatedly] ){0,2} [said told asked texted replied"
         " typed sent responded wrote requested answered messaged put type text reply txted say ask] <^third|biz>{0,5} [stop] "
         "(?: <polite|thing|rude>{0,5} ; | [to and but multiple several many 2 3 4 5 two three twice again already like a <num> times"
         " yesterday last so yet <you>] )".replace("<num>", "10").replace(" <you>", ""), plain=True),
    Rule("make_it_stop", "[make get] <fill|rude>{0,3} (?:<thing>|<msg>) <fill>{0,2} [stop stopped end]"),
    Rule("messages_stop", "<msg> [to must should needs need has have gotta better please pls plz just]{1,2} [to]? [be]?"
         " [stop stopped cease ceased end discontinue discontinued]"),
    Rule("this_stops", "[want need like] <rude>? [these this those them] [to] [stop end cease] <polite>{0,5} ;"),
    Rule("this_stops", "[can could may will] [these this those the your] <fill>{0,2} <msg>? [please pls]? [stop end cease] <polite>{0,4} ;"),
    Rule("please_stop", "[please pls plz plss kindly] [just]? [stop remove unsubscribe] <polite|rude>{0,6} ;"),
    Rule("this_stops", "(?: [this these those it that they] [needs need has must have should better]{1,2} [to]? [be]? "
         "[stop stopped cease ceased] <polite|rude>{0,4} ;)"),
    Rule("if_you_stopped", "[if] [you yall u] [would could can]? [just]? [stopped quit ceased] <sending>"),
    Rule("if_you_stopped", "[appreciate love prefer like mind] _{0,3} [not] <sending>"),
    Rule("rather_not", "[like want love prefer wish ask] [to] [not] [be]? (?:<contacted> | <get> <^biz>{0,3} <msg|thing>)"),
    Rule("want_stopped", "[want need like] [these this those the it your] <fill>{0,3} <msg>? [stopped discontinued ended gone]"),
    # --- do not ... ---------------------------------------------------------------------------------------------
    Rule("dont_contact", "$DO <adverb|rude>{0,3} <verb> (?:[or and nor] <verb>){0,3} [out]? (?:[to with]? <me> | [to]? <own> <ident> | [here again anymore"
         " any further nomore ever] | <polite>{0,5} ;)"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [hit] <me> [up]"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [text txt message msg sms] (?=<limit>)"),
    Rule("dont_contact", "$DO <adverb|rude>{0,3} [keep continue] <fill>{0,2} <sending>"),
    Rule("dont_send", "$DO <adverb|rude>{0,3} <send> [to]? (?: <fill|rude|me>{0,6} <many> | <fill|me>{0,4} [any more further another"
         " other] <fill>{0,3} <msg> | <me> <msg> | <me>? <thing|now>{1,3} $CLOSE | <me>? [anything] | <me>? <thing>? [anymore again] | <me> $CLOSE)"),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> [you u yall]? <fill|adverb|rude>{0,4} <contacted>"),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> [to in for]? <get> <^biz>{0,4} (?:<msg|thing> | [from] <^biz> | [any anymore more])"),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> <fill|me|rude|adverb|now>{0,6} <many>"),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> [any a your these this more to in another further additional anymore nomore]{1,3} <fill>{0,2} <msg>"),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> [these this those them your any] (?:[anymore any more again shit crap] | $CLOSE)"),
    Rule("dont_want", "$NOT <adverb|rude>{0,2} <want> [it any]? [anymore nomore] $CLOSE"),
    Rule("dont_want", "$NOT <adverb|rude>{0,3} <want> [for]? [you u yall anyone this your ur] [guys people company]? [to]?"
         " <sending|verb|send>"),
    Rule("dont_want", "$NOT <adverb|rude>{0,2} <want> [to]? [be] <fill>{0,2} [on in part] <fill|of>{0,3} <list>".replace("|of", "")),
    Rule("rather_not", "[rather prefer decline refuse] [not to]{0,2} [to]? (?:<get> <^biz>{0,3} <msg|contacted|thing> | [be] <contacted>)"),
    Rule("no_consent", "(?:$NOT | [no]) [have give has gave given got]{0,2} [you u]? <own|my>? [the any]? [consent permission"
         " authorization] [to]? _? (?:<verb|send|msg|sending> | <polite>{0,3} ;)"),
    Rule("revoke", "[revoke revoking revoked withdraw withdrawing withdrawn rescind rescinding retract] <fill|ask>{0,4} <consent>"),
    Rule("revoke", "<consent> [is has was]{0,2} [been hereby now]{0,2} [revoked withdrawn denied rescinded cancelled canceled]", plain=True),
    Rule("no_more", "(?:[no] [more further additional] | [nomore]) <fill|rude>{0,4} <msg>"),
    Rule("no_more", "; <polite>{0,4} [no nomore without zero] [more]? <fill|rude>{0,3} <msg> [from]? [you u yall]? (?:<polite|now>{0,4}) ;"),
    Rule("no_more", "; <polite>{0,4} (?:[no] [more] | [nomore]) [of]? <thing>? <polite|rude>{0,4} ;"),
    Rule("no_more", "(?:[not] | [without]) _{0,3} [any] [more further] <fill>{0,2} <msg>"),
    Rule("no_more", "<verb> <me> [no] [more]"),
    Rule("enough", "[enough] [with of]{0,2} <fill|rude>{0,4} <msg>"),
    # --- remove me ... ------------------------------------------------------------------------------------------
    Rule("remove_me", "<remove> (?:<me> | <fill>{0,2} <my> $ID | <ident>{1,2} | [0000000] | <digits>{2,4}) (?: [and] | [asap now immediately]"
         " | $ONLIST | [off from out] [of]? [this that it here everything all these your yalls ur you everywhere there u]"
         " $CLOSE | <polite>{0,8} ;)"),
    Rule("remove_me", "<take> (?:<me> | <own> $ID | [0000000] | <digits>{2,4}) <fill|rude>{0,2} [off out] (?: $ONLIST | [of off]? <fill|rude>{0,4}"
         " <list|msg> | [of]? [this that it here everything all these your ur there]? $CLOSE | [of]? [here this])"),
    Rule("remove_me", "[take get pull] [off] (?:<own> <fill>{0,2} <ident>{1,2} | <ident> | <fill>{0,3} <list>) $CLOSE"),
    Rule("remove_me", "[remove delete removed] [from off] <fill|rude>{0,4} <list|msg>"),
    Rule("off_list", "<want> [off out] [of]? (?:<fill>{0,3} <list|msg> | [this it here]? $CLOSE)"),
    Rule("removed", "[want wanted asked ask asking request requesting requested confirm like need needed wish please must demand"
         " insist hope verify ensure sure expect confirmation pls plz can could may should] _{0,8} [be get been being is gets] <fill|adverb>{0,2} <removed> "
         "(?: [from off out of] <fill|rude>{0,4} <list|msg|thing> | [off from] [of]? <thing> | [off out]? $CLOSE)"),
    Rule("removed", "; <polite|ask>{0,8} [removal removed] (?: $ONLIST | <polite>{0,6} ;)"),
    Rule("removed", "<own> <ident>{1,2} [should must be needs to]{0,3} [off] [of]? <fill>{0,3} <list>"),
    Rule("removed", "; <polite>{0,3} [off out] [of]? <fill>{0,3} <list> $CLOSE"),
    Rule("removed", "[have get want like need] (?:<me> | <own> <ident>{1,2}) <removed> (?:$ONLIST | $CLOSE)"),
    Rule("unsubscribe", "<unsub>"),
    Rule("unsubscribe", "[un] [subscribe subscribed sub]"),
    Rule("opt_out", "<optout> | [opt] <fill|me>{0,3} [out] | [opting] <me>? [out] | [opted] [out] <polite>{0,3} ;"),
    Rule("lose_number", "(?: [lose loose forget delete burn trash erase throw] | [get] [rid] [of]) <rude>? (?: [my our this the] <fill|rude>{0,2} <fixed> | <own> <ident>)",
         everything=True),
    Rule("leave_alone", "[leave let] <me> [the tf]? <rude>{0,2} [alone be]", everything=True),
    Rule("leave_alone", "[leave] <own> <ident> [alone]", everything=True),
    Rule("cease_and_desist", "[cease] [and n &]? [desist]", everything=True),
    Rule("never_contact", "[no] [circumstances circumstance] _{0,4} <verb> <me>"),
    Rule("never_contact", "[never] [ever]? <verb> <me> [again ever]", everything=True),
    Rule("do_not_call", "[do] [not] [call contact text disturb solicit mail] [list registry lists]", everything=True),
    Rule("do_not_call", "; <polite>{0,4} (?:[do] [not] [call contact] | [dnc] [list]?) $CLOSE", everything=True),
    Rule("do_not_call", "[put add place register] (?:<me> | <own> <ident>{1,2}) _{0,4} [dnc] ", everything=True),
    Rule("switch_off", "[cancel cancle end terminate disable deactivate mute kill silence suspend cut] <fill|rude>{0,5} <many>"),
    Rule("switch_off", "[turn shut switch cut] (?: [off down] <fill|rude>{0,5} <many> | <fill|rude>{0,5} <many> [off down])"),
    Rule("switch_off", "[end terminate cut] [all any further] <fill>{0,2} [communication communications contact correspondence]"),
    Rule("switch_off", "[cancel end stop terminate] <fill>{0,3} [text texts txt sms message messaging email] [subscription subscriptions service program]"),
    Rule("switch_off", "[cancel end terminate disable mute suspend] <fill|rude|biz>{0,5} <biz> <many>"),
    Rule("switch_off", "[turn shut switch] [these this those them] [off down]"),
    Rule("switch_off", "[cancel end terminate] [all everything] <polite>{0,4} ;"),
    # --- opt in -------------------------------------------------------------------------------------------------
    Rule("start", "; <polite|ask>{0,8} [start resume restart unstop resubscribe continue reactivate] <fill>{0,3} <sending|many|send|getting>", "opt_in"),
    Rule("start", "; <polite|ask>{0,8} [unstop resubscribe] <polite|me>{0,4} ;", "opt_in"),
    Rule("start", "[sign opt add put] <me> [back] [up in on]", "opt_in"),
    Rule("start", "; <polite|ask>{0,8} [opt] <me>? [in] <polite>{0,4} ;", "opt_in"),
    Rule("start", "; <polite|ask>{0,8} [subscribe resubscribe] <me>? <polite>{0,4} ;", "opt_in"),
    Rule("start", "[start resume] <verb|sending> <me> [again]", "opt_in"),
    # --- help ---------------------------------------------------------------------------------------------------
    Rule("help", "[need want get require] [some a your any more little bit of the lot real urgent]{0,4} [help assistance]", "help"),
    Rule("help", "[can could would will] [you u someone somebody anyone anybody yall] [please pls plz]? [help assist] ", "help"),
    Rule("help", "; [please pls hi hello hey ok yes]{0,3} [help] (?:<me> | [with on] | [please pls now thanks thank you asap]{0,4} ;)", "help"),
    Rule("help", "[please pls plz kindly] [help assist] ", "help"),
    Rule("help", "[need want send give more get] <me>? [some more additional further]? [info] ", "help"),
)

REVIEWS: Final = (
    Rule("hostile", "<rude> [off you u yourself yall] ", "review"),
    Rule("hostile", "; <polite>{0,3} [piss bugger screw sod bog eff buzz naff jog] [off you u]", "review"),
    Rule("hostile", "[go] <rude>? [away] <polite>{0,4} ; | [get] [lost] | [shut] [the]? <rude>? [up] | [eat] [shit] | [drop] [dead]"
         " | [go] [to] [hell] | [kiss] [my] [ass] | [stfu gtfo foff fu fuckoff kys] | [bite] [me] ;", "review"),
    Rule("legal", "[report reporting reported block blocking blocked sue suing] [you u this ur your yall] <polite|fixed|rude|msg>{0,4} ", "review"),
    Rule("legal", "[fcc ftc tcpa lawsuit] | [my] [lawyer attorney] | [i ill im we] [will ll gonna]? [sue]", "review"),
    Rule("spam", "; <polite>{0,4} (?: [i ill im we] [have]?)? (?:[this these thats its your you youre reported reporting] [is are all just as]{0,2})?"
         " [spam scam harassment spammer spammers harassing unsolicited scammer scammers unwanted junk spamming] <polite|fill|rude|msg|me>{0,3} ;", "review"),
    Rule("wrong_number", "[wrong incorrect] <fixed> (?! [of]) | [wrong] [person recipient guy]", "review"),
    Rule("not_interested", "[not isnt arent] <adverb>{0,2} [interested] <polite|now>{0,6} ; | [not] [interested] [in] <^biz>{0,2} ;"
         " | [no] [interest] | [no nolonger] [longer]? [interested]  | [uninterested disinterested] | [pass] <polite>{0,3} ;", "review"),
    Rule("keep_texting", "[you u yall they guys people ya these] [keep kept still wont never cant] [on stop]? <rude|fill>{0,2} <sending>", "review"),
    Rule("keep_texting", "[keep kept] <getting> <^biz>{0,4} <msg|thing>", "review"),
    Rule("still_getting", "[still] [keep]? <getting> <^biz>{0,4} <msg|thing>", "review"),
    Rule("still_getting", "[why] [am do are is did have] [i you u yall they we]? [keep even still constantly always the rude all]{0,2} <rude>{0,2} "
         "(?:<getting|sending> | [get receive text contact message]) <^biz>{0,4} (?:<msg|thing|me> | ;)", "review"),
    Rule("sick_of", "[sick tired fed done] [up]? [of with] <fill|rude>{0,4} (?:<many|sending|getting> | [texts messages calls this these you])", "review"),
    Rule("wont_stop", "(?:[you u they these it yall people this ya guys] | <many>) [wont never doesnt dont] [ever even]? [stop quit] <fill|rude>{0,4} <sending|many>", "review"),
    Rule("wont_stop", "<many> [wont never doesnt dont] [ever even]? [stop quit]", "review"),
    Rule("asking", "[stop quit] <fill|rude>{0,2} [asking begging pushing selling nagging hounding trying wasting]", "review"),
    Rule("last_stop", "[request warning notice so just reminder] [stop] <polite>{0,4} ;", "review"),
    Rule("enough", "; <polite>{0,3} (?: [knock] [it] [off] | [cut] [it] [out] | [give] [it] [a] [rest] | [not] [for] [me]) <polite>{0,4} ;", "review"),
    Rule("remove_it", "<fixed> _{0,8} [remove delete] [it]", "review"),
    Rule("still_getting", "[why] _{0,5} [keep keeps] <sending>", "review"),
    Rule("cannot_unsubscribe", "[cant cannot couldnt unable tried trying try] [to let me] {0,3} (?: <unsub> | [opt] [out])", "review"),
    Rule("annoyed", "[you this that] [people guys company]? [are is] <rude>{0,2} [annoying harassing]", "review"),
    Rule("when_stop", "[when] [will do does are] _{0,3} [texts messages msgs alerts notifications reminders spam emails calls these] _{0,2} [stop end ending stopping]", "review"),
    Rule("laughing", "; <polite|laugh>{0,4} <laugh> <polite|laugh>{0,4} [stop] <thing>? <polite|laugh>{0,6} ;", "review"),
    Rule("wont_stop", "[if unless] [you u yall this they these] _{0,3} [stop]", "review"),
    Rule("never_signed_up", "(?: [didnt never havent] | [did have] [not never]) [ever even]? (?: [sign signed subscribe subscribed consent consented"
         " agree agreed authorize authorized enroll enrolled] [up in to]? | [opt opted] [in] | [ask asked request requested want wanted] [for]? (?:<thing|msg> | [to] [be] ))", "review"),
    Rule("no_thanks", "; <polite>{0,2} [no nope nah na naw noo nooo] <polite|now>{0,6} ;", "review"),
    Rule("goodbye", "; <polite>{0,3} [goodbye bye byebye farewell adios] <polite>{0,5} ;", "review"),
    Rule("goodbye", "; <polite>{0,3} [good] [bye] <polite>{0,5} ;", "review"),
    Rule("dont", "; <polite>{0,4} [i we]? $NOT [want] $CLOSE", "review"),
    Rule("again", "<verb> <me> [again] [and or]", "review"),
    Rule("dont_use", "$DO <adverb>{0,2} [use] <own> <fixed>", "review"),
    Rule("remove_them", "(?: <remove> | <take>) <^biz>{1,4} [off from out] [of]? [your ur] <fill>{0,3} <list>", "review"),
    Rule("forget_me", "; <polite>{0,3} [forget] <me> $CLOSE", "review"),
    Rule("dont", "; <polite>{0,4} $DO <polite>{0,4} ; ", "review"),
    Rule("enough", "; <polite>{0,4} [thats this is its]{0,2} [enough] <polite|rude>{0,4} ;", "review"),
    Rule("cancel_vague", "; <polite|ask>{0,8} [cancel end quit terminate close] <thing>? [all]? (?:[subscription subscriptions])? <polite>{0,6} ;", "review"),
    Rule("cancel_subscription", "; <polite|ask>{0,8} [cancel end stop quit terminate discontinue] <fill>{0,3} [subscription subscriptions"
         " messaging texting notification alert service program enrollment] <polite>{0,5} ;", "review"),
    Rule("off_vague", "; <polite|ask>{0,6} (?:[out] | [count] <me> [out] | <want> [out] | [im] [out done] | [get] [out] | [off]) <polite>{0,4} ;", "review"),
    Rule("stop_led", "; <polite|rude>{0,4} [stop] [stop]{0,3} (?:<subject> | [this] [is] | [no not wrong stop its youre im dont whoever whatever idk or ] )", "review"),
    Rule("stop_name", "; <polite>{0,3} [stop] <^biz|goes_on> <^biz|goes_on>? ;", "review"),
    Rule("removed_past", "; <polite>{0,3} [unsubscribed] (?: [from] <fill>{0,3} <list|msg> | <polite>{0,3} ;) | (?: [ive] | [i] [have] | ; [i]) [already just]? [unsubscribed]", "review"),
    Rule("removed_past", "[ive i have] [already]? [opted] [out]", "review"),
    Rule("how_to_stop", "[how where can way] _{0,6} (?:[stop end cancel] _{0,4} <many> | <unsub|optout> | [opt] [out] | [remove] [my <me>] )".replace(" <me>", " me"), "review"),
    Rule("should_not_get", "[shouldnt should] [not]? [be]? <getting|get> <^biz>{0,4} <msg|thing>", "review"),
    Rule("annoyed", "; <polite|ask>{0,4} [this these thats its your you youre are is so]{1,4} <rude>? [annoying harassment intrusive] ", "review"),
    Rule("erase_data", "[delete erase remove] <own> <fill>{0,3} [data information info account]{1,2} ", "review"),
)

CONTEXTS: Final = {
    # Before a request, within its sentence: what takes it back.
    "negated": "(?: <neg> | [do does did can will would should could] [not] | [no] [need reason] | [dont not never] [want need wish like plan mean intend] )"
    " (?:[ever even just really please pls you u me us be have been to yet think trying try] ){0,3} $",
    "negated_want": "(?: [dont donot didnt not never doesnt] | [do did] [not]) _? [want need wish like plan mean intend trying going ask"
    " asked try wanna have] [you u it them this me us the her him]{0,2} [texts messages alerts updates]? [to be have]{0,2} $",
    "noun": "(?: <rest> | [my your this that at near by] ) $",
    "third": "(?: [tell told ask asked make get have got need needs want wants wish] [him her them his someone somebody] [to]? | <third>"
    " [to needs must should please wont will would can]{0,3} ) $",
    "myself": "(?: [i we] [need have had must should want will might may tried try cant could ll]{0,2} [to]? | [ill id] [to]? ) $",
    "asked_past": "; [so and but hey hi hello um well ok okay also please omg]{0,3} (?:[why when how] [did have has had was were] | [did have has]) ",
    "question": "; [so and but hey hi hello um well ok okay also please omg]{0,3} <qword> ",
    "can_you": "; <polite>{0,3} (?: [can could would will wont cant why] [you u yall we someone i] | [do] [me] [a] | [is] [it] [possible] | [how] [about] |"
    " [do] [not you never] | [may] [i we] | [are] [you] [able] | [if] [you] [could can would dont] )",
    "subject": "<subject> [would just also really]{0,1} $",
    "limited": "_{0,6}? <limit>",
    "again": "[again anymore ever]",
    "business_next": "[to from of for off on the my a an our this that me any us about with all]{0,4} <biz>{1,2} (?:<^many>|[.?])",
    "got": "[have has had got get received receive getting see there are is were was be been they]{1} $",
    "accident": "<laugh> | [accident accidentally mistake mistakenly nevermind nvm oops ignore autocorrect]",
    "laugh": "<laugh>",
    "unsub_ok": "<after_unsub> | [from of off] <fill|own|rude>{0,4} (?: <list|msg|thing|ident> | ;) | <own> <fill>{0,2} <ident> | ;",
    "business": "<biz>",
    "reply": "[reply text txt send type respond msg replying texting] [with the word back us]{0,2}",
}

# Words that are one letter away from a word above and mean something else.
NEVER_REPAIRED: Final = """
absence accept accepted accord activate activated active addition additional advent adventure adverse advertise advise
after afters alert alerted already alter alters animated annoying another anything apparently appreciate appreciated
appreciation approve aspect assist associated assume attach attached attempt attempted automated automatic awaiting
balling banging baskets batch bearing begging being bender bending bequest betting billing binging biting black blast
bleached blender block blocked blocks blood blooding blowing boaster bothered boxed boxing breached bread bringing
brother brothers bugging bulled cable called caller campaign campaigns camping canceled cancelled cancels cancer
cannel casting catch causing ceased cellar champagne chancel channel channels choosing chopping cleaning clearing
clearly clever client clients clock closing coach coffee collar collect comfort coming commission companion company
compare compared compete competent complain complaint complaints complete completed completely concealed concept
conclude concluded confirm confirmed conform conformed connect connected consent consist constant consume contact
contacts contain container contains content contents contest contests context contract contracts contrast controlled
convent correct correctly council counsel crease creased created credentials culling cumber currently cursing cutting
daily dairy daisy dances database databases dataset dated deactivate deactivated dearly decease deceased deceive
deceived decently decrease delate deleted deliver delivered delivers delivery depend depends deploying describe desert
dessert destroying detach detached detail details determine determined diary digest digging digit digits dinner direct
direction directly director directory disable disabled disconnect disease distribute district disturbs diver dollar
dread driver driving dropped dropping earing early earning eased edition editions elite emission emotional emotions
employing enable enabled ending enjoying enrolled entails entice erased eraser esteem evening event events everything
evoke except excepted exclude excluded exempt expect expert export facing factory failed failing falling farther
faster father fearing feature feeding fender fending fever field filed files filled filling finally fisting fitting
fixed flock flooding flooring flowing folding forever forward forwards foster furniture further future galled gather
gender getting giving glowing grease greased group groups growing grump guest guests gutting halving hanging harass
hardness harness hatch having hearing heaving hinging history hitting holding hoping hostel hotel however hugging
immediate immediately improve inactive include included increase infinite inform informal information informed
inscribe insist insisted inspect interest interested interesting interests interior intermediately internet invite
invited invoice jackets jetting jingle jogging killing kitting knitting knowing lasting lasts latch leaning learning
lease leased leaving lender lending letting lever licence license listing living locally location logging losing
loving lumber mailed mailing makers march marker market marketed markets massage master match mature mauling meaning
mediate meekly member members mending midgets minder mingle minister mission mixed mixing mobil mobile model modify
module modules morning mornings motel mother motion motions mourning moving mugging mulling nailed nailing nation
nature nearing nearly nesting netting never noble nothing nothings noticed notices notified notify notion novice
numbered numbers nursing offer offered offers office officer omission other others palace passage patient pausing
paving paying peach pending perceive permanent permanently permission petting phoned pilled pinging placed placing
planet plastic plateau platform playing please pleased pleases poach police policy polite political politically
politics polling popping portion portions poster praised praying preached premise prescribe prescription presume
program programmer programs promise promised promises promote promoted promotion promotional promotions prompt
proportion prove proved provoke pulled pulling purse putting quests racing railing raining raised rally ranging rather
ratify raving reached reactivated ready reality really rebinder receipt receive received receiver receives recently
recipe recode record recorded records rectify register registered registers registry relate release released remainder
remind reminded reminder reminds remission remodel remote removable removal remover render reprove request requested
rescue resist resisted respect restart resting result resume resumed retail retails retrieve review reviews revive
revoke revolve rewinder ringing ripping river roach rolling rooster roster rumbers sailed sailing sample saving saying
science scrolled search searing seeding seeing seller selling sender sensing sentence service services servicing
setting seven sever shaving shearing shipped shipping shiver shopping showing silence silent silver simple singe
singing single singles sinister sitting slowing smelling snatch snowing something spacing spelling spend spending
spraying spread stable station staying stems stepping stitch stocked stopping stripped submission subscribe subscribed
subscriber subscribers subscription suspect suspend suspended sweet swift switch system systems table tables tailing
tailored tails tanks tasted taxed taxing teach tearing tease teased telephone telephones teller telling tempt tender
tending terminal terminate termination tested testing texted thank thankful thanks think thinks thread threads thrift
throwing tickets tipping together tomorrow topping totally tracing trailing training transcribe tread treated tugging
unable under unrolled unwanted update updated upset usage using vacation vending vendor vetting vexed vitally voice
voiced waited waiting walled wander wanted warned warning warnings wasted watch waving weakly wearing weather weekly
wetting whether whiting widgets winging witch wonder wondering writing yearly zipping
"""

ENGLISH: Final = Grammar(CLASSES, (*RULES, *REVIEWS), macros=_MACROS, contexts=CONTEXTS, exact=NEVER_REPAIRED)
