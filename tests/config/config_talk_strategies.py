"""Random flows, lines and what else conversations go by, with references that hold."""

from __future__ import annotations

from typing import Any

from config_strategies import facts, hours, ids, names, optional, priorities, requirements, shares, spans, texts
from hypothesis import strategies as st

from switchroom.consent.model import DoNotContact
from switchroom.conversations.classification import Category, Classifier
from switchroom.conversations.flow_model import (
    Ask,
    Branch,
    CheckHours,
    Classify,
    CloseConversation,
    Consult,
    Flow,
    FlowStep,
    Jump,
    RouteTo,
    Say,
    SetVariables,
    Tag,
    Wait,
)
from switchroom.conversations.model import CannedResponse, Line
from switchroom.conversations.quality_model import EvaluationForm, Question
from switchroom.messaging.addresses import Address

templates = texts.map(lambda text: text.replace("$", "$$"))
words = st.text("abcdefghij ", min_size=1, max_size=9).filter(str.strip)


def steps_before(end: str, flow: str) -> st.SearchStrategy[FlowStep]:
    """A step whose every way out is ``end``."""
    return st.one_of(
        st.builds(Say, templates, then=st.just(end), failed=optional(st.just(end))),
        st.builds(SetVariables, st.dictionaries(names, facts, max_size=2), then=st.just(end)),
        st.builds(
            Ask,
            templates,
            save=ids,
            then=st.just(end),
            failed=st.just(end),
            timed_out=st.just(end),
            answer=st.just("choice"),
            choices=st.just(["red", "blue"]),
            again=templates,
            retries=st.integers(0, 5),
            timeout=spans,
        ),
        st.builds(Branch, st.lists(st.tuples(requirements, st.just(end)), max_size=2), otherwise=st.just(end)),
        st.builds(CheckHours, hours, open=st.just(end), closed=st.just(end)),
        st.builds(Wait, spans, then=st.just(end)),
        st.builds(Tag, st.lists(ids, max_size=2), then=st.just(end)),
        st.builds(
            Consult,
            ids,
            then=st.just(end),
            failed=st.just(end),
            timeout=spans,
            arguments=st.dictionaries(names, facts, max_size=2),
        ),
        st.builds(Classify, st.just("about"), then=st.just(end), otherwise=st.just(end), of=ids, save=ids),
    )


@st.composite
def flows_of(draw: st.DrawFn, queues: list[str]) -> list[Flow]:
    """Flows that go step by step to a queue, to another flow, or to an end."""
    flow_ids = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    found: list[Flow] = []
    for id in flow_ids:
        last = draw(
            st.one_of(
                st.builds(
                    RouteTo, st.sampled_from(queues), priority=priorities, requirement=requirements, script=texts
                ),
                st.builds(CloseConversation, texts),
                st.builds(Jump, st.sampled_from(flow_ids)),
            )
        )
        count = draw(st.integers(0, 4))
        steps: dict[str, FlowStep] = {f"s{n}": draw(steps_before(f"s{n + 1}", id)) for n in range(count)}
        found.append(Flow(id, start="s0", steps={**steps, f"s{count}": last}))
    return found


@st.composite
def talk_of(draw: st.DrawFn, queues: list[str]) -> dict[str, Any]:
    """What conversations go by, as arguments of a configuration."""
    flows = draw(flows_of(queues))
    category = st.builds(
        Category,
        ids,
        words=st.dictionaries(words, st.floats(-10, 10), max_size=3),
        threshold=st.floats(0, 5),
        requirement=requirements,
        language=optional(st.sampled_from(["de", "en"])),
        priority=priorities,
    )
    categories = st.lists(category, min_size=1, max_size=3, unique_by=lambda one: one.id)
    some_queues = st.lists(st.sampled_from(queues), max_size=2, unique=True)
    questions = st.lists(
        st.builds(Question, ids, text=texts, points=st.integers(1, 10), critical=st.booleans()),
        min_size=1,
        max_size=3,
        unique_by=lambda one: one.id,
    )
    line = st.builds(
        Line,
        ids,
        address=st.integers(1, 9).map(lambda n: Address("sms", f"+1555765000{n}")),
        queue=st.sampled_from(queues),
        flow=st.sampled_from([None, *(flow.id for flow in flows)]),
        close_after=optional(spans),
        script=texts,
    )
    return {
        "flows": flows,
        "classifiers": [draw(st.builds(Classifier, st.just("about"), categories=categories, timeout=spans))],
        "canned": draw(
            st.lists(
                st.builds(CannedResponse, ids, text=templates, queues=some_queues, tags=st.lists(ids, max_size=2)),
                max_size=2,
                unique_by=lambda one: one.id,
            )
        ),
        "forms": draw(
            st.lists(
                st.builds(EvaluationForm, ids, questions=questions, share=shares, queues=some_queues),
                max_size=2,
                unique_by=lambda one: one.id,
            )
        ),
        "dnc": [DoNotContact("internal", addresses=[Address("sms", "+15557650001")], reason=draw(texts))],
        "lines": draw(st.lists(line, max_size=2, unique_by=(lambda one: one.id, lambda one: one.address))),
    }
