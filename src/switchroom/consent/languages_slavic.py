"""Opt-out, help and start words of Slavic languages, as data."""

from __future__ import annotations

from typing import Final

from switchroom.consent.languages import Language

RUSSIAN: Final = Language(
    "ru",
    stop="стоп, отписаться, отпишите, отпишите меня, отписка, отмена, отменить, прекратить, прекратите, хватит,"
    " удалить, отказ, отказаться, отключить, конец, перестаньте,"
    " отстаньте, стоп смс, закончить, отключите, довольно, остановить, остановите, stop",
    help="помощь, помогите, справка, инфо, информация помощь",
    start="старт, начать, подписаться, возобновить, подписка, включить",
    yes="да",
    review="нет, нет спасибо, до свидания, ошиблись номером, не интересно, не интересует, вы ошиблись номером,"
    " неверный номер",
    polite="пожалуйста плиз спасибо сейчас немедленно здравствуйте прошу привет добрый день уже все всё я хочу вас"
    " меня срочно",
    classes={
        "neg": "не никогда больше",
        "more": "больше более",
        "want": "хочу желаю хотим нужны надо нужно",
        "recv": "получать получения видеть",
        "send": "пишите пиши писать присылайте присылай присылать отправляйте отправлять отправляй шлите слать"
        " звоните звонить беспокоить беспокойте контактировать спамить спамьте шли отсылать отсылайте"
        " рассылать",
        "msg": "сообщени* смс рассылк* реклам* уведомлени* спам* письма письма звонк* смск* напоминани*",
        "stop": "прекратите прекрати прекратить перестаньте перестань хватит остановите остановить отключите"
        " отключить отмените отменить стоп уберите",
        "unsub": "отписаться отпишите отписывайте отпиши отписка отписывайтесь",
        "remove": "удалите удали удалить уберите убрать исключите исключить вычеркните забудьте сотрите",
        "me": "мне меня нам нас",
        "mine": "номер список списка меня базы телефон данные контакты рассылки контактов",
        "reply": "ответьте отправьте напишите ответь отправь",
        "biz": "заказ* запись записи доставк* оплат* платеж* счет карт* билет* посылк* брон* автобус* встреч* подписк*",
        "ask": "как когда где почему кто какой зачем сколько",
    },
    idioms="оставьте меня в покое, отстаньте от меня, не беспокоить, не беспокойте, больше не пишите, не пишите"
    " мне, больше не надо, отзываю согласие, без рекламы, удалите мой номер",
    doubts="ошиблись номером, не интересует, не интересно, отменить подписку, отмените подписку, идите на, пошли"
    " вон, отвали, отвалите, достали",
)

UKRAINIAN: Final = Language(
    "uk",
    stop="стоп, відписатися, відпишіть, відпишіть мене, відписка, скасувати, припинити, припиніть, досить,"
    " видалити, відмова, зупинити, зупиніть, годі",
    help="допомога, допоможіть, довідка, інфо",
    start="старт, почати, підписатися, відновити",
    yes="так",
    review="ні, ні дякую, помилились номером, не цікавить, не цікаво, до побачення",
    polite="будь ласка дякую зараз негайно прошу вітаю добрий день вже мене я хочу",
    classes={
        "neg": "не ніколи більше",
        "more": "більше",
        "want": "хочу бажаю потрібні треба",
        "recv": "отримувати одержувати",
        "send": "пишіть писати надсилайте надсилати присилайте присилати шліть слати дзвоніть турбуйте турбувати"
        " телефонуйте",
        "msg": "повідомлен* смс розсилк* реклам* спам* сповіщен* дзвінк*",
        "stop": "припиніть припинити досить зупиніть зупинити перестаньте годі скасуйте скасувати",
        "unsub": "відписатися відпишіть відписка відпиши",
        "remove": "видаліть видалити приберіть прибрати виключіть забудьте",
        "me": "мені мене",
        "mine": "номер список списку мене бази дані розсилки контакти",
        "reply": "надішліть відповідайте",
        "biz": "замовлен* запис* доставк* оплат* рахун* карт* квит* посилк*",
        "ask": "як коли де чому хто",
    },
    idioms="дайте мені спокій, не турбувати, не турбуйте, більше не пишіть, не пишіть мені",
    doubts="помилились номером, не цікавить",
)

