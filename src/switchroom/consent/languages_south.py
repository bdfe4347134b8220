"""Opt-out, help and start words of Greek, Turkish, Arabic, Hebrew, Hindi and African languages, as data."""

from __future__ import annotations

from typing import Final

from switchroom.consent.languages import Language

GREEK: Final = Language(
    "el",
    stop="στοπ, τελοσ, διακοπη, ακυρωση, διαγραφη, σταματα, σταματηστε, απεγγραφη, τερματισμοσ, σταματηστε παρακαλω",
    help="βοηθεια",
    start="εναρξη, εγγραφη",
    yes="ναι",
    review="οχι, οχι ευχαριστω, λαθοσ αριθμοσ, δεν ενδιαφερομαι",
    polite="παρακαλω ευχαριστω τωρα αμεσωσ γεια σασ",
    classes={
        "neg": "μην μη οχι δεν",
        "more": "πια αλλα αλλο",
        "want": "θελω επιθυμω",
        "recv": "λαμβανω να",
        "send": "στελνετε στειλετε στελνεισ ξαναστειλετε γραφετε καλειτε ενοχλειτε επικοινωνειτε στελνετε",
        "msg": "μηνυματα μηνυμα sms διαφημισεισ ειδοποιησεισ",
        "stop": "σταματηστε σταματα διακοψτε",
        "unsub": "απεγγραφη διαγραψτε διαγραψε",
        "remove": "διαγραψτε αφαιρεστε σβηστε διαγραψε",
        "mine": "αριθμο λιστα με τηλεφωνο",
        "reply": "απαντηστε στειλτε",
        "biz": "παραγγελια ραντεβου κρατηση πληρωμη παραδοση λογαριασμο καρτα πτηση",
        "ask": "πωσ ποτε που γιατι",
    },
    idioms="αφηστε με ησυχο, αφηστε με ησυχη, οχι αλλα μηνυματα, μη με ενοχλειτε, μην με ενοχλειτε",
    doubts="λαθοσ αριθμοσ",
)

TURKISH: Final = Language(
    "tr",
    stop="dur, durdur, iptal, cik, cikis, bitir, iptal et, abonelikten cik, aboneligi iptal et, durdurun, cikar,"
    " istemiyorum, yeter",
    local="ret, red, son",
    help="yardim, imdat",
    start="basla, baslat, evet basla",
    yes="evet",
    review="hayir, hayir tesekkurler, yanlis numara, ilgilenmiyorum",
    polite="lutfen tesekkurler simdi hemen merhaba artik beni bana selam",
    classes={
        "neg": "asla",
        "more": "artik daha baska",
        "want": "istemiyorum istemiyoruz",
        "recv": "almak",
        "send": "gondermeyin gonderme gondermeyiniz atmayin atma yazmayin yazma aramayin arama mesajlamayin",
        "msg": "mesaj* sms* bildirim* reklam*",
        "unsub": "abonelikten",
        "remove": "silin sil cikarin cikar kaldirin",
        "mine": "numarami numaramı listeden listenizden rehberden beni",
        "biz": "siparis* randevu* rezervasyon* odeme* teslimat* fatura* hesap* kart* ucus* kargo*",
        "ask": "nasil ne nerede neden kim",
    },
    idioms="mesaj gondermeyin, mesaj atmayin, mesaj istemiyorum, sms istemiyorum, sms gondermeyin, sms atmayin,"
    " bana mesaj atmayin, rahatsiz etmeyin, mesaj gonderme, mesaj atma, bana yazmayin, mesaj almak"
    " istemiyorum,"
    " sms almak istemiyorum, beni rahat birakin, beni listeden cikarin, numarami silin, artik gondermeyin,"
    " aboneligimi iptal, reklam istemiyorum",
    doubts="yanlis numara, ilgilenmiyorum, numarayi nereden",
)

