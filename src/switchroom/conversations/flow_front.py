"""``center.flows``, ``center.canned``, ``center.quality``: each method is one operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from switchroom.conversations import canned, flows, quality
from switchroom.conversations.canned import Library
from switchroom.conversations.classification import Classifier
from switchroom.conversations.flow_model import Flow
from switchroom.conversations.flow_state import Flows
from switchroom.conversations.model import CannedResponse
from switchroom.conversations.quality import Quality, Sample
from switchroom.conversations.quality_model import EvaluationForm
from switchroom.kernel.vertical import Access, VerticalRunner
from switchroom.routing.fields import Fact


class FlowsFront:
    """Inbound flows, and where conversations stand in them."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Flows] = Access(runner, "flows")
        self._run = access.run
        self._look = access.look

    def save(self, *flow: Flow, command_id: str | None = None) -> None:
        """Add or change flows; several at once may jump to each other.

        Conversations in a flow go on at the same step, or at its start if that step is gone.
        """
        self._run(flows.save, flow, command_id=command_id)

    def save_classifier(self, classifier: Classifier, *, command_id: str | None = None) -> None:
        """Add or change a classifier, for the step ``Classify``."""
        self._run(flows.save_classifier, classifier, command_id=command_id)

    def step(self, conversation: str) -> tuple[str, str] | None:
        """(flow, step) at which a conversation waits; None if it is in no flow."""

        def find(f: Flows) -> tuple[str, str] | None:
            run = f.runs.get(conversation)
            return None if run is None else (run.flow, run.step)

        return self._look(find)

    def variables(self, conversation: str) -> dict[str, Fact]:
        """What the flow has learned, also after it is over: part of the agent's screen."""
        return self._look(lambda f: dict(f.variables.get(conversation, {})))

    def tags(self, conversation: str) -> tuple[str, ...]:
        """The tags of a conversation."""
        return self._look(lambda f: f.tags.get(conversation, ()))


class CannedFront:
    """Canned responses: what agents send again and again."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Library] = Access(runner, "canned")
        self._run = access.run
        self._look = access.look

    def save(self, response: CannedResponse, *, command_id: str | None = None) -> None:
        """Add or change a response."""
        self._run(canned.save, response, command_id=command_id)

    def remove(self, response: str, *, command_id: str | None = None) -> None:
        """Take a response out of the library."""
        self._run(canned.remove, response, command_id=command_id)

    def find(
        self, *, queue: str | None = None, language: str | None = None, tags: Iterable[str] = ()
    ) -> tuple[CannedResponse, ...]:
        """The responses for this queue and language that have all these tags, the most particular first. Linear."""
        return self._look(lambda library: canned.find(library, queue, language, tuple(tags)))

    def preview(self, conversation: str, response: str, *, agent: str, values: Mapping[str, Fact] | None = None) -> str:
        """The text as it would be sent. Refuses a value that is missing."""

        def text(library: Library) -> str:
            record = library.flows.conversations.conversation(conversation)
            return canned.render(library, record, response, agent, values or {})

        return self._look(text)

    def reply(
        self,
        conversation: str,
        response: str,
        *,
        agent: str,
        values: Mapping[str, Fact] | None = None,
        command_id: str | None = None,
    ) -> str:
        """Send a response as the answer of the agent who has the conversation; returns the message's id.

        Places are filled by ``values``, then by the flow's variables, the contact's fields and the agent's name; one
        that stays empty is refused before anything is sent.
        """
        return self._run(canned.reply, conversation, response, agent, dict(values or {}), command_id=command_id)


class QualityFront:
    """Evaluation of closed conversations."""

    def __init__(self, runner: VerticalRunner) -> None:
        access: Access[Quality] = Access(runner, "quality")
        self._run = access.run
        self._look = access.look

    def save_form(self, form: EvaluationForm, *, command_id: str | None = None) -> None:
        """Add or change a form, and what share of the conversations is sampled for it."""
        self._run(quality.save_form, form, command_id=command_id)

    def due(self) -> tuple[Sample, ...]:
        """The samples that wait to be judged, oldest first."""
        return self._look(lambda q: tuple(q.due.values()))

    def evaluate(
        self,
        conversation: str,
        form: str,
        points: Mapping[str, int],
        *,
        by: str,
        comment: str = "",
        command_id: str | None = None,
    ) -> float:
        """Judge a sampled conversation: points for each question of the form; returns the score, 0 to 1."""
        return self._run(quality.evaluate, conversation, form, dict(points), by, comment, command_id=command_id)
