"""Replies: a message that answers a campaign knows it, for a set time."""

from __future__ import annotations

import pytest

from outbound.office import NOON, Office, someone
from switchroom.conversations.flow_model import CloseConversation, Flow, Say
from switchroom.errors import NotAllowed, NotYours
from switchroom.outbound.events import Replied
from switchroom.outbound.model import CampaignState


@pytest.fixture
def office() -> Office:
    return Office()


def test_a_reply_is_linked_and_carries_its_values(office: Office) -> None:
    """The conversation knows the campaign, the message and the chosen columns."""
    office.fill(count=3)
    office.run(metadata=["name"])
    conversation = office.say(1, "is it still there?").conversation
    assert conversation is not None
    assert office.center.flows.variables(conversation) == {
        "name": "Person 1",
        "answers": office.transport.sent[1].key,
        "source": "campaign:spring",
    }
    assert office.center.campaigns.progress("spring").replied == 1
    [event] = [r.event for r in office.center.events() if isinstance(r.event, Replied)]
    assert (event.campaign, event.message, event.conversation) == ("spring", office.transport.sent[1].key, conversation)
    [attempt] = office.center.campaigns.attempts(to=someone(1))
    assert attempt.replied is not None
    office.settle()


def test_after_the_time_a_message_answers_nothing(office: Office) -> None:
    """Half-open: at exactly the end it is a message like any other; the interaction is closed without a reply."""
    office.fill(count=2)
    office.run(reply_within="1h")
    office.center.advance("59m59s")
    office.say(0, "hello")
    office.center.advance("1s")
    assert office.center.flows.variables(office.say(1, "hello").conversation or "") == {}
    office.center.advance("1m")
    office.center.check()
    assert office.center.campaigns.progress("spring").replied == 1
    closed = [view.closed for view in office.center.campaigns.contacts("spring")]
    assert closed == [False, True]
    assert len(office.center.journal.kernel.verticals["outbound"].state.links) == 0
    office.settle()


def test_a_reply_goes_to_the_queue_of_the_campaign(office: Office) -> None:
    """In place of the line's."""
    from switchroom import Queue

    office.center.queues.add(Queue("sales"))
    office.fill(count=1)
    office.run(queue="sales")
    conversation = office.say(0, "tell me more").conversation
    item = office.center.conversations.get(conversation or "").item
    assert office.center.work.get(item or "").queue == "sales"
    office.settle()


def test_a_reply_starts_the_flow_of_the_campaign(office: Office) -> None:
    """A flow that is not the line's."""
    flow = Flow("survey", start="thanks", steps={"thanks": Say("Thank you", then="end"), "end": CloseConversation()})
    office.center.flows.save(flow)
    office.fill(count=1)
    office.run(flow="survey")
    office.say(0, "9 of 10")
    office.work()
    assert office.texts()[-1] == "Thank you"
    office.settle()


def test_stop_help_and_start_are_handled(office: Office) -> None:
    """STOP is confirmed once and ends it; HELP is answered; START lets later campaigns in again."""
    office.fill(count=2)
    office.run()
    office.say(0, "HELP")
    office.work()
    office.say(0, "STOP")
    office.say(0, "stop")
    office.work()
    assert len(office.texts()) == 4
    progress = office.center.campaigns.progress("spring")
    assert (progress.opted_out, progress.outcomes) == (1, {"sent": 2})
    assert office.run("two").outcomes == {"opted_out": 1, "sent": 1}
    office.say(0, "START")
    assert office.run("three").outcomes == {"sent": 2}
    office.settle()


def test_silence_may_bring_another_message(office: Office) -> None:
    """Those who answered get none; the others a second one, a day after their time was over."""
    office.fill(count=2)
    office.run(reply_within="2h", attempts=2, retry={"no_reply": "1d"})
    office.say(0, "yes thank you")
    office.wait("3h")
    assert len(office.transport.sent) == 2
    office.wait("23h")
    office.wait("2h")
    assert office.reached()[2:] == [someone(1).value]
    progress = office.wait("3h")
    assert progress.state == "complete"
    office.settle()


def test_an_answer_ends_the_wait_for_another_attempt(office: Office) -> None:
    """Undelivered, they say, but an answer comes: nothing is sent again."""
    office.fill(count=1)
    office.run(attempts=2, retry={"undelivered": "1h"})
    office.center.campaigns.report(office.transport.sent[0].key, "undelivered")
    office.say(0, "got it")
    assert office.wait("2h").outcomes == {"sent": 1}
    assert len(office.transport.sent) == 1
    office.settle()


