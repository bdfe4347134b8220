"""What must be so in a scenario, word by word: ``{ offered = "call-1", to = "ana" }``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from switchroom.config.place import Place
from switchroom.config.reader import read_address
from switchroom.testing import assertions
from switchroom.testing.scenario_model import Verb, Words
from switchroom.testing.scenario_stage import Stage


def _offered(stage: Stage, name: str, words: Words) -> None:
    wanted = words.get("to")
    if isinstance(wanted, list):
        for agent in cast("list[str]", wanted):
            assertions.assert_offered(stage.center, stage.item(name), to=agent)
        for offer in stage.center.offers.of_item(stage.item(name)):
            if offer.agent not in wanted:
                assertions.assert_not_offered(stage.center, stage.item(name), to=offer.agent)
    else:
        assertions.assert_offered(stage.center, stage.item(name), to=wanted)


def _not_offered(stage: Stage, name: str, words: Words) -> None:
    assertions.assert_not_offered(stage.center, stage.item(name), to=words.get("to"))


def _waiting(stage: Stage, name: str, words: Words) -> None:
    queue, position = words.get("queue"), words.get("position")
    assertions.assert_waiting(stage.center, stage.item(name), queue=queue, position=position)


def _assigned(stage: Stage, name: str, words: Words) -> None:
    assertions.assert_assigned(stage.center, stage.item(name), to=words.get("to"))


def _state(stage: Stage, name: str, words: Words) -> None:
    assertions.assert_state(stage.center, stage.item(name), words["is"])


def _presence(stage: Stage, agent: str, words: Words) -> None:
    assertions.assert_presence(stage.center, agent, words["is"])


def _queue(stage: Stage, queue: str, words: Words) -> None:
    """What waits in a queue: how many, or which in which order."""
    waiting = list(stage.center.queues.waiting(queue))
    if "length" in words and len(waiting) != words["length"]:
        raise AssertionError(f"{len(waiting)} wait in {queue}, not {words['length']}: {waiting}")
    if "order" in words and waiting != [stage.item(name) for name in words["order"]]:
        raise AssertionError(f"the order in {queue} is {waiting}")


def _sent(check: Callable[..., object]) -> Callable[[Stage, Any, Words], None]:
    def do(stage: Stage, text: str, words: Words) -> None:
        stage.network.settle()
        to = read_address(words["to"], Place()) if "to" in words else None
        options = {"count": words["count"]} if "count" in words else {}
        check(stage.network.transport, text, to=to, **options)

    return do


def _happened(check: Callable[..., object]) -> Callable[[Stage, Any, Words], None]:
    def do(stage: Stage, type: str, words: Words) -> None:
        options = {"count": words["count"]} if "count" in words else {}
        check(stage.center, type, _fields(words), **options)

    return do


def _fields(words: Words) -> Words:
    """The fields of an event as they stand in it: a list of the file is a tuple there."""
    given: Words = words.get("fields", {})
    return {name: _hashable(value) for name, value in given.items()}


def _hashable(value: Any) -> Any:
    several: Iterable[Any] = value
    return tuple(several) if isinstance(value, list) else value


CHECKS: dict[str, Verb] = {
    "offered": Verb(_offered, may=("to",)),
    "not_offered": Verb(_not_offered, may=("to",)),
    "waiting": Verb(_waiting, may=("queue", "position")),
    "assigned": Verb(_assigned, may=("to",)),
    "state": Verb(_state, needs=("is",)),
    "presence": Verb(_presence, needs=("is",)),
    "queue": Verb(_queue, may=("length", "order")),
    "sent": Verb(_sent(assertions.assert_sent), may=("to", "count")),
    "not_sent": Verb(_sent(assertions.assert_not_sent), may=("to",)),
    "happened": Verb(_happened(assertions.assert_happened), may=("fields", "count")),
    "not_happened": Verb(_happened(assertions.assert_not_happened), may=("fields",)),
}
"""The words of ``then``."""
