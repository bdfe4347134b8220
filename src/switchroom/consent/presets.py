"""Keyword sets of vendors and regulators, and the sets of words by language: data with a date and a source.

Rules of the field change; these tables say what they were on ``AS_OF``. They are not legal advice.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from attrs import frozen

from switchroom.consent.languages import Language
from switchroom.consent.languages_asia import ASIAN
from switchroom.consent.languages_far import with_far
from switchroom.consent.languages_more import MORE
from switchroom.consent.languages_north import NORTHERN
from switchroom.consent.languages_romance import ROMANCE
from switchroom.consent.languages_slavic import SLAVIC
from switchroom.consent.languages_south import SOUTHERN

AS_OF: Final = date(2026, 11, 1)
"""The day on which the tables of this module were last compared with their sources."""


@frozen
class Preset:
    """The keywords that a vendor or a regulator names."""

    name: str
    source: str
    opt_out: tuple[str, ...]
    opt_in: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    as_of: date = AS_OF


def _preset(name: str, source: str, opt_out: str, opt_in: str = "", help: str = "") -> Preset:
    return Preset(name, source, tuple(opt_out.split(", ")), _split(opt_in), _split(help))


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()


PRESETS: Final = {
    preset.name: preset
    for preset in (
        _preset(
            "default",
            "the words that the large vendors share",
            "STOP, UNSUBSCRIBE, END, QUIT, CANCEL, STOPALL, OPTOUT, REVOKE",
            "START, YES, UNSTOP",
            "HELP, INFO",
        ),
        _preset(
            "twilio",
            "Twilio, default opt-out keywords of long codes and messaging services",
            "STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT, REVOKE, OPTOUT",
            "START, YES, UNSTOP",
            "HELP, INFO",
        ),
        _preset(
            "aws",
            "AWS End User Messaging, required opt-out keywords",
            "ARRET, CANCEL, END, OPT-OUT, OPTOUT, QUIT, REMOVE, STOP, TD, UNSUBSCRIBE",
            "",
            "HELP",
        ),
        _preset(
            "telnyx",
            "Telnyx, SMS opt-out keywords and stop words",
            "STOP, STOPALL, STOP ALL, UNSUBSCRIBE, CANCEL, END, QUIT",
            "START, UNSTOP",
            "HELP",
        ),
        _preset(
            "genesys",
            "Genesys Cloud, SMS opt-out handling",
            "STOP, STOPALL, UNSUBSCRIBE, CANCEL, END, QUIT",
            "START, YES, UNSTOP",
            "HELP, INFO",
        ),
        _preset("ctia", "CTIA, Messaging Principles and Best Practices", "STOP, END, UNSUBSCRIBE, CANCEL, QUIT"),
        _preset(
            "fcc",
            "United States, 47 CFR 64.1200(a)(10)",
            "STOP, QUIT, END, REVOKE, OPT OUT, CANCEL, UNSUBSCRIBE",
        ),
        _preset("canada", "Canada, French equivalents on common short codes", "STOP, ARRET", "", "HELP, AIDE, INFO"),
    )
}
"""Keyword sets by name."""

ENGLISH_WORDS: Final = Language(
    "en",
    stop="stop, stop all, stopall, stop it all, unsubscribe, unsub, unsubscribe me, unsubscribe all, end, quit,"
        " cancel, revoke, optout, opt out,"
    " opt me out, remove, remove me, cease, desist, discontinue, halt, cease and desist, no more, do not contact,"
    " do not text, do not call,"
    " dnc, stop now, stop sms, stop texts, stpo, sotp, tsop, sopt, stp, stpp, stopo, stob, stoo, stoip, stiop,"
    " sttop, soptp, stop2, stahp, stahhp, ctop, cton, stap,"
    " op out, otp out, opt our, unscribe, unsubcribe, unsuscribe, unsubscribed please, cancle, canel, dtop, syop,"
    " stpop, stoppp, cancel all, end all, quit all, block me,"
    " stop to end, stop to quit, stop to cancel, opt out please, off list, remove from list",
    help="help, info, help me, help please, more info, more information please, helpp, hlep",
    start="start, unstop, opt in, optin, subscribe, resubscribe, restart, resume, opt me in, opt me back in, un"
        " stop, re subscribe",
    yes="yes",
    review="s, st, sto, stip, t, n, no, nope, nah, no thanks, no thank you, nothanks, bye, goodbye, good bye, bye"
        " bye, delete, block, blocked, spam, scam, off, out, enough,"
    " mute, exit, abort, pause, suspend, terminate, deactivate, disable, unenroll, disenroll, withdraw, leave,"
        " unjoin, detach, silence, rmv, leave list, leave group, do not send, dont send,"
    " wrong number, wrong person, not interested, go away,"
    " reported, unsubscribed, x stop,"
    " dnd, reply stop, txt stop, text stop, send stop, sending stop, replying stop, texting stop, my answer is"
    " stop, i reply stop, answer stop, do not disturb, not me, no way, no longer interested, im out, im done, count me"
    " out, stop to unsubscribe, stop to opt out, to stop, never,"
    " dont, do not, please dont, please do not, huy, ret, tc, annoying, harassment, no longer, nothing, wrong,"
    " wrong num, uninterested, fuck you, fuck off, f off, f u, fu, screw you, shut up, piss off, get lost",
)  # fmt: skip

LANGUAGES: Final = with_far((ENGLISH_WORDS, *ROMANCE, *NORTHERN, *SLAVIC, *SOUTHERN, *ASIAN, *MORE))
"""Word sets by language code (ISO 639-1); English first, because a word that two languages use is the first one's."""

