"""Quality: closed conversations are sampled, and judged with a form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from switchroom.conversations.events import ConversationClosed, ConversationEvaluated, ConversationSampled, FormSaved
from switchroom.conversations.quality_model import EvaluationForm
from switchroom.conversations.state import Conversations
from switchroom.errors import InvalidInput, UnknownId
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.routing.fields import to_text

MAX_DUE = 10_000
"""Samples that wait to be judged; the oldest leave the list (never the log) when there are more."""


@attrs.frozen(kw_only=True)
class Sample:
    """A conversation that is to be judged: with which form, and whose work it was."""

    conversation: str
    form: str
    agent: str
    queue: str | None


class Quality:
    """Forms, and the samples that wait. Only the appliers write."""

    def __init__(self, conversations: Conversations) -> None:
        self.conversations = conversations
        self.forms: dict[str, EvaluationForm] = {}
        self.due: dict[tuple[str, str], Sample] = {}

    def appliers(self) -> dict[type, Applier]:
        return {FormSaved: self._saved, ConversationSampled: self._sampled, ConversationEvaluated: self._evaluated}

    def form(self, id: str) -> EvaluationForm:
        try:
            return self.forms[id]
        except KeyError:
            raise UnknownId("evaluation form", id) from None

    def _saved(self, e: FormSaved, at: int) -> None:
        self.forms[e.form] = e.spec

    def _sampled(self, e: ConversationSampled, at: int) -> None:
        self.due[e.conversation, e.form] = Sample(
            conversation=e.conversation, form=e.form, agent=e.agent, queue=e.queue
        )
        if len(self.due) > MAX_DUE:
            del self.due[next(iter(self.due))]

    def _evaluated(self, e: ConversationEvaluated, at: int) -> None:
        self.due.pop((e.conversation, e.form), None)

    def dump(self) -> dict[str, Any]:
        return {
            "forms": {id: repr(form) for id, form in sorted(self.forms.items())},
            "due": [repr(sample) for sample in self.due.values()],
        }

    def check(self) -> None:
        for (conversation, form), sample in self.due.items():
            assert (sample.conversation, sample.form) == (conversation, form), f"sample of {conversation} elsewhere"
            assert form in self.forms, f"conversation {conversation} waits for a form that is gone"


def save_form(tx: Transaction, q: Quality, spec: EvaluationForm) -> None:
    """Add or change a form. Refuses unknown queues."""
    for queue in spec.queues:
        q.conversations.routing.queue(queue)
    tx.emit(FormSaved(spec.id, spec))


def closed(q: Quality, tx: Transaction, e: ConversationClosed) -> None:
    """Reaction: chance decides, for each form that fits, whether the conversation is sampled."""
    if e.agent is None:
        return
    for form in q.forms.values():
        fits = not form.queues or e.queue in form.queues
        if fits and form.share and tx.random.random() < form.share:
            tx.emit(ConversationSampled(e.conversation, form.id, e.agent, e.queue))


def evaluate(
    tx: Transaction, q: Quality, conversation: str, form: str, points: Mapping[str, int], by: str, comment: str
) -> float:
    """Judge a sampled conversation; returns the score, 0 to 1. Refuses one that does not wait for this form."""
    sample = q.due.get((conversation, form))
    if sample is None:
        q.form(form)
        raise UnknownId("sampled conversation", conversation)
    score = q.form(form).score(dict(points))
    if not by:
        raise InvalidInput("evaluation.by", "missing", hint="who has judged it")
    tx.emit(ConversationEvaluated(conversation, form, sample.agent, dict(points), score, by, to_text(comment)))
    return score