ARABIC: Final = Language(
    "ar",
    stop="توقف, قف, ايقاف, إيقاف, الغاء, إلغاء, الغاء الاشتراك, إلغاء الاشتراك, اوقف, أوقف, انهاء, إنهاء, توقفوا,"
    " كفى, الغ, ألغ, حذف, اوقفوا, أوقفوا, ستوب, وقف, خروج, كفاية",
    help="مساعدة, مساعده, المساعدة, ساعدني",
    start="ابدأ, ابدا, بدء, اشتراك, اشترك",
    yes="نعم",
    review="لا, لا شكرا, رقم خاطئ, الرقم خطأ, غير مهتم, لست مهتما",
    polite="من فضلك فضلكم رجاء شكرا الان الآن لو سمحت سمحتم ارجو أرجو فورا",
    classes={
        "neg": "لا عدم بدون",
        "more": "مزيد المزيد اخرى",
        "want": "اريد أريد ارغب أرغب نريد",
        "recv": "استلام تلقي استقبال",
        "send": "ترسل ترسلوا ترسلي تراسلني تراسلوني تتصل تتصلوا ارسال إرسال مراسلتي الاتصال ازعاجي تزعجني تزعجوني"
        " الإرسال الارسال الاتصال",
        "msg": "رسائل رسالة الرسائل رسايل اعلانات إعلانات الاشعارات اشعارات رسائلكم",
        "stop": "توقف توقفوا اوقف أوقف اوقفوا أوقفوا كفى ايقاف إيقاف وقف الغاء إلغاء",
        "unsub": "",
        "remove": "احذف احذفوا ازل أزل ازيلوا أزيلوا امسح امسحوا حذف ازالة إزالة",
        "mine": "رقمي القائمة قائمتكم قائمة بياناتي اسمي",
        "biz": "طلب الطلب طلبي موعد الموعد موعدي حجز الحجز الدفع دفع فاتورة حساب بطاقة رحلة شحنة",
        "ask": "كيف متى اين أين لماذا من ماذا هل",
    },
    idioms="الغاء الاشتراك, إلغاء الاشتراك, الغي اشتراكي, لا ترسلوا, لا ترسل لي, لا تراسلني, لا اريد رسائل, لا"
    " أريد رسائل, لا اريد هذه الرسائل, لا أريد هذه الرسائل, احذف رقمي, احذفوا رقمي, اتركوني وشاني, اتركني"
    " وشأني, عدم الازعاج, التوقف عن ارسال, التوقف عن إرسال, توقفوا عن, توقف عن ارسال, عدم ارسال, عدم إرسال",
    doubts="رقم خاطئ, غير مهتم",
)

HEBREW: Final = Language(
    "he",
    stop="הסר, הסרה, עצור, די, בטל, ביטול, תפסיקו, הפסק, להסיר, להסרה, תסירו, הסירו, תורידו אותי, סיים, הסר אותי,"
    " תסירו אותי, הסירו אותי, תפסיק, הפסיקו, מחק",
    help="עזרה, עזרו לי",
    start="התחל, הצטרף, חדש",
    yes="כן",
    review="לא, לא תודה, טעות, טעות במספר, לא מעוניין, לא מעוניינת, מספר שגוי",
    polite="בבקשה תודה עכשיו נא מיד שלום אותי מיידית אנא",
    classes={
        "neg": "לא אל בלי",
        "more": "יותר עוד",
        "want": "רוצה מעוניין מעוניינת מבקש",
        "recv": "לקבל",
        "send": "תשלחו תשלח לשלוח תכתבו תתקשרו להתקשר לכתוב תטרידו תפנו לפנות תציקו",
        "msg": "הודעות הודעה סמס smsים פרסומות פרסומת sms התראות דיוור ספאם מסרונים",
        "stop": "תפסיקו הפסיקו די להפסיק תפסיק עצרו",
        "unsub": "",
        "remove": "הסירו תסירו להסיר מחקו תמחקו הסר למחוק תורידו הורידו",
        "mine": "מספר המספר מרשימת מהרשימה אותי הרשימה הטלפון",
        "biz": "הזמנה ההזמנה תור התור תשלום משלוח חשבון כרטיס טיסה פגישה",
        "ask": "איך מתי איפה למה מי",
    },
    idioms="הסירו אותי, תסירו אותי, הסר אותי, תורידו אותי, אל תשלחו, אל תשלחו לי, לא רוצה לקבל, לא רוצה הודעות,"
    " תעזבו אותי, עזבו אותי, די להודעות, תפסיקו לשלוח",
    doubts="טעות במספר, לא מעוניין, לא מעוניינת",
)

