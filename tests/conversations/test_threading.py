"""Threading, reopening, replies, delivery and closing of conversations."""

from __future__ import annotations

from datetime import timedelta

import pytest

from switchroom import Queue
from switchroom.conversations.model import Contact, Line
from switchroom.errors import DuplicateId, InvalidInput, NotAllowed, NotYours, SendRefused, UnknownId
from switchroom.messaging.addresses import Address

from .help_desk import OURS, HelpDesk, customer


def test_two_messages_at_once_are_one_conversation() -> None:
    """One conversation per line and customer; another customer has another one."""
    desk = HelpDesk()
    first, second = desk.say("hello"), desk.say("anybody there")
    assert first.conversation == second.conversation
    assert desk.say("hello", customer(2)).conversation != first.conversation
    assert len(desk.center.queues.waiting("help")) == 2


def test_a_repeated_delivery_changes_nothing() -> None:
    """The same provider id again is told as a duplicate, with the message it was, and the log stays as it is."""
    desk = HelpDesk()
    first = desk.say("hello", provider_id="x")
    end = desk.center.storage.end()
    again = desk.say("hello", provider_id="x")
    assert (again.duplicate, again.message) == (True, first.message)
    assert desk.center.storage.end() == end


def test_the_window_is_half_open() -> None:
    """A message within the window continues the conversation; one at exactly its end starts a new one."""
    for wait, same in (("71h59m59s", True), ("72h", False)):
        desk = HelpDesk()
        first = desk.say("hello").conversation
        desk.center.advance(wait)
        assert (desk.say("hello again").conversation == first) is same


def test_inactivity_counts_from_the_latest_activity() -> None:
    """An agent's message moves the window, an automatic text does not."""
    desk = HelpDesk()
    conversation = desk.start()
    desk.center.advance("40h")
    desk.center.conversations.reply(conversation, "still looking", agent="ana")
    desk.center.advance("40h")
    assert desk.say("and now?").conversation == conversation
    quiet = HelpDesk(window="10h", close_after="20h", warning="still there?", warn_before="15h")
    first = quiet.say("hello").conversation
    quiet.center.advance("10h")
    assert quiet.texts() == ["still there?"]
    assert quiet.say("hello").conversation != first


def test_a_closed_conversation_reopens_to_its_last_agent() -> None:
    """The last agent alone is offered it for the set wait, also when somebody else has been idle for longer."""
    desk = HelpDesk(last_agent_wait="2m")
    desk.center.agents.sign_in("bob")
    desk.center.agents.set_presence("bob", "break")
    conversation = desk.start()
    desk.center.conversations.close(conversation, agent="ana")
    desk.center.agents.sign_in("bob")
    desk.center.advance("1h")
    desk.center.agents.set_presence("ana", "break")
    desk.center.agents.sign_in("ana")
    assert desk.say("one more thing").conversation == conversation
    assert [o.agent for o in desk.center.offers.of_item(desk.center.conversations.get(conversation).item or "")] == [
        "ana"
    ]
    assert desk.center.conversations.get(conversation).stay == 2


def test_an_absent_last_agent_is_not_waited_for() -> None:
    """Signed off, the last agent is skipped, and anybody gets it at once."""
    desk = HelpDesk()
    conversation = desk.start()
    desk.center.conversations.close(conversation, agent="ana")
    desk.center.agents.sign_out("ana")
    desk.center.agents.sign_in("bob")
    desk.say("hello again")
    assert [o.agent for o in desk.center.offers.of_agent("bob")] == ["bob"]


def test_a_message_of_a_held_conversation_makes_no_new_offer() -> None:
    """The agent who has the conversation has it; nothing is offered to anybody."""
    desk = HelpDesk()
    conversation = desk.start()
    desk.center.agents.sign_in("bob")
    desk.say("another detail")
    assert desk.center.offers.of_agent("bob") == ()
    assert desk.center.conversations.get(conversation).agent == "ana"


def test_a_waiting_conversation_gives_its_room_back_until_it_wakes() -> None:
    """With a waiting share of nothing the agent is free while the customer thinks, and full again after the answer."""
    desk = HelpDesk(waiting_share=0.0)
    conversation = desk.start()
    desk.center.conversations.reply(conversation, "which number?", agent="ana")
    assert desk.center.agents.get("ana").used == 0
    desk.say("number 7")
    assert desk.center.agents.get("ana").used == 100


