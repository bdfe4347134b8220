"""The words for "stop" and "unsubscribe" in further languages, as data: keywords only, no sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from attrs import evolve

from switchroom.consent.languages import Language, listed

# code: stop words | help words | polite words
_ROWS: Final = """
sq: ndalo, ndal, ndaloni, anulo, cregjistro, cregjistrohu, largohu | ndihme | faleminderit ju lutem
eu: gelditu, utzi, ezeztatu, baja eman | laguntza | mesedez eskerrik asko
gl: para, parar, deter, cancelar, dar de baixa, darme de baixa, deixen de enviar | axuda | grazas por favor
ga: stad, stop, diliostail, scoir | cabhair | le do thoil go raibh maith agat
mt: waqqaf, ieqaf, ikkancella | ghajnuna | jekk joghgbok grazzi
lb: stoppen, opmellen, ofmellen, opharen | hellef | wann ech gelift merci
sl: ustavi, ustavite, nehaj, nehajte, odjava, odjavi me, odjavite me, preklici, koncaj, izbrisi | pomoc | prosim hvala
hr: zaustavi, zaustavite, prestani, prestanite, odjavi me, otkazi, odjava, ukloni me | pomoc | molim hvala
bs: zaustavi, prestani, prestanite, odjavi me, otkazi, odjava | pomoc | molim hvala
sr: престани, престаните, прекини, прекините, заустави, зауставите, одјави ме, откажи | помоћ | молим хвала
mk: престани, престанете, прекини, прекинете, сопри, запри, откажи, одјави ме, одјава | помош | ве молам благодарам
bg: спиране, престанете, прекратете, отпиши ме, отпишете ме, отписване, отказвам се | помощ | моля благодаря
be: спыніце, спыніць, адпісацца, адпісаць, хопіць | дапамога | калі ласка дзякуй
uk: припинити, припиніть, зупиніть, зупинити, відписка, відпишіть | допомога | будь ласка
ka: შეჩერება, შეაჩერე, შეწყვიტე, გააუქმე, გაუქმება, სტოპ | დახმარება | გთხოვთ მადლობა
hy: դադար, դադարեցնել, դադարեցրեք, կանգ, կանգնեք, ստոպ, չեղարկել | օգնություն | խնդրում եմ
az: dayandir, dayandirin, dayan, legv et, imtina, abunelikden cix | komek | zehmet olmasa tesekkur
kk: тоқта, тоқтату, тоқтатыңыз, токта, токтату, бас тарту, стоп | комек | отинемин рахмет
ky: токтот, токтотуу, токто, баш тартуу | жардам | суранам рахмат
uz: toxtat, toxta, toxtating, to xtat, to xta, bekor qilish, obunani bekor qilish, тохтат, тўхтат | yordam | rahmat
tg: ист, бас, бас кунед, катъ, лагв | ёри | лутфан рахмат
tk: dur, duruz, togtat, bes et | komek | hayys sag bol
mn: зогс, зогсоо, зогсооно уу, болих, болиулах, цуцлах | тусламж | баярлалаа
ps: ودروه, بند کړه, لغوه, بس کړه | مرسته | مهرباني
ku: raweste, bisekine, rawestine, betal bike, bes e, بوەستە, بیوەستێنە, رابگرە | alikari | ji kerema xwe spas
ne: रोक्नुहोस्, रोक्नुहोस, रोक्नु, रोक, बन्द, बन्द गर्नुहोस, बन्द गर, रद्द | सहयोग | कृपया धन्यवाद
mr: थांबवा, थांबा, बंद करा, रद्द करा | मदत | कृपया धन्यवाद
gu: બંધ કરો, બંધ, રોકો, અટકાવો, થોભો, રદ કરો | મદદ | કૃપા કરીને આભાર
kn: ನಿಲ್ಲಿಸಿ, ನಿಲ್ಲಿಸು, ಬಂದ್, ರದ್ದು | ಸಹಾಯ | ದಯವಿಟ್ಟು ಧನ್ಯವಾದ
ml: നിർത്തുക, നിർത്തൂ, നിറുത്തുക, മതി, റദ്ദാക്കുക | സഹായം | ദയവായി നന്ദി
te: ఆపండి, నిలిపివేయి, నిలిపివేయండి, రద్దు, రద్దు చేయి | సహాయం | దయచేసి
or: ବନ୍ଦ, ବନ୍ଦ କରନ୍ତୁ, ରୁହନ୍ତୁ, ବାତିଲ | ସାହାଯ୍ୟ | ଦୟାକରି
as: বন্ধ কৰক, ৰখাওক, বন্ধ, বাতিল | সহায় | অনুগ্ৰহ কৰি
si: නවත්වන්න, නවතන්න, නතර කරන්න, අවලංගු | උදව් | කරුණාකර
pa: ਰੁਕੋ, ਬੰਦ ਕਰ ਦਿਓ, ਰੱਦ ਕਰੋ | ਮਦਦ | ਕਿਰਪਾ
my: ရပ်, ရပ်ပါ, ရပ်တန့်, ရပ်တန့်ပါ, ပိတ်, ပိတ်ပါ, ဖျက်ပါ | ကူညီပါ | ကျေးဇူးပြု
km: ឈប់, បញ្ឈប់, ឈប់ផ្ញើ, បោះបង់, លុបចោល | ជំនួយ | សូម
lo: ຢຸດ, ຢຸດສົ່ງ, ຍົກເລີກ, ເຊົາ | ຊ່ວຍ | ກະລຸນາ
bo: བཀག, མཚམས་འཇོག | རོགས་རམ |
jv: mandheg, mandeg, mungkasi, rampung | tulung | matur nuwun
su: eureun, eureunkeun, cekap | tulung | hatur nuhun
ceb: hunong, hunonga, undang, ihunong, paundang | tabang | palihug salamat
ilo: agsardeng, isardeng, sardeng | tulong | agyaman
mi: kati, whakamutua, me mutu | awhina | koa
sm: taofi, tuu | fesoasoani | faamolemole
to: taofi, tuku | tokoni | fakamolemole
haw: hoopau, uoki, oki | kokua | mahalo
mg: ajanony, atsaharo, mijanona, ajanoy, foano | fanampiana | azafady misaotra
am: ማቆም, ማቋረጥ, አቋርጥ, አቋርጡ, ሰርዝ, ይብቃ | እርዳታ | እባክዎ
ti: ደው, ጠጠው, ኣቋርጽ, ኣቁም, ሰርዝ | ሓገዝ | በጃኹም
om: dhaabi, dhaabaa, haquu, addaan kuti | gargaarsa | maaloo galatoomi
so: joogi, jooji, ka noqo, ka bax | caawimo | fadlan
sw: simamisha, komesha, acha, sitisha, jiondoe, niondoe, usitume, ondoa, futa, katisha, koma | msaada | tafadhali asante
rw: hagarika, reka, guhagarika, rekera aho, kuvamo | ubufasha | murakoze
rn: hagarika, reka, guhagarika | ubufasha | murakoze
lg: lekera awo, yimiriza, komya, lekeraawo, ggyamu | obuyambi | webale
ny: siyani, leka, imani, letsani, tulukani | thandizo | chonde zikomo
sn: mira, misai, regai, rega, buda | rubatsiro | ndapota ndatenda
nd: yima, yekela, misa | uncedo | ngiyabonga
xh: yeka, yekani, misa, nqumamisa, rhoxisa | uncedo | nceda enkosi
zu: misa, yimisa, yeka, yekani, khansela, phumisa | usizo | ngicela
st: emisa, khaotsa, tlohela, ema | thuso | kea leboha
tn: emisa, khutlisa, tlogela, ema | thuso | kea leboga
ts: yimisa, tshika, yima | mpfuno | inkomu
ve: imisani, litshani, ima | thuso | ndo livhuwa
ss: misa, yima, yekela | lusito | siyabonga
ha: dakata, tsaya, daina, dakatar, tsayar, cire ni, ku daina | taimako | don allah na gode
yo: duro, dekun, da duro, fagile, e duro, jawo, yo mi kuro | iranlowo | jowo e jowo e seun
ig: kwusi, kwusị, kwusi izi ozi, kwusi izitere m ozi, kagbuo, wepu m | enyemaka | biko daalu
ff: daro, accu, dartin | ballal | jaaraama
wo: taxaw, taxawal, bayyi, dakkal | ndimbal | jerejef
bm: jo, dabila, a dabila | deme | i ni ce
ln: tika, telema, kanga, longola | lisungi | palado
ak: gyae, gyina, twa mu, yi me fi | mmoa | mepa wo kyew medaase
tw: gyae, gyina, twa mu | mmoa | medaase
ee: dzudzo, to te, tsi tre | kpekpedenu | medekuku akpe
ht: sispann, kanpe, dezabone m, dezabonnen m, retire m, anile | ed | tanpri mesi
gn: epyta, ejejoko, emboguete | pytyvo | aguyje
qu: sayay, sayachiy, tukuy, amana | yanapay | ama hina
ay: sayt'am, sayama, tukuyam | yanapa | mira suma
yi: הער אויף, אפשטעלן, שטעל אפ | הילף | ביטע
la: desine, siste, cessa | auxilium | gratias
eo: halt, halti, haltu, cesu, malaboni | helpo | mi petas dankon
fo: steðga, steðgaðu, melda fra, avmelda | hjalp | takk
is: hætta, haettu, afskra mig, afskra, stopp, ogilda | hjalp | takk
fy: stopje, ofmelde, ophalde | help | tank
gd: stad, sguir, cuir stad air | cuideachadh | tapadh leat
kl: unippoq, unitsillugu, unikkit | ikiorneqarneq | qujanaq
sk: zastavit, zastavte, stop, stopnite, zruste, vymazat, vymazte ma | pomoc | prosim dakujem
cs: nechci dalsi zpravy, nechci zpravy, zastavit, zastavte, stopnout, zruste, vyskrtnete me | pomoc | prosim dekuji
lt: sustabdyk, sustabdykite, atsaukti, stabdyk, nutraukti, nutraukite, isregistruoti | pagalba | prasau
lv: apturi, apturiet, atcelt, beidziet, atrakstities | palidziba | ludzu
et: lopetage, peatage, katkesta, loobu | abi | palun
ro: dezabonare, dezaboneaza ma, opreste, opriti, stergeti ma, renunta, renunt | ajutor | va rog multumesc
hu: leallitas, leallit, allitsa le, allitsak le, leallitani, leiratkoztat, fejezze be, fejezzek be | segitseg | kerem
pl: wypisz, zrezygnuj, anuluj subskrypcje, wypisz mnie, zatrzymaj, koniec subskrypcji | pomoc | prosze
ru: отмена подписки, отменить подписку, отписка, прекратить, прекратите, остановить, остановите | помощь | пожалуиста
tr: abonelikten cik, aboneligi iptal et, durdurun, listeden cik, uyelikten cik, iptal | yardim | lutfen tesekkurler
fi: peruuta tilaus, tilauksen peruutus, peruuttaa, lopettaa, lopeta tilaus, poistu, irtisano | apua | kiitos
sv: avregistrera, avregistrera mig, avprenumerera, avsluta prenumeration, avbryt, lagg av | hjalp | tack
da: framelding, frameld, frameld mig, afmelding, opsig, afslut, afbryd | hjaelp | tak
no: avmelding, avmeld, avmeld meg, meld meg av, si opp, avbryt | hjelp | takk
nl: uitschrijving, schrijf me uit, schrijf mij uit, stopzetten, opzeggen, beeindig | help | dank alstublieft
de: abonnement beenden, abo beenden, abo kundigen, newsletter abbestellen, deaktivieren, hor auf damit, hort auf damit
fr: resilier, desabonnement, se desabonner, annuler abonnement, annuler l abonnement, mettre fin, cessez, ca suffit
es: cancelar suscripcion, cancelar la suscripcion, anular suscripcion, anular, finalizar, terminar, desuscribirme
pt: cancelar inscricao, cancelar a inscricao, cancelar assinatura de sms, desinscrever, parem com isso, encerrar envio
it: annulla iscrizione, annulla l iscrizione, annullare iscrizione, cancella iscrizione, cancellazione, disdire, disdici
id: berhenti berlangganan, batalkan langganan, stop langganan, hentikan, batal langganan | bantuan | tolong terima kasih
ms: berhenti, hentikan, batal langganan, henti | bantuan | tolong
vi: huy dang ky, ngung, ngung gui, tu choi | tro giup | cam on
ar: الغاء الاشتراك, اوقف, توقفوا, قف, كفى, ايقاف الرسائل, انهاء | مساعدة | من فضلك شكرا
he: הפסק, תפסיקו, להפסיק, הסר אותי, הסירו אותי, ביטול, בטלו, די | עזרה | בבקשה תודה
fa: توقف, قطع, متوقف کنید, حذف, انصراف | کمک | لطفا
zh: 退出, 注销, 終止, 终止, 停止订阅, 取消接收, 不再接收 | 帮助 | 谢谢
ja: 購読解除, 配信をやめて, 受信停止, 退会希望, 解約希望 | ヘルプ | お願いします
ko: 구독 취소, 구독취소, 수신 거부, 정지, 해지, 탈퇴 | 도움말 | 감사합니다
th: ยกเลิกการสมัคร, ยกเลิกรับข้อความ, หยุดส่ง, พอ | ช่วยเหลือ | ขอบคุณ
"""


LONG: Final = 7
"""Letters from which on a word of these languages counts although nobody has said which language it is: shorter ones
are ordinary words elsewhere (``mira``, ``jo``, ``stad``)."""

_SHARED_SCRIPTS: Final = ("LATIN", "CYRILLIC", "ARABIC", "HEBREW")


def _counts_anywhere(words: str) -> bool:
    shared = unicodedata.name(words[0], "").startswith(_SHARED_SCRIPTS)
    return " " in words or len(words) >= LONG or not shared


def _language(row: str) -> Language:
    code, _, rest = row.partition(": ")
    stop, help, polite = (*(part.strip() for part in rest.split("|")), "", "")[:3]
    words = listed(stop)
    return Language(
        code,
        stop=", ".join(word for word in words if _counts_anywhere(word)),
        local=", ".join(word for word in words if not _counts_anywhere(word)),
        help=help,
        polite=polite,
    )


def with_far(known: Iterable[Language]) -> dict[str, Language]:
    """Languages by code, each with the words of the rows above added; those that are only there come last."""
    found = {language.code: language for language in known}
    for row in _ROWS.strip().splitlines():
        more = _language(row)
        old = found.get(more.code)
        found[more.code] = more if old is None else _joined(old, more)
    return found


def _joined(old: Language, more: Language) -> Language:
    return evolve(
        old,
        stop=", ".join(filter(None, (old.stop, more.stop))),
        local=", ".join(filter(None, (old.local, more.local))),
        help=", ".join(filter(None, (old.help, more.help))),
        polite=f"{old.polite} {more.polite}".strip(),
    )
