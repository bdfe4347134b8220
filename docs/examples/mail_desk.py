"""A support desk over e-mail: ``python mail_desk.py --smtp-port 2525 --listen 2526``.

Mail to help@example.com comes in by SMTP on the port that it listens on, is answered on the terminal by the agent
``ana``, and leaves by the server on the other port. Answers thread: a customer who replies reaches the same
conversation. Needs ``pip install "switchroom[sqlite,smtp]" aiosmtpd``.
"""

from __future__ import annotations

import argparse
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from switchroom import Address, ContactCenter, SqliteStorage
from switchroom.carrying import Carrier
from switchroom.config import parse
from switchroom.errors import SwitchroomError
from switchroom.transport.smtp import SmtpTransport

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP
    from aiosmtpd.smtp import Envelope as Mail

HELP = Address("email", "help@example.com")
CENTER = """
[queue.mail]
ordering = "oldest"

[agent.ana]
queues = ["mail"]
auto_answer = true
utilization = { media = { email = { cost = 10, maximum = 10 } }, default_cost = 10 }

[line.mail]
address = "email:help@example.com"
queue = "mail"
greeting = "We have got your mail and will answer today."
"""


class Inbox:
    """What the listening SMTP server does with a mail: the center has it before the sender is told so."""

    def __init__(self, transport: SmtpTransport, carrier: Carrier) -> None:
        self._transport = transport
        self._carrier = carrier

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Mail) -> str:
        event = self._transport.receive(envelope.original_content or b"", recipient=HELP)
        try:
            self._carrier.take(event)
        except SwitchroomError as error:
            return f"550 5.7.1 {error.error_code}"
        except Exception:
            # Not taken: the sender's server keeps it and comes again.
            return "451 4.3.0 try again later"
        return "250 2.0.0 taken"


class MailDesk:
    """The center, its mail in and out, and what the agent does."""

    def __init__(self, center: ContactCenter, *, smtp_port: int, listen: int, domain: str = "example.com") -> None:
        self.center = center
        transport = SmtpTransport("127.0.0.1", port=smtp_port, domain=domain, tls="none")
        carrier = Carrier(center, transport)
        self._inbox = Controller(Inbox(transport, carrier), hostname="127.0.0.1", port=listen)
        self._stop = Event()
        self._ticking = Thread(target=self._tick, daemon=True)

    def start(self) -> None:
        """Listen, and let time pass."""
        self.center.agents.sign_in("ana")
        self._inbox.start()
        self._ticking.start()

    def stop(self) -> None:
        """Stop listening; what is not delivered yet is delivered after the next start."""
        self._inbox.stop()
        self._stop.set()
        self._ticking.join()
        self.center.close()

    def _tick(self) -> None:
        while not self._stop.wait(0.1):
            self.center.run_due()
            self.center.effects.deliver()

    def in_hand(self) -> list[str]:
        """The conversations that ana has to answer."""
        mine = {assignment.item for assignment in self.center.assignments.of_agent("ana")}
        conversations = self.center.conversations
        return [id for id in conversations.open() if conversations.get(id).item in mine]

    def answer(self, conversation: str, text: str) -> None:
        """Send ana's answer, and close: an answer of the customer's opens the conversation again."""
        self.center.conversations.reply(conversation, text, agent="ana")
        self.center.conversations.close(conversation, agent="ana")


def main() -> None:
    """Show each mail and ask for an answer, until interrupted."""
    parser = argparse.ArgumentParser(description="A support desk over e-mail.")
    parser.add_argument("--smtp-port", type=int, default=2525, help="server on this machine that mail leaves by")
    parser.add_argument("--listen", type=int, default=2526, help="port on which mail comes in")
    chosen = parser.parse_args()
    center = parse(CENTER).build(storage=SqliteStorage("mail_desk.db"))
    desk = MailDesk(center, smtp_port=chosen.smtp_port, listen=chosen.listen)
    desk.start()
    print(f"Waiting for mail on port {chosen.listen}. Ctrl+C ends.")
    try:
        while True:
            for conversation in desk.in_hand():
                for said in center.conversations.transcript(conversation):
                    print(f"{said.author}: {said.text}")
                desk.answer(conversation, input("> "))
            Event().wait(1)
    except (KeyboardInterrupt, EOFError):
        desk.stop()


if __name__ == "__main__":
    main()
