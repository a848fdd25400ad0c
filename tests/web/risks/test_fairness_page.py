"""A table is counted, its report sealed, and the table let go; what does not fit is told."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tanba.strings import LANGUAGES, t
from tanba.web.accounts.models import User
from tanba.web.evidence import outbox
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System
from web.evidence.doing import owe, status

TABLE = b"sex,approved,repaid\n" + b"f,1,1\nf,0,1\nm,1,0\nm,1,1\n" * 10


def place(name: str, system: System, *more: Any) -> str:
    return reverse(f"risks:{name}", args=[system.organisation_id, system.slug, *more])


def count(browser: Client, system: System, table: bytes = TABLE, **values: str) -> Any:
    sent = {"group": "sex", "prediction": "approved", "label": "repaid", "positive": "1", **values}
    return browser.post(place("fairness", system), {"table": SimpleUploadedFile("t.csv", table), **sent})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_is_counted_the_report_sealed_and_the_table_let_go(
    lang: str, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    row, browser = owe(system, "230-VIII/6"), sign_in(bob, lang)
    answer = count(browser, system)
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert t("fairness.no_verdict", lang) in page
    assert page.count("<svg") >= 6
    assert "30/40" in page
    outbox.drain()
    assert status(row) == "evidenced"
    made = Artifact.objects.get(kind="fairness")
    assert b"f,1,1" not in (made.made_here or b"")
    assert json.loads(made.made_here or b"")["verdict"] == "none"


@pytest.mark.parametrize(
    ("table", "values", "told"),
    [
        (TABLE, {"group": "sexx"}, "sex"),
        (TABLE, {"positive": "yes"}, "no row has"),
        (b"\xff\xfe", {}, "is not UTF-8"),
        (b"", {}, "empty"),
        (b"sex,approved,repaid\nf,1\n", {}, "line 2"),
        (b"sex,approved,repaid\n", {}, "no rows"),
        (b"sex,approved,repaid\n" + b"".join(b"g%d,1,1\n" % number for number in range(70)), {}, "groups"),
    ],
)
def test_a_table_that_does_not_fit_is_told_and_keeps_nothing(
    table: bytes, values: dict[str, str], told: str, system: System, bob: User, sign_in: Callable[..., Client]
) -> None:
    answer = count(sign_in(bob), system, table, **values)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Artifact.objects.exists()


def test_groups_of_a_table_that_are_hostile_are_only_text(system: System, bob: User, sign_in: Callable[..., Client]) -> None:
    browser = sign_in(bob)
    answer = count(browser, system, TABLE.replace(b"f,", b"<script>x</script>,"))
    page = browser.get(answer["Location"]).content.decode()
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page