def test_only_the_agent_who_has_it_replies() -> None:
    """Another agent, a closed conversation and an unknown one are refused, and nothing is sent."""
    desk = HelpDesk()
    conversation = desk.start()
    with pytest.raises(NotYours):
        desk.center.conversations.reply(conversation, "hi", agent="bob")
    desk.center.conversations.close(conversation, agent="ana")
    with pytest.raises(NotAllowed):
        desk.center.conversations.reply(conversation, "hi", agent="ana")
    with pytest.raises(UnknownId):
        desk.center.conversations.reply("nothing", "hi", agent="ana")
    assert desk.texts() == []


def test_reports_rise_and_never_fall() -> None:
    """Late, doubled and out-of-order reports change nothing; an unknown message is told."""
    desk = HelpDesk()
    conversation = desk.start()
    message = desk.center.conversations.reply(conversation, "hi", agent="ana")
    assert desk.center.conversations.message_status(message) == "queued"
    desk.texts()
    assert desk.center.conversations.report(message, "delivered")
    assert not desk.center.conversations.report(message, "sent")
    assert not desk.center.conversations.report(message, "delivered")
    assert desk.center.conversations.report(message, "read")
    assert desk.center.conversations.message_status(message) == "read"
    with pytest.raises(UnknownId):
        desk.center.conversations.message_status("nothing")


def test_inactivity_warns_first_and_then_closes() -> None:
    """The warning leaves at its time, the close follows, and an answer in between starts the clock anew."""
    desk = HelpDesk(close_after="60m", warning="still there?", warn_before="10m")
    conversation = desk.start()
    desk.center.advance("49m59s")
    assert desk.texts() == []
    desk.center.advance("1s")
    assert desk.texts() == ["still there?"]
    desk.say("yes, wait")
    desk.center.advance("50m")
    desk.center.advance("9m59s")
    assert desk.center.conversations.get(conversation).state == "open"
    desk.center.advance("1s")
    assert desk.center.conversations.get(conversation).state == "closed"
    assert desk.center.agents.get("ana").assignments == ()


def test_a_conversation_held_open_is_not_closed() -> None:
    """Until the hold is withdrawn."""
    desk = HelpDesk(close_after="60m")
    conversation = desk.start()
    desk.center.conversations.hold_open(conversation, agent="ana")
    desk.center.advance("5h")
    assert desk.center.conversations.get(conversation).state == "open"
    desk.center.conversations.hold_open(conversation, on=False, agent="ana")
    desk.center.advance("1s")
    assert desk.center.conversations.get(conversation).state == "closed"


def test_closed_conversations_leave_memory_after_their_window() -> None:
    """The log keeps them."""
    desk = HelpDesk()
    conversation = desk.start()
    desk.center.conversations.close(conversation, agent="ana")
    desk.center.advance("72h")
    with pytest.raises(UnknownId):
        desk.center.conversations.get(conversation)
    assert any(
        r.type == "conversations.message_received" for r in desk.center.events(tag=f"conversation:{conversation}")
    )
    assert desk.center.journal.states["conversations"].messages == {}
    assert desk.replayed() == desk.live()


def test_greeting_and_away_are_sent_once_and_not_to_machines() -> None:
    """A new conversation is greeted; an automatic reply is not."""
    desk = HelpDesk(greeting="welcome")
    desk.say("hello")
    desk.say("hello?")
    desk.say("I am out of office", customer(2), automatic=True)
    assert desk.texts() == ["welcome"]


def test_a_full_queue_loses_no_conversation() -> None:
    """The conversation is held where everybody sees it."""
    import attrs

    desk = HelpDesk()
    desk.center.queues.change(attrs.evolve(desk.center.queues.settings("help"), limit=1))
    desk.say("first")
    second = desk.say("second", customer(2)).conversation
    assert second is not None
    assert desk.center.work.unrouted() == (desk.center.conversations.get(second).item,)


def test_customers_who_hide_their_number_are_kept_apart() -> None:
    """Nobody can tell them apart by their address, so each message stands alone."""
    desk = HelpDesk()
    hidden = Address("sms", "anonymous")
    assert desk.say("hello", hidden).conversation != desk.say("hello", hidden).conversation


def test_contacts_are_recognised_by_any_of_their_addresses() -> None:
    """A message from a known address belongs to the contact; an address belongs to one contact only."""
    desk = HelpDesk()
    desk.center.conversations.save_contact(Contact("c-1", addresses=[customer(), customer(2)], language="es"))
    seen = desk.center.conversations.get(desk.say("hola", customer(2)).conversation or "")
    assert (seen.contact, seen.language) == ("c-1", "es")
    with pytest.raises(DuplicateId):
        desk.center.conversations.save_contact(Contact("c-2", addresses=[customer()]))


