"""The compiled English grammar."""

from __future__ import annotations

from typing import Final

from switchroom.consent.english_doubts import CONTEXTS, REVIEWS
from switchroom.consent.english_rules import MACROS, RULES
from switchroom.consent.english_words import CLASSES, NEVER_REPAIRED
from switchroom.consent.phrases import Grammar

ENGLISH: Final = Grammar(CLASSES, (*RULES, *REVIEWS), macros=MACROS, contexts=CONTEXTS, exact=NEVER_REPAIRED)
"""Finds requests in English words."""
