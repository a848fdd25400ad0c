"""What tests of imports share: a table given, read, applied."""

from typing import Any

from tanba.exchange.files import read, write
from tanba.law.load import load
from tanba.sheets import write_csv
from tanba.web.accounts.models import Organisation, User
from tanba.web.exchange import desk
from tanba.web.exchange.models import Import
from tanba.web.exchange.state import values_of
from tanba.web.systems.models import System


def table(*rows: list[Any]) -> bytes:
    return "".join(write_csv(rows)).encode()


def looked(company: Organisation, by: User | None, content: bytes, confirmed: bool = True) -> Import:
    row = desk.take(company, "inventory.csv", content, by, confirmed, "en")
    desk.look(row)
    row.refresh_from_db()
    return row


def applied(company: Organisation, by: User | None, content: bytes, confirmed: bool = True) -> Import:
    row = looked(company, by, content, confirmed)
    assert desk.ask(row)
    desk.work()
    row.refresh_from_db()
    return row


def register(company: Organisation) -> dict[str, dict[str, Any]]:
    """Slug → values of every system."""
    systems = System.objects.filter(organisation=company).select_related("owner").order_by("slug")
    return {system.slug: values for system, values in values_of(systems)}


def as_table(company: Organisation, form: str = "xlsx") -> bytes:
    content = write(register(company).values(), form, load("kz"), "ru")
    assert not read(content, load("kz")).problems
    return content


def told(row: Import) -> list[tuple[int, str, str]]:
    return [(each["row"], each["column"], each["message"]["en"]) for each in row.plan["problems"]]
