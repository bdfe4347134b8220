"""What can happen in a scenario, word by word: ``{ accept = "call-1", by = "ana" }``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from switchroom.config.place import Place
from switchroom.config.reader import a_list, read_address, read_spec, read_text
from switchroom.routing.model import WorkItem
from switchroom.testing.scenario_model import Verb, Words
from switchroom.testing.scenario_stage import Stage


def texts(value: object) -> Iterable[str]:
    """One text, or a list of them."""
    many = a_list(cast("object", value), Place()) if isinstance(value, list) else [value]
    return (read_text(one, Place()) for one in many)


def _given(words: Words, *names: str) -> dict[str, Any]:
    """Those of the words that are there."""
    return {name: words[name] for name in names if name in words}


# -- work


def _submit(stage: Stage, name: str, words: Words) -> None:
    fields = {word: value for word, value in words.items() if word != "intake"}
    item = read_spec(WorkItem, fields, Place(table=name), id=name)
    stage.center.work.submit(item, intake=words.get("intake"))


def _change(stage: Stage, name: str, words: Words) -> None:
    stage.center.work.change(stage.item(name), **_given(words, "priority", "requirement", "attributes", "due"))


def _move(stage: Stage, name: str, words: Words) -> None:
    options = _given(words, "keep_entered", "position")
    stage.center.work.move(stage.item(name), words["queue"], **options)


def _assign(stage: Stage, name: str, words: Words) -> None:
    stage.center.work.assign(stage.item(name), words["to"], over_capacity=words.get("over_capacity", False))


def _on_item(method: str, *options: str) -> Verb:
    """An operation on work that takes the item and nothing that is needed."""

    def do(stage: Stage, name: str, words: Words) -> None:
        operation: Callable[..., Any] = getattr(stage.center.work, method)
        operation(stage.item(name), **_given(words, *options))

    return Verb(do, may=options)


# -- agents


def _sign_in(stage: Stage, agents: Any, words: Words) -> None:
    for agent in texts(agents):
        stage.center.agents.sign_in(agent)


def _sign_out(stage: Stage, agents: Any, words: Words) -> None:
    for agent in texts(agents):
        stage.center.agents.sign_out(agent)


def _presence(stage: Stage, agent: str, words: Words) -> None:
    stage.center.agents.set_presence(agent, words["to"])


# -- offers and work in hand


def _accept(stage: Stage, name: str, words: Words) -> None:
    stage.center.offers.accept(stage.offer(name, words.get("by")))


def _decline(stage: Stage, name: str, words: Words) -> None:
    offer = stage.offer(name, words.get("by"))
    stage.center.offers.decline(offer, **_given(words, "reason", "retry_after"))


def _complete(stage: Stage, name: str, words: Words) -> None:
    stage.center.assignments.complete(stage.assignment(name), **_given(words, "code", "after_call_work"))


def _wrap_up(stage: Stage, name: str, words: Words) -> None:
    stage.center.assignments.end_after_call_work(stage.assignment(name), **_given(words, "code"))


def _transfer(stage: Stage, name: str, words: Words) -> None:
    if "queue" in words:
        stage.center.assignments.transfer_to_queue(stage.assignment(name), words["queue"])
    else:
        stage.center.assignments.transfer(stage.assignment(name), words.get("to", ""))


def _consult(stage: Stage, name: str, words: Words) -> None:
    stage.center.assignments.consult(stage.assignment(name), words["to"])


def _requeue(stage: Stage, name: str, words: Words) -> None:
    stage.center.assignments.requeue(stage.assignment(name))


# -- messages


def _message(stage: Stage, text: str, words: Words) -> None:
    sender = read_address(words["from"], Place())
    received = stage.network.write(text, sender=sender, to=stage.our_address(words.get("to")))
    if received.conversation is not None:
        stage.conversations[words.get("named", "conversation")] = received.conversation


def _conversation(stage: Stage, words: Words) -> str:
    name: str = words.get("in", "conversation")
    return stage.conversations.get(name, name)


def _reply(stage: Stage, text: str, words: Words) -> None:
    stage.center.conversations.reply(_conversation(stage, words), text, agent=words["by"])


def _close_conversation(stage: Stage, name: str, words: Words) -> None:
    conversation = stage.conversations.get(name, name)
    stage.center.conversations.close(conversation, **_given(words, "reason", "code", "agent"))


VERBS: dict[str, Verb] = {
    "submit": Verb(_submit, may=("*",)),
    "change": Verb(_change, may=("priority", "requirement", "attributes", "due")),
    "move": Verb(_move, needs=("queue",), may=("keep_entered", "position")),
    "assign": Verb(_assign, needs=("to",), may=("over_capacity",)),
    "expedite": _on_item("expedite"),
    "suspend": _on_item("suspend", "reason"),
    "resume": _on_item("resume", "queue", "priority"),
    "cancel": _on_item("cancel", "reason"),
    "abandon": _on_item("abandon", "reason"),
    "sign_in": Verb(_sign_in),
    "sign_out": Verb(_sign_out),
    "presence": Verb(_presence, needs=("to",)),
    "accept": Verb(_accept, may=("by",)),
    "decline": Verb(_decline, may=("by", "reason", "retry_after")),
    "complete": Verb(_complete, may=("code", "after_call_work")),
    "wrap_up": Verb(_wrap_up, may=("code",)),
    "transfer": Verb(_transfer, may=("to", "queue")),
    "consult": Verb(_consult, needs=("to",)),
    "requeue": Verb(_requeue),
    "message": Verb(_message, needs=("from",), may=("to", "named")),
    "reply": Verb(_reply, needs=("by",), may=("in",)),
    "close_conversation": Verb(_close_conversation, may=("reason", "code", "agent")),
}
"""The words of ``when``."""