def test_bad_lines_are_refused() -> None:
    """Without queue and flow, with an unknown queue, with another line's address, with a warning out of range."""
    desk = HelpDesk()
    with pytest.raises(InvalidInput):
        Line("x", address=OURS)
    with pytest.raises(InvalidInput):
        Line("x", address=OURS, queue="help", close_after="1m", warning="?", warn_before="2m")
    with pytest.raises(UnknownId):
        desk.center.conversations.save_line(Line("x", address=customer(9), queue="nothing"))
    with pytest.raises(DuplicateId):
        desk.center.conversations.save_line(Line("x", address=OURS, queue="help"))
    with pytest.raises(UnknownId):
        desk.center.conversations.receive(to=customer(8), sender=customer(), content="x", provider_id="y")


# -- STOP


def test_stop_is_confirmed_once_and_nothing_leaves_after_it() -> None:
    """A send that is on its way when STOP comes is canceled; replies are refused; a second STOP is silent."""
    desk = HelpDesk()
    conversation = desk.start()
    message = desk.center.conversations.reply(conversation, "hold on", agent="ana")
    assert desk.say("STOP").decision == "opt_out"
    assert len(desk.texts()) == 1
    assert desk.sent[0]["purpose"] == "confirmation"
    assert desk.center.conversations.message_status(message) == "canceled"
    with pytest.raises(SendRefused):
        desk.center.conversations.reply(conversation, "please", agent="ana")
    desk.say("stop!!")
    assert len(desk.texts()) == 1


def test_stop_without_a_conversation_starts_none() -> None:
    """The opt-out is recorded and confirmed, and no agent is bothered."""
    desk = HelpDesk()
    desk.center.agents.sign_in("ana")
    assert desk.say("STOP").conversation is None
    assert desk.center.offers.of_agent("ana") == ()
    assert desk.center.consent.opted_out(customer()) == ("pool:sms:+15550001111",)


def test_start_lifts_only_what_was_set_and_does_no_harm_before() -> None:
    """START after STOP lifts it; without one nothing happens; it creates no consent."""
    desk = HelpDesk()
    desk.say("START")
    assert desk.texts() == []
    desk.say("STOP")
    desk.say("START")
    assert desk.center.consent.opted_out(customer()) == ()
    assert not desk.center.consent.consented(customer(), "marketing")
    assert len(desk.texts()) == 2
    desk.center.consent.opt_out(customer(), scope="everything", source="agent")
    desk.center.consent.opt_out(customer(), scope="campaign:spring", source="agent")
    desk.say("UNSTOP")
    assert desk.center.consent.opted_out(customer()) == ("campaign:spring",)


def test_a_provider_that_confirmed_already_is_not_doubled() -> None:
    """Its flag is believed, and nothing is sent."""
    desk = HelpDesk()
    desk.say("arret svp", provider_flag="opt_out")
    assert desk.center.consent.opted_out(customer())
    assert desk.texts() == []


def test_an_unclear_text_holds_marketing_and_reaches_people() -> None:
    """Review: a conversation as any other, and no marketing until a person has looked."""
    desk = HelpDesk()
    desk.center.consent.give(customer(), "marketing", how="form")
    received = desk.say("goodbye")
    assert received.decision == "review"
    assert received.conversation is not None
    with pytest.raises(SendRefused):
        desk.center.conversations.send("main", customer(), "sale!", purpose="marketing")
    desk.center.consent.release_marketing(customer())
    desk.center.conversations.send("main", customer(), "sale!", purpose="marketing")
    assert desk.texts() == ["sale!"]
    assert desk.replayed() == desk.live()


def test_a_message_brings_back_what_was_set_aside() -> None:
    """A suspended or scheduled conversation waits in its queue again as soon as its customer writes."""
    desk = HelpDesk()
    conversation = desk.start()
    desk.center.work.suspend(conversation)
    assert desk.center.work.get(conversation).state == "parked"
    desk.say("hello again")
    assert desk.center.work.get(conversation).state == "offered"
    desk.center.offers.accept(desk.center.offers.of_agent("ana")[0].id)
    desk.center.work.schedule(conversation, at=desk.center.clock.now() + timedelta(hours=1))
    assert desk.center.conversations.get(conversation).agent is None
    desk.say("any news")
    assert desk.center.work.get(conversation).state == "offered"
    assert desk.replayed() == desk.live()


def test_a_message_is_taken_in_where_the_queue_refuses_to_have_it_back() -> None:
    """A conversation that was set aside stays there if its queue is full: the message is not lost."""
    desk = HelpDesk()
    first = desk.say("hello").conversation
    assert first is not None
    desk.center.work.suspend(first)
    desk.center.queues.change(Queue("help", limit=1))
    desk.say("me too", customer(2))
    assert desk.say("still there").conversation == first
    assert desk.center.work.get(first).state == "parked"