POLISH: Final = Language(
    "pl",
    stop="stop, zatrzymaj, koniec, anuluj, wypisz, wypisz mnie, rezygnuje, usun, wylacz, wylaczyc, zakoncz,"
    " przestan, przestancie, rezygnacja, wypisac, prosze wypisac, prosze przestac, dosc, usun mnie,"
    " wyrejestruj",
    help="pomoc, pomocy, potrzebuje pomocy",
    start="rozpocznij, wznow, zapisz, zapisz mnie",
    yes="tak",
    review="nie, nie dziekuje, zly numer, pomylka, nie jestem zainteresowany, nie jestem zainteresowana, do widzenia",
    polite="prosze dziekuje teraz natychmiast dzien dobry juz dzieki witam o mnie chce",
    classes={
        "neg": "nie zadnych nigdy bez",
        "more": "wiecej juz kolejnych",
        "want": "chce zycze potrzebuje wyrazam",
        "recv": "otrzymywac dostawac",
        "send": "wysylajcie wysylac wysylaj piszcie pisac pisz dzwoncie dzwonic kontaktowac przysylajcie przysylac"
        " przysylaj nekac przesylac kontaktujcie meczyc",
        "msg": "wiadomosci wiadomosc sms sms-ow smsow smsy esemesow reklam reklamy powiadomien powiadomienia maili"
        " maile spam spamu",
        "stop": "przestancie przestan przestac zaprzestan zaprzestac dosc zatrzymaj wstrzymajcie",
        "unsub": "wypisz wypiszcie wypisac wyrejestruj wypisanie",
        "remove": "usun usuncie usunac skasuj skasujcie wykreslcie zapomnij zapomnijcie wykasujcie",
        "me": "mi mnie do",
        "mine": "numer numeru listy lista mnie bazy dane telefonu telefon",
        "reply": "odpowiedz wyslij odpisz",
        "biz": "zamowieni* wizyt* rezerwacj* platnosc* dostaw* paczk* faktur* kont* kart* bilet* umow* spotkani*"
        " fakture",
        "ask": "jak kiedy gdzie dlaczego kto czemu",
    },
    idioms="dajcie mi spokoj, daj mi spokoj, zostawcie mnie w spokoju, nie kontaktowac sie, nie zycze sobie,"
    " wycofuje zgode, cofam zgode, nie chce sms, usuncie mnie, wypiszcie mnie, usun moj numer",
    doubts="zly numer, pomylka, nie jestem zainteresowany, odwalcie sie, spadaj, spadajcie",
)

CZECH: Final = Language(
    "cs",
    stop="stop, odhlasit, odhlaste, odhlaste me, zrusit, zrus, konec, ukoncit, prestante, prestan, vymazat,"
    " smazat, odhlaseni, nechci",
    local="dost",
    help="pomoc, napoveda",
    start="zacit, prihlasit, obnovit",
    yes="ano",
    review="ne, ne dekuji, spatne cislo, nemam zajem, omyl",
    polite="prosim dekuji ihned hned ted dobry den me uz prosím",
    classes={
        "neg": "ne zadne uz",
        "more": "dalsi vice uz",
        "want": "nechci nepreji chci",
        "recv": "dostavat prijimat",
        "send": "neposilejte nepiste nevolejte neposilej nepis nekontaktujte posilat psat neotravujte neobtezujte",
        "msg": "zprav* sms reklam* upozorneni spam* mail* smsky",
        "stop": "prestante prestan prestat ukoncete zastavte",
        "unsub": "odhlasit odhlaste odhlas",
        "remove": "smazte smazat vymazte vymazat odstrante vyrad* smaz",
        "me": "mi me",
        "mine": "cislo seznamu seznam databaze udaje",
        "reply": "odpovezte poslete",
        "biz": "objednavk* schuzk* rezervac* platb* doruceni faktur* ucet kart* balik*",
        "ask": "jak kdy kde proc kdo",
    },
    idioms="neposilejte mi, nepiste mi, nechci dostavat, nechci zadne zpravy, nechci uz, nekontaktujte me,"
    " neposilejte uz, dejte mi pokoj, nechte me, nevolejte mi, neprejte si, uz mi neposilejte, neotravujte",
    doubts="nemam zajem, spatne cislo",
)

SLAVIC: Final = (RUSSIAN, UKRAINIAN, POLISH, CZECH)
