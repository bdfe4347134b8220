"""Content: frozen values, checked once, as data and back, and as each channel can carry them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.errors import InvalidInput
from switchroom.messaging import content as c
from switchroom.messaging.channels import CHANNELS, Channel, Limit, Outside, Permission, ReplyWindow, channel_named
from switchroom.messaging.content_data import content_from_data, content_to_data
from switchroom.messaging.degrade import carried, degrade

URL = "https://files.example/a.jpg"
LABELS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=40).filter(str.strip)
BODIES = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=300)
CHOICES = st.builds(c.Choice, LABELS)
LINKS = st.builds(c.LinkButton, LABELS, st.just(URL))
BUTTONS = st.lists(st.one_of(CHOICES, LINKS), min_size=1, max_size=5, unique_by=lambda b: b.title)
CARDS = st.builds(c.Card, LABELS, BODIES, st.sampled_from(["", URL]), BUTTONS)
SIZES = st.one_of(st.none(), st.integers(0, 200_000_000))
MEDIA = [st.builds(t, st.just(URL), st.just("image/jpeg"), SIZES, BODIES) for t in (c.Image, c.Video, c.Audio, c.File)]
CONTENTS = st.one_of(
    st.builds(c.Text, BODIES),
    st.builds(c.Link, st.just(URL), LABELS),
    *MEDIA,
    st.builds(c.Sticker, st.just(URL), st.sampled_from(["", "👍"])),
    st.builds(c.Location, st.floats(-90, 90), st.floats(-180, 180), LABELS),
    st.builds(c.QuickReplies, BODIES, st.lists(CHOICES, min_size=1, max_size=20, unique_by=lambda b: b.title)),
    st.builds(c.Buttons, BODIES, BUTTONS),
    CARDS,
    st.builds(c.Carousel, st.lists(CARDS, min_size=1, max_size=12)),
    st.builds(c.Template, LABELS, st.just("en"), st.dictionaries(LABELS, BODIES, max_size=3), BODIES),
)


@given(CONTENTS)
def test_content_survives_data_and_pickle(content: c.Content) -> None:
    """As plain data and back, and pickled and back, a content is equal and hashes alike."""
    again = content_from_data(content_to_data(content))
    assert again == content
    assert hash(again) == hash(content)
    assert pickle.loads(pickle.dumps(content)) == content


@given(CONTENTS)
def test_content_prints_short_and_without_its_words(content: c.Content) -> None:
    """repr shows kind and size, never the body."""
    assert len(repr(content)) < 300
    text = c.plain_text(content)
    if len(text) > 30 and not isinstance(content, c.Template):
        assert text not in repr(content)


@given(CONTENTS, st.sampled_from([*CHANNELS.values()]))
def test_degraded_content_is_carried_or_refused(content: c.Content, channel: Channel) -> None:
    """The result of degrading is always something that the channel carries; what it carries is not touched."""
    if carried(content, channel):
        assert degrade(content, channel) is content
        return
    try:
        result = degrade(content, channel)
    except InvalidInput:
        return
    assert isinstance(result, c.Text)
    assert carried(result, channel)
    for part in c.plain_text(content).splitlines():
        assert part in result.text


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (c.Link(URL, "Photo"), f"Photo: {URL}"),
        (c.Link(URL), URL),
        (c.Image(URL, caption="Look"), f"Look\n{URL}"),
        (c.File(URL, name="bill.pdf", caption="Your bill"), f"Your bill\nbill.pdf: {URL}"),
        (c.Sticker(URL, "👍"), "👍"),
        (c.Location(52.52, 13.405, "Office"), "Office (52.52000, 13.40500)"),
        (c.QuickReplies("Which?", [c.Choice("Yes"), c.Choice("No", "n")]), "Which?\n1. Yes\n2. No"),
        (c.Buttons("Go", [c.LinkButton("Site", URL), c.Choice("Call")]), f"Go\nSite: {URL}\n1. Call"),
        (c.Card("Title", "Text", URL, [c.Choice("Buy")]), f"Title\nText\n{URL}\n1. Buy"),
        (c.Carousel([c.Card("One"), c.Card("Two", "x")]), "One\n\nTwo\nx"),
        (c.Template("hello", fallback="Hello!"), "Hello!"),
    ],
)
def test_the_rule_of_degrading(content: c.Content, text: str) -> None:
    """Each kind has one text form."""
    assert degrade(content, CHANNELS["sms"]) == c.Text(text)


@pytest.mark.parametrize(
    ("content", "channel", "code", "words"),
    [
        (c.Text("x" * 1601), "sms", "too_long", "sms carries at most 1600 characters"),
        (c.Template("hello"), "sms", "not_carried", "no text form"),
        (c.Sticker(URL), "sms", "not_carried", "no text form"),
        (c.Image("attachment:7"), "sms", "not_carried", "own store"),
        (c.Text("hi"), "voice", "too_long", "voice carries no text"),
        (c.Link(URL), "voice", "not_carried", "no text"),
        (c.Image(URL, caption="x" * 1590), "sms", "too_long", "as text: carries at most 1600"),
    ],
)
def test_what_cannot_be_carried_is_refused(content: c.Content, channel: str, code: str, words: str) -> None:
    """The refusal names channel, kind and limit."""
    with pytest.raises(InvalidInput, match=words) as caught:
        degrade(content, CHANNELS[channel])
    assert caught.value.code == code


def test_sizes_and_numbers_decide() -> None:
    """A medium over the limit, a type not taken and too many choices go as text where that is possible."""
    whatsapp = CHANNELS["whatsapp"]
    assert carried(c.Image(URL, "image/jpeg", 5_000_000), whatsapp)
    assert degrade(c.Image(URL, "image/jpeg", 5_000_001), whatsapp) == c.Text(URL)
    assert degrade(c.Image(URL, "image/gif"), whatsapp) == c.Text(URL)
    three = [c.Choice(str(n)) for n in range(3)]
    assert carried(c.QuickReplies("?", three), whatsapp)
    assert isinstance(degrade(c.QuickReplies("?", [*three, c.Choice("4")]), whatsapp), c.Text)
    assert isinstance(degrade(c.QuickReplies("?", [c.Choice("x" * 21)]), whatsapp), c.Text)
    assert isinstance(degrade(c.Buttons("?", [c.LinkButton("Site", URL)]), whatsapp), c.Text)
    assert not carried(c.Text("é" * 501), CHANNELS["instagram"])
    assert carried(c.Carousel([c.Card("a")] * 10), CHANNELS["messenger"])
    assert not carried(c.Carousel([c.Card("a")] * 11), CHANNELS["messenger"])
    assert not carried(c.Card("a", buttons=[*three, c.Choice("4")]), CHANNELS["messenger"])


WRONG: list[Callable[[], object]] = [
    lambda: c.Text("a\x00b"),
    lambda: c.Text("a\ud800b"),
    lambda: c.Text("x" * (c.MAX_BODY + 1)),
    lambda: c.Text(3),  # type: ignore[arg-type]
    lambda: c.Image("file:///etc/passwd"),
    lambda: c.Image("javascript:alert(1)"),
    lambda: c.Image("https://a b"),
    lambda: c.Image("https://x/" + "y" * c.MAX_URL),
    lambda: c.Image("https://x/\r\nSet-Cookie: a"),
    lambda: c.Image("attachment:../etc"),
    lambda: c.Image(URL, "jpeg"),
    lambda: c.Image(URL, "image/jpeg\r\nX: y"),
    lambda: c.Image(URL, size=-1),
    lambda: c.Image(URL, size=True),
    lambda: c.Location(91, 0),
    lambda: c.Location(0, float("nan")),
    lambda: c.Location(True, 0),
    lambda: c.Choice(" "),
    lambda: c.Choice("x" * 257),
    lambda: c.QuickReplies("?", []),
    lambda: c.QuickReplies("?", [c.Choice("a"), c.Choice("b", "a")]),
    lambda: c.QuickReplies("?", [c.Choice(str(n)) for n in range(26)]),
    lambda: c.Buttons("?", []),
    lambda: c.Carousel([]),
    lambda: c.Carousel([c.Card("a")] * 26),
    lambda: c.Template("t", parameters={"": "x"}),
    lambda: c.Template("t", parameters={str(n): "x" for n in range(65)}),
]


@pytest.mark.parametrize("make", WRONG)
def test_wrong_content_is_refused(make: Callable[[], object]) -> None:
    """Every value out of shape or over a cap is refused when it is made."""
    with pytest.raises(InvalidInput):
        make()


@pytest.mark.parametrize(
    ("data", "place"),
    [
        ([], "content"),
        ({}, "content.kind"),
        ({"kind": ["text"]}, "content.kind"),
        ({"kind": "text"}, "content.text"),
        ({"kind": "text", "text": None}, "content"),
        ({"kind": "text", "text": "a", "opt_out": True}, "content.opt_out"),
        ({"kind": "image", "url": URL, "size": "3"}, "content"),
        ({"kind": "image", "url": URL, "media_type": 3}, "content"),
        ({"kind": "quick_replies", "text": "", "replies": {}}, "content.replies"),
        ({"kind": "quick_replies", "text": "", "replies": [{"title": "a"}, 3]}, "content.replies[1]"),
        (
            {"kind": "carousel", "cards": [{"title": "a", "buttons": [{"url": URL}]}]},
            "content.cards[0].buttons[0].title",
        ),
        ({"kind": "template", "name": "n", "parameters": {"a": 1}}, "content.parameters"),
    ],
)
def test_wrong_data_names_the_place(data: object, place: str) -> None:
    """The error's field is the path to the mistake."""
    with pytest.raises(InvalidInput) as caught:
        content_from_data(data)
    assert caught.value.field == place


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["kind", "text", "url", "cards", "buttons", "replies", "title", "latitude", "longitude"]),
            st.one_of(inner, st.sampled_from(c.KINDS)),
            max_size=5,
        ),
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_data_is_content_or_refused(data: object) -> None:
    """Whatever plain data comes in, the answer is a content or InvalidInput."""
    try:
        content = content_from_data(data)
    except InvalidInput:
        return
    assert isinstance(content, c.CONTENT_TYPES)


