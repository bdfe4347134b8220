"""What happens in flows."""

from __future__ import annotations

from collections.abc import Mapping

from switchroom.conversations.classification import Classifier
from switchroom.conversations.flow_model import Flow
from switchroom.kernel.events import event
from switchroom.routing.fields import Fact


@event("conversations.flow_saved", tags=("flow",))
class FlowSaved:
    flow: str
    spec: Flow


@event("conversations.flow_entered", tags=("conversation", "flow"))
class FlowEntered:
    """The conversation is in this flow, at this step."""

    conversation: str
    flow: str
    step: str


@event("conversations.flow_waits", tags=("conversation", "effect"))
class FlowWaits:
    """The step waits for an answer, a time, or something outside, until ``due_us``."""

    conversation: str
    step: str
    due_us: int
    tries: int = 0
    effect: str | None = None


@event("conversations.variables_set", tags=("conversation",), personal=("values",))
class VariablesSet:
    conversation: str
    values: Mapping[str, Fact]


@event("conversations.tagged", tags=("conversation",))
class Tagged:
    conversation: str
    tags: tuple[str, ...]


@event("conversations.classifier_saved", tags=("classifier",))
class ClassifierSaved:
    classifier: str
    spec: Classifier


@event("conversations.classified", tags=("conversation",), personal=("matched",))
class Classified:
    """The text is about this category: by these words, or by an external classifier (none)."""

    conversation: str
    classifier: str
    category: str
    score: float
    matched: tuple[str, ...] = ()


@event("conversations.flow_left", tags=("conversation", "flow"))
class FlowLeft:
    """The flow is over for this conversation: routed, closed, interrupted, or failed with its reason."""

    conversation: str
    flow: str
    how: str
