"""Where a scenario is played: a center of its own, its network, and the names that the scenario gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from switchroom.clock import DEFAULT_START, ManualClock
from switchroom.config.place import Place
from switchroom.config.reader import a_list, read_text
from switchroom.config.toml import TABLES, read_document, read_toml
from switchroom.durations import InstantLike
from switchroom.errors import InvalidInput
from switchroom.messaging.addresses import Address
from switchroom.testing.network import Network

if TYPE_CHECKING:
    from switchroom.center import ContactCenter
    from switchroom.testing.scenario_model import Words

OWN = ("time", "seed", "config", "on_queue")
"""Words of ``given`` beside the tables of a configuration."""


class Stage:
    """A center set up as ``given`` says."""

    def __init__(self, given: Words, file: str) -> None:
        place = Place(file, "given")
        for word in given:
            if word not in (*OWN, *TABLES):
                raise place.at(word).unknown("word", word, (*OWN, *TABLES))
        configuration = read_document(_document(given, file, place), file=file)
        time = cast("InstantLike", given.get("time", DEFAULT_START))
        self.center: ContactCenter = configuration.build(clock=_clock(time, place), seed=_seed(given, place))
        self.network = Network(self.center)
        self.lines = {line.id: line for line in configuration.lines}
        self.conversations: dict[str, str] = {}
        """The conversations by the names that the scenario gives them."""
        everybody = [agent.id for agent in configuration.agents]
        for agent in a_list(given.get("on_queue", everybody), place.at("on_queue")):
            self.center.agents.sign_in(read_text(agent, place.at("on_queue")))

    def item(self, name: str) -> str:
        """The id of the item that a scenario calls so: its own id, or that of the conversation of this name."""
        conversation = self.conversations.get(name)
        if conversation is None:
            return name
        view = self.center.conversations.get(conversation)
        return view.item or name

    def assignment(self, name: str) -> str:
        """The id of the assignment of an item. Refuses an item that nobody has in hand."""
        view = self.center.work.get(self.item(name))
        if view.assignment is None:
            raise InvalidInput(name, "not_assigned", hint="nobody has it in hand")
        return view.assignment

    def offer(self, name: str, agent: str | None) -> str:
        """The id of the offer of an item, to this agent if one is named. Refuses if there is none, or several."""
        offers = [o for o in self.center.offers.of_item(self.item(name)) if agent in (None, o.agent)]
        if len(offers) != 1:
            known = "it is not on offer" if not offers else "it is on offer to several: say by = ..."
            raise InvalidInput(name, "no_offer", hint=known if agent is None else f"it is not on offer to {agent}")
        return offers[0].id

    def our_address(self, line: str | None) -> Address:
        """The address of a line; of the only one, if none is named."""
        if line is None and len(self.lines) == 1:
            return next(iter(self.lines.values())).address
        if line not in self.lines:
            raise InvalidInput("to", "unknown", line, hint=f"a line is wanted: {', '.join(self.lines) or 'none given'}")
        return self.lines[line].address


def _clock(time: InstantLike, place: Place) -> ManualClock:
    try:
        return ManualClock(time)
    except InvalidInput as error:
        raise place.at("time").wrong(error.message.partition(": ")[2]) from None


def _seed(given: Words, place: Place) -> int:
    seed = given.get("seed", 1)
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise place.at("seed").wrong("a whole number is wanted")
    return seed


def _document(given: Words, file: str, place: Place) -> dict[str, Any]:
    """The configuration of a scenario: that of the file it names, with its own tables added, and its own first."""
    own = {name: given[name] for name in TABLES if name in given}
    if "config" not in given:
        return own
    path = Path(file).parent / read_text(given["config"], place.at("config"))
    document = dict(read_toml(path))
    for name, value in own.items():
        shared = document.get(name)
        both = isinstance(value, Mapping) and isinstance(shared, Mapping)
        document[name] = {**cast("Words", shared), **cast("Words", value)} if both else value
    return document