STRICTLY_POLITE: Final = frozenset(
    [
        "please",
        "pls",
        "plz",
        "plse",
        "thanks",
        "thank",
        "you",
        "ty",
        "thx",
        "now",
        "asap",
        "immediately",
        "kindly",
        "sir",
        "madam",
        "mam",
        "team",
        "hi",
        "hello",
        "hey",
        "all",
        "ok",
        "okay",
        "right",
        "away",
        "omg",
        "just",
        "urgent",
        "ta",
        "cheers",
        "yo",
        "merci",
        "svp",
        "stp",
        "grazie",
        "gracias",
        "favor",
        "por",
        "bitte",
        "danke",
        "obrigado",
        "obrigada",
        "tack",
        "takk",
        "tak",
        "dank",
        "bedankt",
        "aub",
        "prosze",
        "dziekuje",
        "kiitos",
        "prosim",
        "dekuji",
        "lutfen",
        "пожалуиста",
        "спасибо",
        "дякую",
        "per",
        "favore",
        "terima",
        "kasih",
        "salamat",
        "asante",
        "tafadhali",
        "po",
    ]
)
"""Words that change nothing around a keyword that could also be a business answer (CANCEL, END, YES)."""

AMBIGUOUS: Final = frozenset(
    {"end", "quit", "cancel", "revoke", "cancle", "canel", "cancel all", "end all", "quit all"}
)
"""Opt-out words that are also answers to business questions: alone they opt out, in a text they need company."""

DOUBTFUL_SIGNS: Final = frozenset(
    "\U0001f6d1\u270b\U0001f6ab\u26d4\U0001f590\U0001f91a\U0001f515\U0001f4f5\U0001f595\U0001f44e\u274c\U0001f645"
)
"""Emoji that say stop or no when nothing else is said."""

CATEGORY_WORDS: Final = frozenset(
    [
        "reminder",
        "reminders",
        "alert",
        "alerts",
        "promo",
        "promos",
        "promotion",
        "promotions",
        "promotional",
        "marketing",
        "newsletter",
        "newsletters",
        "survey",
        "surveys",
        "offers",
        "deals",
        "coupons",
        "ads",
        "advertisements",
        "adverts",
        "updates",
        "notifications",
        "updates",
    ]
)
"""Words that name one kind of message: whoever names it asks for that kind to end."""

EVERYTHING_WORDS: Final = frozenset(["all", "everything", "any", "every", "stopall", "never", "ever", "anything"])
"""Words that ask for all of it to end."""
