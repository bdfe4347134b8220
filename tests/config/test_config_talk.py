"""Flows, lines, canned responses, classifiers, forms and do-not-contact lists in TOML."""

from __future__ import annotations

import pytest
from config_talk_strategies import talk_of
from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom import Address, ManualClock, Queue
from switchroom.config import Configuration, diff, dump, parse
from switchroom.conversations.flow_model import Ask, Branch, CheckHours
from switchroom.errors import ConfigError

TEXT = """
zone = "Europe/Berlin"

[queue.help]
[queue.bills]

[line.main]
address = "sms:+15550001111"
flow = "front"
queue = "help"

[classifier.about]
categories = [
  { id = "bills", words = { "invoice*" = 1, "money back" = 2 }, requirement = "billing", priority = 5 },
]

[flow.front]
start = "hello"

[flow.front.steps]
hello = { say = "Welcome to the shop.", then = "open" }
people = { route = "help", script = "greet" }
bills = { jump = "bills" }

[flow.front.steps.open]
hours = { weekly = { mon = ["09:00-17:00"] } }
open = "which"
closed = "people"

[flow.front.steps.which]
ask = "Parcels or bills?"
save = "topic"
answer = "choice"
choices = ["parcels", "bills"]
then = "branch"
failed = "people"
timed_out = "people"

[flow.front.steps.branch]
branch = [{ when = "topic == \\"bills\\"", to = "bills" }]
otherwise = "people"

[flow.bills]
start = "about"

[flow.bills.steps]
about = { classify = "about", then = "go", otherwise = "back" }
go = { route = "bills" }
back = { jump = "front" }

[canned.thanks]
text = "Thank you, ${name}."
queues = ["help"]
tags = ["polite"]

[form.tone]
share = 0.1
questions = [{ id = "greeting" }, { id = "truth", points = 10, critical = true }]

[dnc.internal]
addresses = ["sms:+15557654321"]
reason = "asked by phone"
"""


def test_a_help_desk_is_built_from_a_file() -> None:
    """What the file says is in force: the flow asks, its answer routes, the list holds."""
    configuration = parse(TEXT)
    center = configuration.build(clock=ManualClock("2026-01-05T09:00:00Z"), seed=1)
    ours, theirs = Address("sms", "+15550001111"), Address("sms", "+15557650001")
    received = center.conversations.receive(to=ours, sender=theirs, content="my money back", provider_id="1")
    assert received.conversation is not None
    assert center.flows.step(received.conversation) == ("front", "which")
    center.conversations.receive(to=ours, sender=theirs, content="bills", provider_id="2")
    item = center.work.get(received.conversation)
    assert (item.queue, item.priority, str(item.requirement)) == ("bills", 5, "billing")
    assert [response.id for response in center.canned.find(queue="help")] == ["thanks"]
    front = configuration.flows[0].steps
    assert isinstance(front["which"], Ask)
    assert isinstance(front["branch"], Branch)
    assert isinstance(front["open"], CheckHours)
    assert front["open"].hours.zone == "Europe/Berlin"
    found = Configuration.of(center)
    assert diff(found, parse(TEXT[: TEXT.index("[dnc.internal]")])) == []
    configuration.apply(center)
    assert diff(configuration, parse(dump(configuration))) == []
    center.check()


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_written_and_read_it_is_equal(data: st.DataObject) -> None:
    """What `dump` writes, `parse` reads back as an equal configuration."""
    queues = [Queue("a"), Queue("b")]
    configuration = Configuration(queues=queues, **data.draw(talk_of(["a", "b"])))
    text = dump(configuration)
    assert parse(text) == configuration
    assert dump(parse(text)) == text


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (
            'flow = "front"',
            'flow = "frond"',
            "toml: line.main.flow: unknown flow 'frond', did you mean 'front'?",
        ),
        (
            '{ jump = "front" }',
            '{ jump = "forth" }',
            "center.toml: flow.bills.steps.back.jump: unknown flow 'forth', did you mean 'front'?",
        ),
        ('then = "open" }', 'then = "opened" }', "center.toml: flow.front.hello.then: no step 'opened'"),
        (
            'classify = "about"',
            'classify = "abut"',
            "center.toml: flow.bills.steps.about.classify: unknown classifier 'abut', did you mean 'about'?",
        ),
        (
            'go = { route = "bills" }',
            'go = { route = "sails" }',
            "center.toml: flow.bills.steps.go.route: unknown queue 'sails', did you mean 'bills'?",
        ),
        (
            'hello = { say = "Welcome to the shop.", then = "open" }',
            'hello = { sy = "Welcome to the shop.", then = "open" }',
            "center.toml: flow.front.steps.hello: a step is a table with one of these keys: say, set, ask",
        ),
        ('save = "topic"', 'svae = "topic"', "flow.front.steps.which.svae: unknown key 'svae', did you mean 'save'?"),
        ('when = "topic', 'if = "topic', "flow.front.steps.branch.branch[0].if: unknown key 'if'"),
        ('"money back" = 2', '"money back" = 20000', "classifier.about.categories[0].words"),
        ('text = "Thank you, ${name}."', 'text = "Thank you, $name."', "canned.thanks.text: $ is written $$"),
        ('tags = ["polite"]\n', 'tags = ["polite"]\n[canned.thanks.x]\n', "canned.thanks.x: unknown key 'x'"),
        (
            'queues = ["help"]',
            'queues = ["helb"]',
            "canned.thanks.queues[0]: unknown queue 'helb'",
        ),
        ("share = 0.1", "share = 7", "form.tone.share: a share between 0 and 1"),
        ('"sms:+15557654321"', '"sms:hello there you"', "dnc.internal.addresses[0]"),
    ],
)
def test_mistakes_are_named_with_their_place(old: str, new: str, error: str) -> None:
    """File, table and key, and what was meant."""
    assert TEXT.count(old) == 1
    with pytest.raises(ConfigError) as caught:
        parse(TEXT.replace(old, new), file="center.toml")
    assert error in str(caught.value)