HINDI: Final = Language(
    "hi",
    stop="रोकें, रोको, रोक, बंद, बंद करें, बंद करो, रुकें, रुको, हटाएं, हटाओ, समाप्त, रद्द, रद्द करें, स्टॉप, बंद"
    " कीजिए, band karo, band kare, band karein, roko, ruko, bandh karo, sms band karo, message band karo, msg"
    " band karo, hatao, बस, बस करो, bas karo",
    help="मदद, सहायता, madad, sahayata",
    start="शुरू, शुरू करें, प्रारंभ, shuru, shuru karo, chalu karo, चालू",
    yes="हाँ, हां, haan",
    review="नहीं, नहीं धन्यवाद, nahi, nahin, गलत नंबर, galat number, wrong nambar",
    polite="कृपया धन्यवाद अभी तुरंत जी kripya please dhanyavad abhi turant ji bhai sir",
    classes={
        "neg": "मत नहीं न ना mat nahi nahin na",
        "more": "और अब aur ab",
        "want": "चाहिए चाहता चाहती chahiye chahta chahti",
        "recv": "पाना",
        "send": "भेजो भेजें भेजिए भेजना भेजे bhejo bheje bhejein bhejna karo करो करें करे",
        "msg": "मैसेज मेसेज संदेश एसएमएस sms message messages msg msgs विज्ञापन संदेशों कॉल call",
        "stop": "बंद रोको रोकें band bandh roko",
        "remove": "हटाओ हटाएं हटा hatao hata",
        "mine": "नंबर नम्बर सूची लिस्ट number list",
        "biz": "ऑर्डर order अपॉइंटमेंट appointment भुगतान payment बुकिंग booking card bill",
        "ask": "कैसे कब कहाँ क्यों kaise kab kahan kyun kyu",
    },
    idioms="मैसेज मत भेजो, संदेश मत भेजें, मैसेज बंद करो, मैसेज भेजना बंद करें, मुझे मैसेज मत करो, message mat"
    " bhejo, msg mat bhejo, sms mat bhejo, message mat karo, msg mat karo, message band karo, msg band karo,"
    " sms band karo, call mat karo,"
    " mujhe message mat, nahi chahiye message, परेशान मत करो, pareshan mat karo",
    doubts="गलत नंबर, galat number, nahi chahiye, नहीं चाहिए",
)

SWAHILI: Final = Language(
    "sw",
    stop="acha, simama, sitisha, ondoa, komesha, wacha, toka, futa, jiondoe, acheni, niondoe, simamisha, jitoe, ghairi",
    help="msaada, saidia, nisaidie, usaidizi",
    start="anza, jiunge, endelea",
    yes="ndiyo, ndio",
    review="hapana, hapana asante, nambari isiyo sahihi, sitaki",
    polite="tafadhali asante sasa mara moja tafadhari",
    classes={
        "neg": "",
        "more": "tena",
        "want": "sitaki",
        "recv": "kupokea",
        "send": "kunitumia kutuma msinitumie usinitumie msitume usitume msinipigie usinipigie kunipigia",
        "msg": "ujumbe jumbe sms meseji arafa",
        "stop": "acha acheni sitisha komesha wacha wacheni simamisha",
        "unsub": "niondoe niondoeni nitoe",
        "remove": "ondoa futa ondoeni futeni",
        "mine": "nambari namba orodha yangu",
        "biz": "oda miadi malipo",
        "ask": "vipi lini wapi nani",
    },
    idioms="usinitumie ujumbe, msinitumie ujumbe, sitaki ujumbe, sitaki sms, sitaki kupokea ujumbe, usinitumie"
    " tena, msinitumie tena, msinisumbue, usinisumbue, niondoe kwenye orodha, acha kunitumia",
    doubts="namba isiyo sahihi",
)

HAUSA: Final = Language(
    "ha",
    stop="dakata, daina, dakatar, tsaya, ku daina, ka daina, cire ni, fita, a daina, ku dakata",
    help="taimako, taimaka",
    start="fara, ci gaba",
    yes="",
    review="aa, a a, ba na so, bana so",
    polite="don allah na gode yanzu nagode",
    classes={
        "stop": "daina dakatar dakata",
        "send": "turo tura aiko turawa kira damun",
        "msg": "sako sakonni sakon sms",
        "remove": "cire goge",
        "mine": "lamba lambata suna jerin",
    },
    idioms="ku daina turo, ka daina turo, kada ku turo, kar ku turo, kada ku sake, ku cire ni, bana son sako, ba"
    " na son sako",
)

YORUBA_AND_IGBO: Final = (
    Language("yo", stop="duro, dawo duro, da duro", help="iranlowo, iranwo"),
    Language("ig", stop="kwusi, kwusị, hapu m", help="enyemaka, nyere aka"),
)

SOUTHERN: Final = (GREEK, TURKISH, ARABIC, HEBREW, HINDI, SWAHILI, HAUSA, *YORUBA_AND_IGBO)
