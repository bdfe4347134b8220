"""A help desk for a web page, in one file: ``python help_desk.py``, then open http://localhost:8000.

Customers write on ``/``, agents work on ``/desk/ana`` and ``/desk/bob``. What happens is kept in ``help_desk.db``: stop
the program, start it again, and every conversation goes on. Needs
``pip install "switchroom[sqlite]" starlette uvicorn``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event, Thread
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from switchroom import Address, ContactCenter, SqliteStorage
from switchroom.carrying import Carrier
from switchroom.config import parse
from switchroom.errors import Refused, SwitchroomError
from switchroom.messaging.channels import CHANNELS
from switchroom.messaging.delivery import DeliveryStatus
from switchroom.transport.protocol import Capabilities, Envelope, SendResult

WIDGET = Address("web", "widget")
CENTER = """
[queue.help]
alert_timeout = "30s"

[agent.ana]
queues = ["help"]

[agent.bob]
queues = ["help"]

[line.web]
address = "web:widget"
queue = "help"
greeting = "Thanks for writing. Somebody will be with you soon."
close_after = "1h"
warning = "Are you still there?"
warn_before = "10m"
"""


class PageTransport:
    """What we write is shown on the customer's page, which asks for it: sent as soon as it is there."""

    def capabilities(self) -> Capabilities:
        return Capabilities(channels=(CHANNELS["web"],), honours_keys=True, reports=False, inbound=True)

    def send(self, envelope: Envelope) -> SendResult:
        return SendResult(key=envelope.key, provider_id=envelope.key, status=DeliveryStatus.DELIVERED)


class Desk:
    """What the pages ask for. Each method is a few operations of the center, which is safe for threads."""

    def __init__(self, center: ContactCenter) -> None:
        self.center = center
        Carrier(center, PageTransport())

    # -- customers

    def write(self, customer: str, data: dict[str, Any]) -> dict[str, Any]:
        received = self.center.conversations.receive(
            to=WIDGET, sender=Address("web", customer), content=data["text"], provider_id=data["id"]
        )
        return {"conversation": received.conversation}

    def said(self, conversation: str) -> dict[str, Any]:
        lines = self.center.conversations.transcript(conversation)
        return {"said": [{"by": line.author, "text": line.text} for line in lines if line.author != "note"]}

    # -- agents

    def work(self, agent: str) -> dict[str, Any]:
        """What an agent's page shows: presence, what is on offer, what is in hand with everything that was said."""
        offers = self.center.offers.of_agent(agent)
        hands = [a for a in self.center.assignments.of_agent(agent) if not a.wrapping]
        conversations = {self.center.conversations.get(id).item: id for id in self.center.conversations.open()}
        return {
            "presence": self.center.agents.get(agent).presence,
            "waiting": self.center.queues.get("help").waiting,
            "offers": [{"id": o.id, "until": o.expires and o.expires.isoformat()} for o in offers],
            "conversations": [
                {"id": conversations[a.item], **self.said(conversations[a.item])}
                for a in hands
                if a.item in conversations
            ],
        }

    def presence(self, agent: str, data: dict[str, Any]) -> dict[str, Any]:
        self.center.agents.set_presence(agent, data["presence"])
        return {}

    def accept(self, agent: str, data: dict[str, Any]) -> dict[str, Any]:
        self.center.offers.accept(data["offer"], agent=agent)
        return {}

    def decline(self, agent: str, data: dict[str, Any]) -> dict[str, Any]:
        self.center.offers.decline(data["offer"], agent=agent, retry_after="1m")
        return {}

    def reply(self, agent: str, data: dict[str, Any]) -> dict[str, Any]:
        self.center.conversations.reply(data["conversation"], data["text"], agent=agent)
        return {}

    def close(self, agent: str, data: dict[str, Any]) -> dict[str, Any]:
        self.center.conversations.close(data["conversation"], agent=agent)
        return {}

    # -- time

    def tick(self, stop: Event) -> None:
        """Deadlines and deliveries, a few times a second, until told to stop."""
        while not stop.wait(0.2):
            self.center.run_due()
            self.center.effects.deliver()


ACTIONS = ("presence", "accept", "decline", "reply", "close")


