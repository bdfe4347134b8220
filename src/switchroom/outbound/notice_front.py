"""``center.templates`` and ``center.notify``: each method is one operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from switchroom.consent.model import MARKETING
from switchroom.kernel.vertical import Access
from switchroom.messaging.addresses import Address
from switchroom.outbound import notifying, templates
from switchroom.outbound.model import MessageTemplate
from switchroom.outbound.notice_model import Notice, NoticeTrigger, Notification
from switchroom.outbound.pump import OutboundRunner
from switchroom.outbound.recurrence import Every
from switchroom.outbound.rendering import Rendered
from switchroom.outbound.state import Outbound
from switchroom.outbound.views import NotificationView, notification_view
from switchroom.routing.fields import Fact

if TYPE_CHECKING:
    from switchroom.consent.keywords import KeywordPolicy


class TemplatesFront:
    """Saved texts for campaigns and notifications."""

    def __init__(self, runner: OutboundRunner, policy: Callable[[], KeywordPolicy]) -> None:
        self._on: Access[Outbound] = Access(runner, "outbound")
        self._policy = policy

    def save(self, spec: MessageTemplate, *, command_id: str | None = None) -> None:
        """Make or change a template. Refuses one in which `lint` finds an error."""
        self._on.run(templates.save, spec, self.lint(spec), command_id=command_id)

    def lint(
        self, spec: MessageTemplate, *, purpose: str = MARKETING, channel: str = "sms"
    ) -> tuple[templates.Finding, ...]:
        """What is wrong with a template, errors first: see `switchroom.outbound.templates.lint`."""
        return templates.lint(spec, self._policy(), purpose=purpose, channel=channel)

    def preview(self, template: str, values: Mapping[str, Fact], *, channel: str = "sms") -> Rendered:
        """The message as it would leave for these values: text, subject and parts."""
        return templates.preview(self._on.look(lambda o: o.template(template)), values, channel)

    def delete(self, template: str, *, command_id: str | None = None) -> None:
        """Delete a template that nothing uses any more."""
        self._on.run(templates.delete, template, command_id=command_id)

    def names(self) -> tuple[str, ...]:
        """The ids of all templates."""
        return self._on.look(lambda o: tuple(sorted(o.templates)))


class NotifyFront:
    """Notifications. Called, it sends one: ``center.notify("main", to, "Your parcel is here")``."""

    def __init__(self, runner: OutboundRunner) -> None:
        self._on: Access[Outbound] = Access(runner, "outbound")

    def __call__(
        self,
        line: str,
        to: Address,
        text: str = "",
        *,
        template: str | None = None,
        values: Mapping[str, Fact] | None = None,
        subject: str = "",
        purpose: str = "notification",
        at: datetime | None = None,
        every: Every | None = None,
        zone: str | None = None,
        key: str | None = None,
        command_id: str | None = None,
    ) -> str:
        """Send a notification now, ``at`` an instant or ``every`` so often; returns its id.

        ``text`` or ``template``, filled with ``values``. ``purpose``: a ``notification`` leaves in the recipient's
        hours (``zone``) and with consent where the channel asks for it; ``transactional`` does not wait. ``key``: the
        same key with the same contents gives the first notification's id and sends nothing again.

        Raises `SendRefused` if the gate says no for good, `InvalidInput` for a missing value.
        """
        notice = Notice(line=line, text=text, template=template, subject=subject, purpose=purpose, zone=zone)
        spec = Notification(notice=notice, to=to, values=values or {}, at=at, every=every)
        return self.send(spec, key=key, command_id=command_id)

    def send(self, spec: Notification, *, key: str | None = None, command_id: str | None = None) -> str:
        """As calling it, with everything that a `Notice` can say."""
        return self._on.run(notifying.notify, spec, key, command_id=command_id)

    def cancel(self, notification: str, *, command_id: str | None = None) -> None:
        """Send nothing more for it."""
        self._on.run(notifying.cancel, notification, command_id=command_id)

    def save_trigger(self, spec: NoticeTrigger, *, command_id: str | None = None) -> None:
        """Let an event of a name send a notice."""
        self._on.run(notifying.save_trigger, spec, command_id=command_id)

    def delete_trigger(self, trigger: str, *, command_id: str | None = None) -> None:
        """Take a trigger away; what it has planned stays planned."""
        self._on.run(notifying.delete_trigger, trigger, command_id=command_id)

    def trigger(
        self,
        event: str,
        to: Address,
        values: Mapping[str, Fact] | None = None,
        *,
        key: str | None = None,
        command_id: str | None = None,
    ) -> tuple[str, ...]:
        """An event has happened; returns the notifications that follow. The same ``key`` sends nothing again."""
        return self._on.run(notifying.trigger, event, to, dict(values or {}), key, command_id=command_id)

    def get(self, notification: str) -> NotificationView:
        """A notification that is planned, or ended within the last week; the log keeps the others."""
        return self._on.look(lambda o: notification_view(notifying.find(o, notification)))
