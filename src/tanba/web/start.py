"""Start the register: prepare the database, read it for the command line, serve.

Call `prepare` first; the other functions need Django to be set up.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tanba import workspace as workspaces
from tanba.errors import InputError, TanbaError
from tanba.files import make_private
from tanba.law.facts import Answer, SystemFile
from tanba.law.model import Law
from tanba.ledger.checkpoint import Checkpoint
from tanba.strings import explain, t
from tanba.workspace import Workspace

if TYPE_CHECKING:
    from tanba.bundle.make import Made
    from tanba.web.systems.models import System

AUDITED_AT_START = 200_000
"""Entries that are read again at each start, in about half a second."""


def prepare(workspace: Workspace | None = None) -> None:
    """Set Django up for a workspace (the current one) and bring its database up to date. Raises InputError where it cannot be written."""
    workspace = workspace or workspaces.current()
    os.environ["TANBA_HOME"] = str(workspace.create().root)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tanba.web.settings")
    import django
    from django.core.management import call_command
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    if not workspace.config().register_database:
        make_private(workspace.register)
    django.setup()
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
    except DatabaseError as error:
        raise InputError(
            "cannot be opened: {problem}", "Is it a register of tanba, and may you write it?", workspace.register, problem=error
        ) from None


def registered_systems(law: Law) -> Iterator[SystemFile]:
    """Every system of the current workspace's register with its confirmed answers, for verbs that need no web."""
    prepare()
    from tanba.web.systems.models import System

    for system in System.objects.exclude(state="rejected").select_related("organisation").order_by("organisation_id", "slug"):
        answers = {name: Answer(value, confirmed=True) for name, value in system.facts().items() if name in law.facts}
        yield SystemFile(slug=system.slug, name=system.name, answers=answers)


def make_bundle(name: str, output: Path | None, known: Sequence[Checkpoint]) -> tuple[Path, "Made"]:
    """The bundle of a system of this workspace's register, by name or id: (file, what was made). Raises TanbaError."""
    from tanba.web.evidence import collect, ledger

    system = _system_named(name)
    path = output or Path(f"{system.slug}.tanba.zip")
    try:
        return path, collect.make_bundle(system, path, known)
    finally:
        ledger.close()


def document_material(system: str = "", bin: str = "") -> dict[str, Any]:
    """What documents of a system (by name or id), or of an organisation (by BIN, or the only one), are made from. Raises TanbaError."""
    _register_is_there()
    from tanba.web.documents.desk import known
    from tanba.web.documents.whole import of_organisation
    from tanba.web.evidence import ledger
    from tanba.web.incidents.fromoutside import organisation_of

    try:
        return known(_system_named(system)) if system else of_organisation(organisation_of(bin))
    finally:
        ledger.close()


def stop_material(system: str) -> dict[str, Any]:
    """What orders of the newest stop of a system (by name or id) are made from. Raises TanbaError."""
    _register_is_there()
    from tanba.web.incidents.papers import of_stop

    return of_stop(_system_named(system))


def _register_is_there() -> None:
    """Ready to be read. Raises InputError where this workspace has none."""
    if not workspaces.current().has_register():
        raise InputError("there is no register in this workspace yet", "`tanba serve` makes one.", workspaces.current().root)
    prepare()


def _system_named(name: str, bin: str = "") -> "System":
    """The one system of the register, or of an organisation of it, with that name or id. Raises InputError."""
    _register_is_there()
    from tanba.web.systems.models import System

    systems = System.objects.filter(organisation__bin=bin) if bin else System.objects.all()
    found = [system for system in systems.select_related("organisation").order_by("id") if name in (system.slug, str(system.pk))]
    if not found:
        known_names = ", ".join(systems.order_by("slug").values_list("slug", flat=True)[:20])
        raise InputError("no system is called {name!r}", "The register has: {known}.", name=name, known=known_names or "–")
    if len(found) > 1:
        ids = ", ".join(str(system.pk) for system in found)
        raise InputError("{count} systems are called {name!r}", "Use one of the ids: {ids}.", count=len(found), name=name, ids=ids)
    return found[0]