def application(center: ContactCenter) -> Starlette:
    """The pages and their interface, around a center."""
    desk = Desk(center)

    async def answer(do: Callable[..., dict[str, Any]], *args: Any) -> Response:
        """Run in a thread, for the disk; say what is refused, and whose fault it is."""
        try:
            return JSONResponse(await run_in_threadpool(do, *args))
        except SwitchroomError as error:
            told = {"error": error.error_code, "message": error.message}
            return JSONResponse(told, status_code=409 if isinstance(error, Refused) else 400)

    async def write(request: Request) -> Response:
        return await answer(desk.write, request.path_params["customer"], await request.json())

    async def said(request: Request) -> Response:
        return await answer(desk.said, request.path_params["conversation"])

    async def work(request: Request) -> Response:
        return await answer(desk.work, request.path_params["agent"])

    async def act(request: Request) -> Response:
        agent, action = request.path_params["agent"], request.path_params["action"]
        if action not in ACTIONS:
            return JSONResponse({"error": "no_such_action"}, status_code=404)
        return await answer(getattr(desk, action), agent, await request.json())

    @asynccontextmanager
    async def running(app: Starlette) -> AsyncIterator[None]:
        stop = Event()
        ticking = Thread(target=desk.tick, args=(stop,), daemon=True)
        ticking.start()
        yield
        stop.set()
        ticking.join()
        center.close()

    routes = [
        Route("/", page(CUSTOMER)),
        Route("/desk/{agent}", page(AGENT)),
        Route("/api/customers/{customer}/messages", write, methods=["POST"]),
        Route("/api/conversations/{conversation}", said),
        Route("/api/agents/{agent}", work),
        Route("/api/agents/{agent}/{action}", act, methods=["POST"]),
    ]
    return Starlette(routes=routes, lifespan=running)


def page(html: str) -> Callable[[Request], Any]:
    async def show(request: Request) -> Response:
        return HTMLResponse(html)

    return show


SCRIPT = """<!doctype html><meta charset="utf-8"><title>Help desk</title><style>
body { font: 16px sans-serif; max-width: 40em; margin: 2em auto } .us { color: #06c } button { margin: .2em }
</style><script>
const $ = (id) => document.getElementById(id);
const ask = async (url, data) => (await fetch(url, data && {method: "POST", body: JSON.stringify(data)})).json();
const lines = (said) => said.map((line) => {
  const p = document.createElement("p");
  p.className = line.by == "customer" ? "" : "us";
  p.textContent = line.by + ": " + line.text;
  return p;
});
</script>"""

CUSTOMER = (
    SCRIPT
    + """<h1>How can we help?</h1><div id="said"></div>
<form id="form"><input id="text" size="50" autofocus> <button>Send</button></form><script>
const me = localStorage.me ||= crypto.randomUUID();
let conversation = localStorage.conversation;
$("form").onsubmit = async (event) => {
  event.preventDefault();
  const told = await ask(`/api/customers/${me}/messages`, {id: crypto.randomUUID(), text: $("text").value});
  if (told.conversation) conversation = localStorage.conversation = told.conversation;
  $("text").value = "";
};
setInterval(async () => {
  if (conversation) $("said").replaceChildren(...lines((await ask(`/api/conversations/${conversation}`)).said || []));
}, 1000);
</script>"""
)

AGENT = (
    SCRIPT
    + """<h1>Desk</h1><p id="state"></p><p id="buttons"></p><div id="offers"></div><div id="work"></div><script>
const me = location.pathname.split("/").pop();
const act = (action, data) => ask(`/api/agents/${me}/${action}`, data);
const button = (label, action, data) => {
  const made = document.createElement("button");
  made.textContent = label;
  made.onclick = () => act(action, data());
  return made;
};
for (const presence of ["on_queue", "break", "offline"])
  $("buttons").append(button(presence, "presence", () => ({presence})));
const boxes = {};
const box = (id) => {
  if (!boxes[id]) {
    const made = boxes[id] = document.createElement("div"), said = document.createElement("div");
    const text = document.createElement("input");
    made.append(said, text,
      button("Reply", "reply", () => { const t = text.value; text.value = ""; return {conversation: id, text: t}; }),
      button("Close", "close", () => ({conversation: id})));
    $("work").append(made);
  }
  return boxes[id];
};
setInterval(async () => {
  const told = await ask(`/api/agents/${me}`);
  $("state").textContent = `${me}: ${told.presence}, ${told.waiting} waiting`;
  $("offers").replaceChildren(...told.offers.flatMap((offer) => [
    button(`Take ${offer.id}`, "accept", () => ({offer: offer.id})),
    button("Decline", "decline", () => ({offer: offer.id}))]));
  for (const talk of told.conversations) box(talk.id).firstChild.replaceChildren(...lines(talk.said));
  const mine = told.conversations.map((talk) => talk.id);
  for (const id in boxes) if (!mine.includes(id)) { boxes[id].remove(); delete boxes[id]; }
}, 1000);
</script>"""
)


def main() -> None:
    """Serve on http://localhost:8000 until interrupted."""
    import uvicorn

    center = parse(CENTER).build(storage=SqliteStorage("help_desk.db"))
    uvicorn.run(application(center), host="127.0.0.1", port=8000)


if __name__ == "__main__":
    main()
