"""Our own footer ("Reply STOP to unsubscribe") inside a text that a person sent back or forwarded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from switchroom.consent.normalize import END, PAUSE
from switchroom.consent.phrases import Grammar, Rule

_CLASSES: Final = {
    "reply": "reply text txt send type respond msg message answer click replying",
    "word": "stop end cancel quit unsubscribe stopall help info start yes optout arret aide unstop remove",
    "to": "to 2 4 for",
    "act": "unsubscribe optout opt out end cancel quit unsub help info stop leave exit discontinue from receiving"
    " future messages"
    " texts alerts marketing no longer receive these further get this list promotional emails msgs sms subscribe"
    " resubscribe more"
    " join confirm assistance removed be",
    "first": "unsubscribe optout opt end cancel quit unsub help info exit leave stop discontinue",
}
_RULES: Final = (
    Rule("footer", "<reply> [with us back the word keyword]{0,3} <word> <to> <act>{1,8}"),
    Rule("footer", "<to> <act>{1,8} <reply> [with us back the word keyword]{0,3} <word>"),
    Rule("footer", "<word> <to> <first>"),
    Rule("footer", "<word> <to> <first> <act>{0,6}"),
    Rule("footer", "[msg message txt] [and] [data] [rates] [may] [apply]"),
    Rule("footer", "[reply text txt] [help info]"),
)
_FOOTERS: Final = Grammar(_CLASSES, _RULES)
_TELLING: Final = frozenset([*_CLASSES["word"].split(), "rates"])
"""No footer is without one of these words."""


def without_footers(found: Sequence[str]) -> list[str]:
    """The words (marks included) without any of our footers; the same words if there is none."""
    if _TELLING.isdisjoint(found):
        return list(found)
    kept = [word for word in found if word != PAUSE]
    classes = "".join([word if word in ".?" else _FOOTERS.exact_letter(word) for word in kept])
    dropped: set[int] = set()
    for match in _FOOTERS.matches(classes):
        dropped.update(range(match.start, match.end))
    if not dropped:
        return list(found)
    return [END if index in dropped else word for index, word in enumerate(kept)]
