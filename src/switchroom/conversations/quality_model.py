"""How conversations are judged: forms with questions, and which conversations are sampled for them."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from switchroom.errors import InvalidInput
from switchroom.routing.fields import placed, to_count, to_id, to_ids, to_share, to_text

MAX_QUESTIONS = 100


@attrs.frozen(kw_only=True, field_transformer=placed("question"))
class Question:
    """A question of a form: 0 to ``points``. ``critical``: no points here, and the whole evaluation scores nothing."""

    id: str = attrs.field(kw_only=False, converter=to_id)
    text: str = attrs.field(default="", converter=to_text)
    points: int = attrs.field(default=5, converter=to_count)
    critical: bool = False


def _to_questions(value: Iterable[Question]) -> tuple[Question, ...]:
    found = tuple(value)
    if not 0 < len(found) <= MAX_QUESTIONS:
        raise InvalidInput("questions", "count", len(found), hint=f"1 to {MAX_QUESTIONS} questions")
    if len({question.id for question in found}) < len(found):
        raise InvalidInput("questions", "twice", hint="each question has an id of its own")
    return found


@attrs.frozen(kw_only=True, field_transformer=placed("evaluation_form"))
class EvaluationForm:
    """What a conversation is judged by, and which ones are.

    ``share`` of the conversations that an agent had, drawn by chance when they are closed, are sampled; ``queues``
    narrows that to those that were in one of them (none: all).
    """

    id: str = attrs.field(kw_only=False, converter=to_id)
    questions: tuple[Question, ...] = attrs.field(converter=_to_questions)
    share: float = attrs.field(default=0.0, converter=to_share)
    queues: tuple[str, ...] = attrs.field(default=(), converter=to_ids)

    def score(self, points: dict[str, int]) -> float:
        """The share of the points that could be had. Refuses a question without points, and points out of range.

        >>> form = EvaluationForm("tone", questions=[Question("greeting"), Question("truth", critical=True)])
        >>> form.score({"greeting": 5, "truth": 4}), form.score({"greeting": 5, "truth": 0})
        (0.9, 0.0)
        """
        for question in self.questions:
            given = points.get(question.id)
            if not isinstance(given, int) or isinstance(given, bool) or not 0 <= given <= question.points:
                hint = f"{question.id}: a whole number from 0 to {question.points}"
                raise InvalidInput("evaluation.points", "range", given, hint=hint)
        unknown = sorted(set(points) - {question.id for question in self.questions})
        if unknown:
            raise InvalidInput("evaluation.points", "unknown", unknown[0], hint="no such question in this form")
        if any(question.critical and not points[question.id] for question in self.questions):
            return 0.0
        return sum(points.values()) / sum(question.points for question in self.questions)
