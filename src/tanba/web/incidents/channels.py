"""How an alarm leaves: e-mail, Telegram, Slack, or a receiver of one's own. It carries a number and a link, whatever the channel.

Whoever receives may get it twice (the register may die between sending and noting it): the receiver's message has an `id` for that.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from urllib.parse import quote

from tanba import net
from tanba.digest import canonical_json
from tanba.errors import InputError, NetworkError
from tanba.people.escalation import signature, text
from tanba.web.incidents.models import Message
from tanba.workspace import Config

PATIENCE = 10.0
"""Seconds for connecting and for each read."""

SCHEMA = "tanba.alarm/1"
NEEDED: Mapping[str, tuple[str, ...]] = {
    "email": ("smtp_server", "smtp_from"),
    "telegram": ("telegram_token",),
    "slack": ("slack_webhook",),
    "webhook": ("webhook_secret",),
}
"""Settings without which a channel sends nothing."""


class UndeliveredError(Exception):
    """Why not: `outcome` is a code of the catalogue (`incidents.outcome_…`), `detail` foreign words without secrets."""

    def __init__(self, outcome: str, detail: str = "") -> None:
        """At most as long as the row that keeps it."""
        super().__init__(outcome)
        self.outcome, self.detail = outcome, detail[:200]


def deliver(message: Message, config: Config, now: datetime) -> None:
    """One try. Raises UndeliveredError."""
    if missing := [name for name in NEEDED[message.channel] if not getattr(config, name)]:
        raise UndeliveredError("settings", ", ".join(missing))
    number = message.incident.number if message.incident else 0
    try:
        SENDERS[message.channel](message, config, number, link_of(message, config), now)
    except InputError as error:
        raise UndeliveredError("settings", error.message) from None
    except NetworkError as error:
        raise UndeliveredError("network", error.message) from None


def link_of(message: Message, config: Config) -> str:
    """To the page, which asks to sign in."""
    base = config.public_address.rstrip("/") or f"http://{config.host}:{config.port}"
    place = f"incidents/{message.incident.number}/" if message.incident else "incidents/ladder/"
    return f"{base}/o/{message.organisation_id}/{place}"


def mail_server(config: Config) -> net.MailServer:
    """From the settings. Raises UndeliveredError."""
    host, _, port = config.smtp_server.rpartition(":")
    if not host or not port.isdecimal() or config.smtp_security not in ("tls", "starttls"):
        raise UndeliveredError("settings", "smtp_server, smtp_security")
    return net.MailServer(host, int(port), config.smtp_security, config.smtp_user, config.smtp_password, config.smtp_authority)


def _email(message: Message, config: Config, number: int, link: str, now: datetime) -> None:
    net.mail(mail_server(config), config.smtp_from, message.to, f"tanba · № {number}", text(number, link) + "\n", patience=PATIENCE)


def _telegram(message: Message, config: Config, number: int, link: str, now: datetime) -> None:
    address = f"{config.telegram_api.rstrip('/')}/bot{quote(config.telegram_token, safe=':')}/sendMessage"
    body = {"chat_id": message.to, "link_preview_options": {"is_disabled": True}, "text": text(number, link)}
    _taken(net.post(address, canonical_json(body), "application/json", secret=True, patience=PATIENCE))


def _slack(message: Message, config: Config, number: int, link: str, now: datetime) -> None:
    body = canonical_json({"text": text(number, link)})
    _taken(net.post(config.slack_webhook, body, "application/json", secret=True, patience=PATIENCE))


def _webhook(message: Message, config: Config, number: int, link: str, now: datetime) -> None:
    moment = int(now.timestamp())
    body = canonical_json({"id": str(message.pk), "link": link, "number": number, "schema": SCHEMA})
    headers = {"Tanba-Signature": signature(config.webhook_secret, moment, body)}
    _taken(net.post(message.to, body, "application/json", headers=headers, secret=True, patience=PATIENCE))


def _taken(answer: net.Answer) -> None:
    """A redirect is no acceptance: where it leads, nobody entered."""
    if not 200 <= answer.status < 300:
        raise UndeliveredError("redirect" if 300 <= answer.status < 400 else "refused", f"HTTP {answer.status}")


SENDERS: Mapping[str, Callable[[Message, Config, int, str, datetime], None]] = {
    "email": _email,
    "telegram": _telegram,
    "slack": _slack,
    "webhook": _webhook,
}
