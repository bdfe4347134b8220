"""The help desk behind a web server, used by customers and agents through its pages' own interface."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from switchroom import ContactCenter, ManualClock, SqliteStorage
from switchroom.config import parse
from tests.examples.loading import example


class Page:
    """A browser."""

    def __init__(self, client: TestClient) -> None:
        self.client = client

    def post(self, url: str, status: int = 200, **data: Any) -> Any:
        answer = self.client.post(url, json=data)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, url: str) -> Any:
        answer = self.client.get(url)
        assert answer.status_code == 200, answer.text
        return answer.json()


def opened(path: Path, clock: ManualClock) -> ContactCenter:
    return parse(example("help_desk").CENTER).build(storage=SqliteStorage(path), clock=clock, seed=1)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def page(tmp_path: Path, clock: ManualClock) -> Page:
    # Without its lifespan the application starts no thread: the test lets time pass.
    return Page(TestClient(example("help_desk").application(opened(tmp_path / "help.db", clock))))


def said(page: Page, conversation: str) -> list[str]:
    return [line["text"] for line in page.get(f"/api/conversations/{conversation}")["said"]]


def test_a_conversation(page: Page) -> None:
    """A customer writes, an agent takes it, answers and closes; both see what was said; an answer opens it again."""
    assert page.get("/api/agents/ana")["presence"] == "offline"
    page.post("/api/agents/ana/presence", presence="on_queue")
    talk = page.post("/api/customers/c-1/messages", id="m-1", text="My parcel is late")["conversation"]
    page.post("/api/customers/c-1/messages", id="m-1", text="My parcel is late")
    [offer] = page.get("/api/agents/ana")["offers"]
    page.post("/api/agents/ana/accept", offer=offer["id"])
    page.post("/api/agents/ana/reply", conversation=talk, text="Which one?")
    assert said(page, talk) == [
        "My parcel is late",
        "Thanks for writing. Somebody will be with you soon.",
        "Which one?",
    ]
    assert page.get("/api/agents/ana")["conversations"][0]["id"] == talk
    page.post("/api/agents/ana/close", conversation=talk)
    assert page.get("/api/agents/ana")["conversations"] == []
    assert page.post("/api/customers/c-1/messages", id="m-2", text="The blue one")["conversation"] == talk
    assert len(page.get("/api/agents/ana")["offers"]) == 1


def test_what_is_refused_is_told(page: Page) -> None:
    """An offer that has gone is a conflict with its code; nonsense is a bad request; a wrong action is not found."""
    page.post("/api/agents/ana/presence", presence="on_queue")
    page.post("/api/customers/c-1/messages", id="m-1", text="hello")
    [offer] = page.get("/api/agents/ana")["offers"]
    page.post("/api/agents/ana/decline", offer=offer["id"])
    assert page.post("/api/agents/ana/accept", status=409, offer=offer["id"])["error"] == "offer_gone"
    assert page.post("/api/agents/ghost/presence", status=400, presence="on_queue")["error"] == "unknown_id"
    page.post("/api/agents/ana/dance", status=404)


def test_it_goes_on_after_a_restart(tmp_path: Path, clock: ManualClock) -> None:
    """What was in hand is in hand."""
    application = example("help_desk").application
    page = Page(TestClient(application(opened(tmp_path / "help.db", clock))))
    page.post("/api/agents/ana/presence", presence="on_queue")
    talk = page.post("/api/customers/c-1/messages", id="m-1", text="hello")["conversation"]
    page.post("/api/agents/ana/accept", offer=page.get("/api/agents/ana")["offers"][0]["id"])
    again = Page(TestClient(application(opened(tmp_path / "help.db", clock))))
    assert [one["id"] for one in again.get("/api/agents/ana")["conversations"]] == [talk]


def test_the_pages_are_served_and_time_passes(tmp_path: Path) -> None:
    """With its lifespan the application runs deadlines and deliveries by itself, and stops."""
    center = parse(example("help_desk").CENTER).build(storage=SqliteStorage(tmp_path / "a.db"))
    with TestClient(example("help_desk").application(center)) as client:
        for path in ("/", "/desk/ana"):
            assert "<h1>" in client.get(path).text
        client.post("/api/customers/c-1/messages", json={"id": "m-1", "text": "hello"})
        for _ in range(600):
            if not center.effects.pending():
                break
            client.get("/")
        assert center.effects.pending() == ()
