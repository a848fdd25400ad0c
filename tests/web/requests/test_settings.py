"""The house's own terms and the working calendar: who changes them, that it is sealed, and what moves."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tanba.people.requests import KINDS
from tanba.people.terms import HOUSE
from tanba.strings import t
from tanba.web.accounts.models import User
from tanba.web.evidence.acts import details_of
from tanba.web.evidence.models import Artifact
from tanba.web.requests.models import Request, house_of
from tanba.web.systems.models import System
from tanba.workspace import current
from web.requests.conftest import HOSTILE, address

Filer = Callable[..., Request]
SignIn = Callable[..., Client]


def terms(**changed: Any) -> dict[str, str]:
    return {name: str(value) for name, value in {**HOUSE, "keep_days": 365, **changed}.items()}


def test_a_change_of_terms_is_sealed_and_new_requests_get_it(file: Filer, carol: User, sign_in: SignIn) -> None:
    before = file("support")
    assert sign_in(carol).post(address("terms", before.organisation), terms(support=2)).status_code == 302
    assert file("support").term_within == 2
    before.refresh_from_db()
    assert before.term_within == HOUSE["support"]
    said = details_of(Artifact.objects.get(kind="request-terms"))
    assert (said["before"]["support"], said["after"]["support"]) == (HOUSE["support"], 2)


def test_saving_the_same_terms_seals_nothing(lender: System, carol: User, sign_in: SignIn) -> None:
    sign_in(carol).post(address("terms", lender.organisation), terms())
    assert not Artifact.objects.filter(kind="request-terms").exists()


def test_no_term_of_the_law_is_changed_by_the_house(file: Filer, carol: User, sign_in: SignIn) -> None:
    sign_in(carol).post(address("terms", file("support").organisation), terms(objection=60))
    row = file("objection")
    assert (row.term_within, row.term_basis) == (3, "law")


@pytest.mark.parametrize("values", [{"support": 0}, {"support": 61}, {"support": "x"}, {"keep_days": 0}, {"data": ""}])
def test_absurd_terms_are_refused(values: dict[str, Any], lender: System, carol: User, sign_in: SignIn) -> None:
    assert sign_in(carol).post(address("terms", lender.organisation), terms(**values)).status_code == 422
    assert house_of(lender.organisation).terms == HOUSE


def test_every_kind_is_on_the_page(lender: System, dana: User, sign_in: SignIn) -> None:
    page = sign_in(dana).get(address("terms", lender.organisation)).content.decode()
    for kind in KINDS:
        assert t(f"answers.about_{kind}", "en")[1:] in page
    assert '<form class="panel"' not in page


# the calendar


def day(browser: Client, system: System, **values: str) -> Any:
    given = {"day": "2027-01-04", "is_off": "off", "basis": "resolution No. 1", **values}
    return browser.post(address("calendar", system.organisation), given)


def test_a_day_off_moves_open_terms_and_is_sealed(file: Filer, lender: System, carol: User, sign_in: SignIn) -> None:
    row = file("support")
    assert row.due is not None
    last = timezone.localtime(row.due).date()
    assert day(sign_in(carol), lender, day=last.isoformat()).status_code == 302
    moved = Request.objects.get(pk=row.pk).due
    assert moved is not None
    assert timezone.localtime(moved).date() > last
    assert details_of(Artifact.objects.get(kind="calendar-change")) == {"basis": "resolution No. 1", "day": last.isoformat(), "is": "off"}


def test_a_change_is_shown_and_can_be_taken_back(lender: System, carol: User, sign_in: SignIn) -> None:
    browser = sign_in(carol)
    day(browser, lender, basis=HOSTILE[:200])
    page = browser.get(address("calendar", lender.organisation) + "?year=2027").content.decode()
    assert "&lt;img src=x" in page
    assert 'onerror="' not in page
    browser.post(address("calendar", lender.organisation), {"remove": "2027-01-04"})
    assert (
        t("requests.changed_by_officer", "en") not in browser.get(address("calendar", lender.organisation) + "?year=2027").content.decode()
    )


def test_a_doubtful_day_is_settled(lender: System, carol: User, sign_in: SignIn) -> None:
    browser, page = sign_in(carol), address("calendar", lender.organisation) + "?year=2026"
    assert browser.get(page).content.decode().count(t("cli.calendar.doubtful", "en")) == 2
    day(browser, lender, day="2026-05-27", is_off="off", basis="announced")
    assert browser.get(page).content.decode().count(t("cli.calendar.doubtful", "en")) == 1


@pytest.mark.parametrize("values", [{"day": "x"}, {"day": "2027-02-30"}, {"is_off": "perhaps"}, {"basis": ""}, {"basis": "x" * 201}])
def test_days_that_do_not_fit_are_refused(values: dict[str, str], lender: System, carol: User, sign_in: SignIn) -> None:
    assert day(sign_in(carol), lender, **values).status_code == 422
    assert not current().calendar.exists()


def test_years_that_nobody_knows_say_so(lender: System, carol: User, sign_in: SignIn) -> None:
    for year in ("2031", "1999"):
        page = sign_in(carol).get(address("calendar", lender.organisation) + f"?year={year}").content.decode()
        assert t("requests.calendar_beyond", "en", first=2024, last=2028) in page
    for year in ("0000", "99999", "x", "٢٠٢٦"):
        assert sign_in(carol).get(address("calendar", lender.organisation) + f"?year={year}").status_code == 200


def test_a_broken_file_is_told_and_loses_nothing(lender: System, carol: User, sign_in: SignIn) -> None:
    current().create().calendar.write_text("off: [broken")
    browser = sign_in(carol)
    assert browser.get(address("calendar", lender.organisation)).status_code == 200
    assert day(browser, lender).status_code == 422
    assert current().calendar.read_text() == "off: [broken"


def test_the_days_are_in_order_of_the_year(lender: System, carol: User, sign_in: SignIn) -> None:
    listed = sign_in(carol).get(address("calendar", lender.organisation) + "?year=2026").context["days"]
    days = [each["day"] for each in listed]
    assert days == sorted(days)
    assert date(2026, 12, 16) in days
