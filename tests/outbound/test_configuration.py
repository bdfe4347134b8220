"""What is sent, in a configuration file."""

from __future__ import annotations

from pathlib import Path

import pytest

from switchroom import Address, ContactCenter, ManualClock
from switchroom.config import dump, parse
from switchroom.config.model import Configuration
from switchroom.errors import ConfigError, NotAllowed
from switchroom.storage.sqlite import SqliteStorage

KIM = Address("sms", "+15557654321")
TEXT = """
[queue.help]

[line.main]
address = "sms:+15550001111"
queue = "help"

[template.hi]
text = "Hello ${name}. Reply STOP to end"

[list.members]
address = "phone"
columns = ["name", { name = "age", type = "number" }]
zone = "America/New_York"

[campaign.spring]
lists = ["members"]
senders = ["main"]
template = "hi"
filter = "age >= 21"
windows = [{ opens = 10:00:00, closes = "20:00", days = [0, 1, 2, 3, 4] }]
per_minute = 600
attempts = 2
retry = { failed = "1h" }
purpose = "transactional"

[trigger.booked]
event = "appointment.booked"
notice = { line = "main", template = "hi", purpose = "transactional" }
after = "1h"
"""


def test_a_file_makes_lists_templates_campaigns_and_triggers() -> None:
    """Applied, read back and written again it is the same; campaigns are drafts."""
    configuration = parse(TEXT)
    center = ContactCenter(clock=ManualClock(), seed=1)
    configuration.apply(center)
    assert Configuration.of(center) == configuration
    assert parse(dump(configuration)) == configuration
    assert center.campaigns.progress("spring").state == "draft"
    center.check()


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        ('lists = ["members"]', 'lists = ["membrs"]', "campaign.spring.lists[0]: unknown list 'membrs'"),
        ('senders = ["main"]', 'senders = ["mian"]', "campaign.spring.senders[0]: unknown line 'mian'"),
        ('template = "hi"\nfilter', 'template = "ho"\nfilter', "campaign.spring.template: unknown template 'ho'"),
        ("per_minute = 600", "per_minute = 0", "campaign.spring.per_minute: at least 1"),
        ('text = "Hello ${name}', 'text = "Hello $name', "template.hi.text"),
        ('{ line = "main", template', '{ line = "mian", template', "trigger.booked.notice.line: unknown line"),
        ('type = "number"', 'type = "digits"', "list.members.columns[1].type: one of text, number"),
    ],
)
def test_mistakes_name_their_place(right: str, wrong: str, problem: str) -> None:
    """Table and key, before anything is applied."""
    with pytest.raises(ConfigError) as caught:
        parse(TEXT.replace(right, wrong))
    assert problem in str(caught.value)


def test_a_running_campaign_is_not_changed_by_a_file() -> None:
    """Refused as a whole; an equal one is left alone."""
    center = ContactCenter(clock=ManualClock(), seed=1)
    parse(TEXT).apply(center)
    center.lists.append("members", [{"phone": "+15557650001", "name": "Ann", "age": 30}])
    center.campaigns.start("spring")
    parse(TEXT).apply(center)
    with pytest.raises(NotAllowed):
        parse(TEXT.replace("per_minute = 600", "per_minute = 60")).apply(center)
    center.check()


def test_a_snapshot_keeps_campaigns(tmp_path: Path) -> None:
    """Opened from a snapshot in the middle of a campaign, the state is what the log gives, and the campaign goes on."""
    path, clock, sent = tmp_path / "center.db", ManualClock("2026-01-05T17:00:00Z"), list[str]()

    def opened() -> ContactCenter:
        center = ContactCenter(clock=clock, storage=SqliteStorage(path), seed=1)
        center.effects.register("send", lambda e: (sent.append(e.body["to"]), {"provider_id": e.id})[1])
        return center

    with opened() as first:
        parse(TEXT.replace("per_minute = 600", "per_minute = 3")).apply(first)
        rows = [{"phone": f"+1555765{n:04}", "name": f"P{n}", "age": 30 + n} for n in range(9)]
        first.lists.append("members", rows)
        first.notify("main", KIM, "hello", purpose="transactional", key="k")
        first.campaigns.start("spring")
        first.effects.deliver(4)
        assert first.keep_snapshot()
        expected = first.dump()["outbound"]
    with opened() as again:
        assert again.dump()["outbound"] == expected
        for _ in range(4):
            again.effects.deliver()
            again.advance("1m")
        again.check()
        assert again.campaigns.progress("spring").outcomes == {"sent": 9}
        assert len(sent) == len(set(sent)) == 10
