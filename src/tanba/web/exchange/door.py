"""What the command line does with the register's imports; `start.prepare` comes first."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

from tanba.errors import InputError
from tanba.exchange.files import write
from tanba.files import read_upto
from tanba.law.load import load
from tanba.sheets import MOST_BYTES
from tanba.web.accounts.models import MANAGERS, Organisation, User
from tanba.web.evidence import ledger
from tanba.web.evidence.outbox import drain
from tanba.web.exchange import desk
from tanba.web.exchange.models import Import
from tanba.web.exchange.state import values_of
from tanba.web.exchange.undo import undo
from tanba.web.systems.models import System

Told = Callable[[int, int], None]


def organisation_of(given: str) -> Organisation:
    """By BIN, id or name in any language; empty for the only one. Raises InputError."""
    every = list(Organisation.objects.order_by("created_at")[:1000])
    found = [each for each in every if not given or given in (each.bin, str(each.pk), *each.name.values())]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{each.bin} ({each})" for each in every[:20]) or "–"
    if not found:
        raise InputError("no organisation is called {name!r}", "The register has: {known}.", name=given, known=known)
    raise InputError("the register has several organisations", "Choose one with --organisation: {known}.", known=known)


def importer(organisation: Organisation, email: str) -> User:
    """Who imports: answers count as this person's. Empty for the only one who may. Raises InputError."""
    managers = User.objects.filter(memberships__organisation=organisation, memberships__role__in=MANAGERS, is_active=True).order_by("email")
    found = [user for user in managers if email.strip().lower() in ("", user.email)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(user.email for user in managers[:20]) or "–"
    if email:
        raise InputError("{email!r} may not import here", "These may: {known}.", email=email, known=known)
    raise InputError("say who imports", "Choose one with --by: {known}.", known=known)


def planned(organisation: Organisation, path: Path, by: User | None, confirmed: bool, language: str) -> Import:
    """A file read and compared with the register. Raises InputError where it cannot be read at all."""
    content = read_upto(path, MOST_BYTES)
    row = desk.take(organisation, path.name, content, by, confirmed, language)
    row.claim()
    try:
        desk.look(row)
    except InputError as error:
        row.delete()
        raise error.at(path) from None
    row.refresh_from_db()
    return row


def carried_out(row: Import, told: Told) -> None:
    """Apply a plan, assess what it touches, seal. Raises InputError where the register has changed meanwhile."""
    desk.ask(row)
    row.refresh_from_db()
    desk.apply(row)
    finished(row, told)


def finished(row: Import, told: Told) -> None:
    """Assess what is left to be assessed, and let the ledger take everything."""

    def sealed(done: int, of: int) -> None:
        """Goes along while the next reports are made."""
        drain()
        told(done, of)

    row.refresh_from_db()
    try:
        desk.assess(row, sealed)
        row.refresh_from_db()
        drain()
    finally:
        row.release()
        ledger.close()


def undone(key: str, by: str, told: Told) -> Import:
    """Undo an import. Raises InputError."""
    try:
        row = Import.objects.select_related("organisation").filter(pk=UUID(key)).first()
    except ValueError:
        row = None
    if row is None:
        raise InputError("there is no import {key!r}", "Its id was printed when it was made.", key=key)
    undo(row, importer(row.organisation, by))
    row.claim()
    finished(row, told)
    return row


def exported(organisation: Organisation, form: str, language: str) -> tuple[bytes, int]:
    """Every system that was not rejected, and how many."""
    systems = System.objects.filter(organisation=organisation).exclude(state="rejected").select_related("owner").order_by("slug")
    values = [found for _, found in values_of(systems.iterator(500))]
    return write(values, form, load("kz"), language), len(values)