# -- two-way


def test_contact_states_of_a_two_way_campaign(office: Office) -> None:
    """Needs message, messaged, needs response, conversation, closed."""
    office.fill(count=3)
    office.campaign(replies="agents")
    center = office.center
    center.campaigns.start("spring")
    assert office.work().pending == 3
    first, second = center.campaigns.assign("spring", "ana", count=2)
    assert center.campaigns.counts("spring", "ana") == {"needs_message": 2}
    assert center.campaigns.counts("spring", None) == {"needs_message": 1}
    assert center.campaigns.send_first("spring", "ana", count=5) == (first, second)
    office.work()
    assert office.texts() == ["Hello Person 0", "Hello Person 1"]
    with pytest.raises(NotAllowed, match="silent"):
        center.campaigns.answer("spring", "ana", first, "well?")
    office.say(0, "yes?")
    assert center.campaigns.todo("spring", "ana") == {"needs_message": 0, "needs_response": 1}
    with pytest.raises(NotYours):
        center.campaigns.answer("spring", "bob", first, "mine!")
    center.campaigns.answer("spring", "ana", first, "great")
    assert office.work().replied == 1
    assert office.texts()[-1] == "great"
    assert center.campaigns.counts("spring", "ana") == {"conversation": 1, "messaged": 1}
    office.say(0, "and?")
    assert center.campaigns.contacts("spring")[0].talk == "needs_response"
    center.campaigns.close_contact("spring", "ana", first)
    assert center.campaigns.contacts("spring")[0].talk == "closed"
    assert center.conversations.open() == ()
    office.settle()


def test_contacts_move_between_agents_when_stale(office: Office) -> None:
    """Some, then all; those in which something happened lately stay."""
    office.fill(count=6)
    office.campaign(replies="agents")
    center = office.center
    center.campaigns.start("spring")
    center.campaigns.assign("spring", "ana", count=5)
    center.campaigns.send_first("spring", "ana", count=5)
    office.work()
    assert len(center.campaigns.move("spring", source="ana", target="bob", state="messaged", count=1)) == 1
    office.say(1, "hello")
    assert center.campaigns.move("spring", source="ana", target="bob", state="needs_response", stale_for="1h") == ()
    center.advance("1h")
    assert len(center.campaigns.move("spring", source="ana", target="bob", state="needs_response", stale_for="1h")) == 1
    assert center.campaigns.counts("spring", "bob") == {"messaged": 1, "needs_response": 1}
    office.settle()


def test_after_the_due_date_only_replies_are_left(office: Office) -> None:
    """No first messages are handed out or sent."""
    from datetime import datetime, timedelta

    office.fill(count=4)
    due = datetime.fromisoformat(NOON.replace("Z", "+00:00")) + timedelta(hours=1)
    office.campaign(replies="agents", due=due)
    center = office.center
    center.campaigns.start("spring")
    [first, second] = center.campaigns.assign("spring", "ana", count=2)
    center.campaigns.send_to("spring", "ana", first)
    office.work()
    office.say(0, "hm")
    assert center.campaigns.todo("spring", "ana") == {"needs_message": 1, "needs_response": 1}
    center.advance("1h")
    assert center.campaigns.todo("spring", "ana") == {"needs_message": 0, "needs_response": 1}
    with pytest.raises(NotAllowed, match="due date"):
        center.campaigns.send_to("spring", "ana", second)
    assert center.campaigns.assign("spring", "ana", count=1) == ()
    center.campaigns.answer("spring", "ana", first, "still here")
    assert center.campaigns.progress("spring").state == CampaignState.RUNNING
    office.settle()


def test_a_rule_keeps_a_contact_out_of_a_two_way_campaign(office: Office) -> None:
    """The agent's message is not sent, the contact is closed, and counted with the reason."""
    office.fill(count=1)
    office.campaign(replies="agents")
    office.center.consent.opt_out(someone(0))
    office.center.campaigns.start("spring")
    [place] = office.center.campaigns.assign("spring", "ana")
    assert office.center.campaigns.send_to("spring", "ana", place, text="psst") is None
    assert office.work().outcomes == {"opted_out": 1}
    assert office.transport.sent == ()
    office.settle()