def exported(form: str, lang: str, name: str | None, bin: str, everything: bool) -> Iterator[bytes]:
    """An export (`tanba.export.forms`) of one system of this workspace's register, or of all of an organisation. Raises TanbaError."""
    _register_is_there()
    from tanba.export.forms import written
    from tanba.web.evidence import ledger
    from tanba.web.incidents.fromoutside import organisation_of
    from tanba.web.obligations import exporting
    from tanba.web.systems.models import System

    system = _system_named(name, bin) if name is not None else None
    organisation = system.organisation if system else organisation_of(bin)
    systems = System.objects.filter(pk=system.pk) if system else System.objects.filter(organisation=organisation)
    try:
        yield from written(form, exporting.whole(organisation), exporting.book(), exporting.subjects(systems), lang, everything)
    finally:
        ledger.close()


def four_eyes(bin: str, slug: str) -> bool:
    """Whether two persons are needed to restart a system of this workspace's register; `bin` may be empty."""
    prepare()
    from tanba.web.systems.models import System

    found = System.objects.filter(slug=slug, organisation__four_eyes=True)
    return (found.filter(organisation__bin=bin) if bin else found).exists()


def sign_in_link(email: str, base: str) -> str:
    """A one-time sign-in link for somebody who forgot the password. Raises InputError where nobody has that address."""
    from tanba.web.accounts.links import sign_in_path
    from tanba.web.accounts.models import User

    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise InputError("nobody signs in with {email!r}", "See the page People for addresses.", email=email)
    return f"{base}{sign_in_path(user)}"


def entrance(base: str, lang: str = "kk") -> str:
    """How to get in: a one-time link for the first administrator, or the set-up link of an empty register."""
    from tanba.web.accounts.links import setup_path
    from tanba.web.accounts.models import Membership

    first = Membership.objects.filter(role="administrator", user__is_active=True).select_related("user").order_by("id").first()
    if first is None:
        return t("web.entrance_setup", lang, address=f"{base}{setup_path()}")
    return t("web.entrance", lang, name=str(first.user), address=sign_in_link(first.user.email, base))


def ledger_found(lang: str) -> list[str]:
    """What a start finds of the ledger: how much there is and waits, and every fault; a large one waits for `tanba ledger check`."""
    from tanba.ledger.audit import audit
    from tanba.web.evidence import ledger
    from tanba.web.evidence.models import Artifact

    try:
        log = ledger.log()
        size = log.head().checkpoint.size
        findings = audit(log.store, log.keyring.keys) if size <= AUDITED_AT_START else []
    except TanbaError as error:
        message, hint = explain(error, lang)
        return [message, hint]
    waiting = Artifact.objects.exclude(state=Artifact.State.SEALED).count()
    told = [t(f"ledger.finding_{finding.code}", lang, position=finding.position, count=finding.count) for finding in findings]
    return [t("web.ledger_found", lang, count=size, waiting=waiting), *told]


def serve(host: str | None = None, port: int | None = None, lang: str = "kk") -> None:
    """Serve until stopped; prints where, and how to get in. Raises TanbaError where the port is taken."""
    import waitress
    from django.conf import settings

    from tanba.web.tick import tickers
    from tanba.web.wsgi import application

    config = workspaces.current().config(host=host, port=port)
    settings.ALLOWED_HOSTS.append(config.host)
    where = f"{config.host}:{config.port}"
    try:
        if config.port > 65535:  # the system would take another port, without a word
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        server = waitress.create_server(
            application,
            host=config.host,
            port=config.port,
            threads=4,
            ident=None,
            max_request_body_size=100_000_000,
            clear_untrusted_proxy_headers=not config.proxies,  # else tanba.web.proxies decides
        )
    except OSError as error:
        raise TanbaError(
            "cannot listen on {address} ({problem})",
            "Choose another port: --port, or TANBA_PORT.",
            address=where,
            problem=error.strerror,
        ) from None
    base = f"http://{where}"
    print(t("web.serving", lang, address=base), *ledger_found(lang), entrance(base, lang), sep="\n", flush=True)
    working = tickers()
    for ticker in working:
        ticker.start()
    try:
        server.run()
    finally:
        for ticker in working:
            ticker.stop()
