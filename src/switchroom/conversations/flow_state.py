"""Where conversations stand in flows. Only the appliers write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from switchroom.conversations.classification import Category, Classifier
from switchroom.conversations.events import ConversationsEvicted
from switchroom.conversations.flow_events import (
    Classified,
    ClassifierSaved,
    FlowEntered,
    FlowLeft,
    FlowSaved,
    FlowWaits,
    Tagged,
    VariablesSet,
)
from switchroom.conversations.flow_model import Flow, FlowStep
from switchroom.conversations.state import Conversations
from switchroom.errors import UnknownId
from switchroom.kernel.transaction import Applier, Transaction
from switchroom.routing.fields import Fact


class FlowRun:
    """A conversation in a flow."""

    __slots__ = ("due_us", "effect", "flow", "step", "tries")

    def __init__(self, flow: str, step: str) -> None:
        self.flow = flow
        self.step = step
        self.tries = 0
        self.due_us: int | None = None
        self.effect: str | None = None


class Flows:
    """Flows, the conversations in them, and their variables, which stay for the agent's screen after the flow."""

    def __init__(self, conversations: Conversations) -> None:
        self.conversations = conversations
        self.deadlines = conversations.deadlines
        self.flows: dict[str, Flow] = {}
        self.runs: dict[str, FlowRun] = {}
        self.variables: dict[str, dict[str, Fact]] = {}
        self.tags: dict[str, tuple[str, ...]] = {}
        self.classifiers: dict[str, Classifier] = {}
        self.classified: dict[str, Category] = {}
        """What a conversation is about: the category as it was then."""
        self.by_effect: dict[str, str] = {}
        self.create_work: Callable[[Transaction, str, str, str | None, Mapping[str, Fact]], str] | None = None
        """(worktype, journey, contact, attributes) -> id of the work; brought by whoever wires work items."""

    def appliers(self) -> dict[type, Applier]:
        return {
            FlowSaved: self._saved,
            FlowEntered: self._entered,
            FlowWaits: self._waits,
            FlowLeft: self._left,
            VariablesSet: self._set,
            Tagged: self._tagged,
            ClassifierSaved: self._classifier_saved,
            Classified: self._classified,
        }

    def flow(self, id: str) -> Flow:
        try:
            return self.flows[id]
        except KeyError:
            raise UnknownId("flow", id) from None

    def classifier(self, id: str) -> Classifier:
        try:
            return self.classifiers[id]
        except KeyError:
            raise UnknownId("classifier", id) from None

    def step(self, run: FlowRun) -> FlowStep:
        return self.flows[run.flow].steps[run.step]

    def _saved(self, e: FlowSaved, at: int) -> None:
        self.flows[e.flow] = e.spec
        for run in self.runs.values():
            if run.flow == e.flow and run.step not in e.spec.steps:
                run.step = e.spec.start

    def _entered(self, e: FlowEntered, at: int) -> None:
        run = self.runs.get(e.conversation)
        if run is None:
            run = self.runs[e.conversation] = FlowRun(e.flow, e.step)
        self._rest(e.conversation, run)
        run.flow, run.step, run.tries = e.flow, e.step, 0

    def _waits(self, e: FlowWaits, at: int) -> None:
        run = self.runs[e.conversation]
        self._rest(e.conversation, run)
        run.step, run.tries, run.due_us, run.effect = e.step, e.tries, e.due_us, e.effect
        self.deadlines.set(("flow", e.conversation), e.due_us)
        if e.effect is not None:
            self.by_effect[e.effect] = e.conversation

    def _rest(self, conversation: str, run: FlowRun) -> None:
        """Whatever the last step waited for, it does no more."""
        self.deadlines.cancel(("flow", conversation))
        run.due_us = None
        if run.effect is not None:
            self.by_effect.pop(run.effect, None)
            run.effect = None

    def _left(self, e: FlowLeft, at: int) -> None:
        self._rest(e.conversation, self.runs.pop(e.conversation))

    def _set(self, e: VariablesSet, at: int) -> None:
        self.variables.setdefault(e.conversation, {}).update(e.values)

    def _tagged(self, e: Tagged, at: int) -> None:
        known = self.tags.get(e.conversation, ())
        self.tags[e.conversation] = tuple(dict.fromkeys((*known, *e.tags)))

    def _classifier_saved(self, e: ClassifierSaved, at: int) -> None:
        self.classifiers[e.classifier] = e.spec

    def _classified(self, e: Classified, at: int) -> None:
        category = self.classifiers[e.classifier].category(e.category)
        if category is not None:
            self.classified[e.conversation] = category
            record = self.conversations.conversations[e.conversation]
            record.language = category.language or record.language

    def evicted(self, e: ConversationsEvicted) -> None:
        """Nothing is kept of conversations that have left memory."""
        self.forget(e.conversations)

    def forget(self, conversations: Iterable[str]) -> None:
        """Drop what is known of closed conversations."""
        for id in conversations:
            self.variables.pop(id, None)
            self.tags.pop(id, None)
            self.classified.pop(id, None)

    def dump(self) -> dict[str, Any]:
        return {
            "flows": {id: repr(flow) for id, flow in sorted(self.flows.items())},
            "runs": {
                id: [run.flow, run.step, run.tries, run.due_us, run.effect] for id, run in sorted(self.runs.items())
            },
            "variables": {id: sorted(v.items()) for id, v in sorted(self.variables.items())},
            "tags": sorted(self.tags.items()),
            "classifiers": {id: repr(classifier) for id, classifier in sorted(self.classifiers.items())},
            "classified": sorted((id, category.id) for id, category in self.classified.items()),
        }

    def check(self) -> None:
        """Both sides: who is in a flow is an open conversation that waits for something in a step that exists."""
        for id, run in self.runs.items():
            assert self.conversations.conversations[id].state == "open", f"closed conversation {id} is in a flow"
            assert run.step in self.flows[run.flow].steps, f"conversation {id} at a step that is gone"
            assert self.deadlines.due(("flow", id)) == run.due_us, f"conversation {id}: deadline of its flow"
            assert run.due_us is not None, f"conversation {id} is in a flow that waits for nothing"
        for effect, id in self.by_effect.items():
            assert self.runs[id].effect == effect, f"effect {effect}: conversation {id} does not know"
