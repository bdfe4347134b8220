"""What work and agents are counted under. Each distinct combination is one object, compared by identity."""

from __future__ import annotations

from collections.abc import Iterator

from switchroom.routing.model import ANYONE, Agent, WorkItem
from switchroom.routing.requirement_values import AGENT
from switchroom.routing.requirements import And, Atom, Or, Requirement

MAX_LINES = 20_000
"""Lines of one ledger; work that would need more is counted without its skills, so that memory stays bounded however
many different requirements there are."""

NO_QUEUE = ""
"""The queue of work that has not been in one."""


class Post:
    """An agent with what reports may ask about: division, team, skills. Another object when one of these changes."""

    __slots__ = ("agent", "division", "skills", "team")

    def __init__(self, agent: str, division: str, team: str | None, skills: frozenset[str]) -> None:
        self.agent = agent
        self.division = division
        self.team = team
        self.skills = skills

    @property
    def key(self) -> tuple[str, str, str | None, frozenset[str]]:
        return self.agent, self.division, self.team, self.skills


class Hand:
    """An agent at work for a line."""

    __slots__ = ("line", "post")

    def __init__(self, line: Line, post: Post) -> None:
        self.line = line
        self.post = post

    @property
    def key(self) -> tuple[object, object]:
        return self.line.key, self.post.key


class Line:
    """Work of one queue, medium, channel and division that asks for the same skills."""

    __slots__ = ("channel", "division", "hands", "medium", "queue", "skills")

    def __init__(self, queue: str, medium: str, channel: str | None, division: str, skills: frozenset[str]) -> None:
        self.queue = queue
        self.medium = medium
        self.channel = channel
        self.division = division
        self.skills = skills
        self.hands: dict[Post, Hand] = {}

    @property
    def key(self) -> tuple[str, str, str | None, str, frozenset[str]]:
        return self.queue, self.medium, self.channel, self.division, self.skills

    def hand(self, post: Post) -> Hand:
        """An agent at work for this line."""
        found = self.hands.get(post)
        if found is None:
            found = self.hands[post] = Hand(self, post)
        return found


class Lines:
    """The lines and posts of a ledger."""

    def __init__(self) -> None:
        self.lines: dict[tuple[str, str, str | None, str, frozenset[str]], Line] = {}
        self.posts: dict[tuple[str, str, str | None, frozenset[str]], Post] = {}
        self._asked: dict[str, frozenset[str]] = {}
        self._of_queue: dict[str, frozenset[str]] = {}

    def set_queue(self, queue: str, requirement: Requirement) -> None:
        """Take over what a queue asks for."""
        self._of_queue[queue] = asked(requirement)

    def of(self, queue: str, work: WorkItem, requirement: Requirement | None) -> Line:
        """The line of some work that enters a queue; ``requirement``: its own, if that was changed."""
        skills = self._of_queue.get(queue, _NOTHING)
        own = work.requirement if requirement is None else requirement
        if own is not ANYONE or work.steps or work.expiring:
            skills = skills.union(*map(self._asked_by, _at_entry(work, own)))
        key = queue, work.medium, work.channel, work.division, skills
        line = self.lines.get(key)
        if line is None:
            if len(self.lines) >= MAX_LINES:
                key = queue, work.medium, work.channel, work.division, _NOTHING
                line = self.lines.get(key)
            if line is None:
                line = self.lines[key] = Line(*key)
        return line

    def _asked_by(self, requirement: Requirement) -> frozenset[str]:
        text = str(requirement)
        found = self._asked.get(text)
        if found is None:
            if len(self._asked) >= MAX_LINES:
                self._asked.clear()
            found = self._asked[text] = asked(requirement)
        return found

    def post(self, agent: str, spec: Agent | None) -> Post:
        """The post of an agent as it is set now; None: of an agent of whom nothing is known."""
        key = (
            (agent, "default", None, _NOTHING)
            if spec is None
            else (agent, spec.division, spec.team, frozenset(spec.skills))
        )
        found = self.posts.get(key)
        if found is None:
            found = self.posts[key] = Post(*key)
        return found


_NOTHING: frozenset[str] = frozenset()


def _at_entry(work: WorkItem, own: Requirement) -> Iterator[Requirement]:
    yield own
    if work.steps:
        yield work.steps[0].requirement
    for one in work.expiring:
        yield one.requirement


def asked(requirement: Requirement) -> frozenset[str]:
    """The names that a requirement asks for: those under ``not`` and named agents are not among them.

    >>> sorted(asked(Requirement.parse("spanish >= 3 and (billing or refunds) and not trainee")))
    ['billing', 'refunds', 'spanish']
    """
    return frozenset(_names(requirement.normal()))


def _names(normal: Requirement) -> Iterator[str]:
    if isinstance(normal, And | Or):
        for part in normal.parts:
            yield from _names(part)
    elif isinstance(normal, Atom) and normal.name != AGENT:
        yield normal.name
