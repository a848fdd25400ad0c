"""Rows written in bulk are what `save` would have written."""

from datetime import date
from typing import Any

import pytest

from tanba.ids import uuid7
from tanba.web.accounts.models import Organisation, User
from tanba.web.bulk import insert, update
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import Fact, System

pytestmark = pytest.mark.django_db


def values(row: Any) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_rows_are_those_that_save_writes(company: Organisation, system: System, carol: User) -> None:
    said = {"provision": "p", "kind": "duty", "layer": "statute", "answer": "applies", "due": date(2026, 1, 2)}
    saved = Obligation.objects.create(system=system, path="a", **said)
    key = uuid7()
    insert(Obligation, ("id", "system", "path", *said), [(key, system.pk, "b", *said.values())])
    assert values(Obligation.objects.get(pk=key)) == values(saved) | {"id": key, "path": "b"}


@pytest.mark.parametrize("value", [None, True, False, 0, "text", ["a"], [], {"kk": "ә"}])
def test_json_comes_back(system: System, carol: User, value: Any) -> None:
    saved = system.fact_rows.create(name="x", value=value, source="s", by=carol)
    key = uuid7()
    insert(
        Fact,
        ("id", "system", "name", "value", "source", "by", "confirmed", "at"),
        [(key, system.pk, "x", value, "s", carol.pk, True, saved.at)],
    )
    row = Fact.objects.get(pk=key)
    assert values(row) == values(saved) | {"id": key}
    assert type(row.value) is type(value)


def test_rows_are_changed(company: Organisation, system: System) -> None:
    other = System.objects.create(organisation=company, slug="other", name={"en": "Other"})
    update(System, ("vendor", "questions"), [("V", 3, system.pk), ("W", 4, other.pk)])
    assert list(System.objects.order_by("slug").values_list("slug", "vendor", "questions")) == [("other", "W", 4), ("scorer", "V", 3)]
    insert(System, ("id",), [])
    update(System, ("vendor",), [])