@given(st.text())
def test_cleaned_text_can_be_a_body(text: str) -> None:
    """Text from outside becomes one that a body takes, with its words kept."""
    cleaned = c.clean_text(text)
    assert c.Text(cleaned).text == cleaned
    assert c.clean_text(cleaned) == cleaned
    assert [x for x in cleaned if x.isalnum()] == [x for x in text if x.isalnum()]


def test_every_kind_has_a_row_and_limits_are_of_known_kinds() -> None:
    """The table holds the channels that are promised, and a limit of an unknown kind is refused."""
    assert {"sms", "mms", "whatsapp", "messenger", "instagram", "x", "web", "email", "open"} <= set(CHANNELS)
    assert len(set(c.KINDS)) == len(c.CONTENT_TYPES)
    with pytest.raises(InvalidInput, match="carries"):
        Channel("mine", carries={"hologram": Limit()})
    assert list(channel_named("pager").carries) == ["text"]
    assert pickle.loads(pickle.dumps(CHANNELS["whatsapp"])) == CHANNELS["whatsapp"]
    changed = attrs.evolve(CHANNELS["sms"], threading_window=timedelta(hours=1))
    assert changed != CHANNELS["sms"]
    with pytest.raises(TypeError):
        CHANNELS["sms"].carries["image"] = Limit()  # type: ignore[index]


NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("channel", "since", "permission"),
    [
        ("whatsapp", timedelta(0), Permission.FREE),
        ("whatsapp", timedelta(hours=24) - timedelta(microseconds=1), Permission.FREE),
        ("whatsapp", timedelta(hours=24), Permission.TEMPLATE),
        ("whatsapp", None, Permission.TEMPLATE),
        ("messenger", timedelta(hours=23), Permission.FREE),
        ("messenger", timedelta(hours=24), Permission.HUMAN_AGENT),
        ("messenger", timedelta(days=7), Permission.FORBIDDEN),
        ("messenger", None, Permission.FORBIDDEN),
    ],
)
def test_reply_windows(channel: str, since: timedelta | None, permission: Permission) -> None:
    """Free inside the window, half-open; outside what the channel says."""
    window = CHANNELS[channel].reply_window
    assert window is not None
    assert window.permits(None if since is None else NOON - since, NOON) is permission


def test_windows_of_channels() -> None:
    """Texts thread for 72 hours, mail for 30 days; a closed window may forbid everything."""
    assert CHANNELS["sms"].threading_window == timedelta(hours=72)
    assert CHANNELS["email"].threading_window == timedelta(days=30)
    assert CHANNELS["sms"].reply_window is None
    strict = ReplyWindow(duration=timedelta(hours=1), outside=Outside.FORBIDDEN)
    assert strict.permits(None, NOON) is Permission.FORBIDDEN
