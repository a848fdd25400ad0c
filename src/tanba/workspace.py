"""Where things lie, and how tanba is configured.

The workspace is `$TANBA_HOME`, else `./tanba-workspace/`. A setting is looked up as flag, environment (`TANBA_PORT`), `tanba.toml`,
default; the environment alone suffices in a container. Nothing is written before it is needed.
"""

import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from tanba.errors import InputError
from tanba.files import sync_folder
from tanba.policyfile import unknown_setting

TRUE, FALSE = ("true", "1", "yes", "on"), ("false", "0", "no", "off")


@dataclass(frozen=True, slots=True)
class Config:
    """Every setting with its default. `allowed_hosts` names the hosts of the address bar, separated by commas.

    `ledger_name` is used when the ledger is made (a name like an address, without https://); `ledger_database` is the URL of a PostgreSQL
    server in place of the file, `register_database` likewise of the register; `timestamp_authority` the address of an RFC 3161 service.

    `objects` names a bucket, `s3://bucket/prefix`, in place of the folder; `objects_endpoint` the cloud's address where it is not AWS;
    `objects_lock_days` for how many days an object cannot be deleted by anybody.

    `trusted_proxies` are addresses and networks, separated by commas, of reverse proxies whose X-Forwarded-For is believed.

    `marking_certificate` and `marking_key` name PEM files of a public authority's certificate for C2PA manifests, in place of our own.

    Alarms of incidents (docs/incidents.md): `public_address` stands before their links; `smtp_server` is `host:port`, `smtp_security` tls
    or starttls, `smtp_authority` a PEM file of a private authority; `telegram_api` the address of a bot server of one's own. Secrets are
    `smtp_password`, `telegram_token`, `slack_webhook` (an address) and `webhook_secret`: no page and no log shows them.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: str = ""
    https: bool = False
    trusted_proxies: str = ""
    ledger_name: str = ""
    ledger_database: str = ""
    register_database: str = ""
    timestamp_authority: str = ""
    objects: str = ""
    objects_endpoint: str = ""
    objects_lock_days: int = 0
    marking_certificate: str = ""
    marking_key: str = ""
    public_address: str = ""
    smtp_server: str = ""
    smtp_security: str = "tls"
    smtp_authority: str = ""
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_from: str = ""
    telegram_api: str = "https://api.telegram.org"
    telegram_token: str = field(default="", repr=False)
    slack_webhook: str = field(default="", repr=False)
    webhook_secret: str = field(default="", repr=False)

    @property
    def proxies(self) -> list[str]:
        """The trusted ones, each an address or a network. Raises InputError."""
        found = [each.strip() for each in self.trusted_proxies.split(",") if each.strip()]
        for each in found:
            try:
                ip_network(each)
            except ValueError:
                raise InputError(
                    "setting {name!r}: {given!r} is no address and no network",
                    "Write addresses such as 10.0.0.5, or networks such as 10.0.0.0/24.",
                    name="trusted_proxies",
                    given=each,
                ) from None
        return found


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder and the names in it."""

    root: Path

    @property
    def settings(self) -> Path:
        """`tanba.toml`, which may be absent."""
        return self.root / "tanba.toml"

    @property
    def register(self) -> Path:
        """The database of the web register."""
        return self.root / "register.sqlite3"

    def has_register(self) -> bool:
        """Whether somebody began one here. Raises InputError where the settings cannot be read."""
        return self.register.exists() or bool(self.config().register_database)

    @property
    def ledger(self) -> Path:
        """The ledger's database, opened by the ledger alone."""
        return self.root / "ledger.sqlite3"

    @property
    def marks(self) -> Path:
        """The register of marks on generated media, opened by nothing else than it."""
        return self.root / "marks.sqlite3"

    @property
    def state(self) -> Path:
        """Which systems are suspended, asked at each call."""
        return self.root / "state.sqlite3"

    @property
    def decisions(self) -> Path:
        """The decision log, opened by it alone."""
        return self.root / "decisions.sqlite3"

    @property
    def spool(self) -> Path:
        """Decisions that wait to be taken into the log; may be absent."""
        return self.root / "spool"

    @property
    def calendar(self) -> Path:
        """What an officer changed in the list of working days; may be absent."""
        return self.root / "calendar.yaml"

    @property
    def ledger_keys(self) -> Path:
        """Changes of the ledger's key, public, one JSON line each."""
        return self.root / "ledger-keys.jsonl"

    @property
    def trust(self) -> Path:
        """Whom the organisation asks and trusts: witnesses, as C2SP tlog-policy; may be absent."""
        return self.root / "ledger-policy.txt"

    @property
    def timestamp_roots(self) -> Path:
        """Roots of the time-stamping authorities that the organisation trusts, PEM; may be absent."""
        return self.root / "timestamp-roots.pem"

    @property
    def signature_roots(self) -> Path:
        """The folder of certificates and lists of revoked ones by which electronic signatures are checked; may be absent."""
        return self.root / "trust"

    @property
    def confirmations(self) -> Path:
        """Counsel's confirmations of provisions, one JSON line each."""
        return self.root / "confirmations.jsonl"

    @property
    def objects(self) -> Path:
        """Files kept by digest."""
        return self.root / "objects"

    @property
    def keys(self) -> Path:
        """Secrets; readable by their owner only."""
        return self.root / "keys"

    def create(self) -> "Workspace":
        """Make the folders that are missing. Raises InputError where that is not allowed."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.objects.mkdir(exist_ok=True)
            self.keys.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise InputError(
                "cannot be created ({problem})", "Choose another folder with TANBA_HOME.", self.root, problem=error.strerror
            ) from None
        return self

    def secret_key(self) -> str:
        """The key that signs sessions and links, made on first use."""
        path = self.create().keys / "web-secret"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(48))
        return path.read_text(encoding="ascii")

    def config(self, environment: Mapping[str, str] = os.environ, **flags: Any) -> Config:
        """The settings in force; flags that are None are not given. Raises InputError on a name or value that does not fit."""
        written = self._written()
        defaults = {each.name: each.default for each in fields(Config)}
        for name in written:
            if name not in defaults:
                raise unknown_setting(name, defaults, self.settings)
        found = {}
        for name, default in defaults.items():
            given = (flags.get(name), environment.get(f"TANBA_{name.upper()}"), written.get(name))
            value = next((value for value in given if value is not None), default)
            found[name] = _typed(name, value, type(default), self.settings)
        return Config(**found)

    def _written(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.settings.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise InputError("cannot be read: {problem}", "See https://toml.io for the format.", self.settings, problem=error) from None


def current() -> Workspace:
    """The workspace of this process."""
    return Workspace(Path(os.environ.get("TANBA_HOME") or "tanba-workspace").absolute())


def write_private(path: Path, text: str) -> None:
    """Write a private file whole and durably; where another process was first, its file stays."""
    temporary = path.with_suffix(f".{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _typed(name: str, value: Any, wanted: type, path: Path) -> Any:
    word = str(value).strip().lower()
    if wanted is bool and word in TRUE + FALSE:
        return word in TRUE
    if wanted is int and word.isdecimal():
        return int(word)
    if wanted is str and isinstance(value, str):
        return value
    raise InputError(
        "setting {name!r}: {given!r} is not true or false"
        if wanted is bool
        else "setting {name!r}: {given!r} is not int"
        if wanted is int
        else "setting {name!r}: {given!r} is not str",
        "Correct it there or in the environment.",
        path,
        name=name,
        given=value,
    )
