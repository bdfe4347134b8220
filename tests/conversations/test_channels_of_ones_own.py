"""Channels that the embedder names: plain text without a description, and what it says with one."""

from __future__ import annotations

import attrs

from switchroom import Agent, ContactCenter, ManualClock, Queue
from switchroom.conversations.model import Line
from switchroom.messaging.addresses import Address
from switchroom.messaging.channels import CHANNELS, Channel, Limit
from switchroom.messaging.content import Image


def kiosk(*channels: Channel) -> tuple[ContactCenter, str]:
    """A conversation at a kiosk, in ana's hand."""
    center = ContactCenter(clock=ManualClock(), seed=1, channels=channels)
    center.queues.add(Queue("help"))
    center.agents.add(Agent("ana", queues=["help"]))
    center.agents.sign_in("ana")
    center.conversations.save_line(Line("hall", address=Address("kiosk", "hall-1"), queue="help"))
    received = center.conversations.receive(
        to=Address("kiosk", "hall-1"), sender=Address("kiosk", "guest-7"), content="where is room 5?", provider_id="1"
    )
    center.offers.accept(center.offers.of_agent("ana")[0].id)
    assert received.conversation is not None
    return center, received.conversation


MAP = Image("https://example.com/map.png", media_type="image/png", size=1000)


def test_a_channel_that_nobody_describes_carries_text() -> None:
    center, conversation = kiosk()
    center.conversations.reply(conversation, "upstairs", agent="ana")
    center.conversations.reply(conversation, MAP, agent="ana")
    sent = [effect.body["content"] for effect in center.effects.pending()][-1]
    assert (sent["kind"], MAP.url in sent["text"]) == ("text", True)
    center.check()


def test_a_channel_carries_what_its_description_says() -> None:
    own = Channel("kiosk", carries={"text": Limit(), "image": Limit()})
    center, conversation = kiosk(own)
    center.conversations.reply(conversation, MAP, agent="ana")
    assert [effect.body["content"]["kind"] for effect in center.effects.pending()][-1] == "image"
    center.check()


def test_a_description_of_ones_own_replaces_the_known_one() -> None:
    center = ContactCenter(clock=ManualClock(), seed=1, channels=[attrs.evolve(CHANNELS["web"], carries={})])
    assert center.journal.states["conversations"].channel("web").carries == {}
    assert center.journal.states["conversations"].channel("sms") == CHANNELS["sms"]
