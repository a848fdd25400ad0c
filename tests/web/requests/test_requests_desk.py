"""The desk: list, one request, its clock and timeline, answers, four eyes, erasure, export."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from cli.test_schemas import ROOT
from decision_house import House
from tanba.errors import InputError
from tanba.people.decisions import Decision
from tanba.strings import LANGUAGES, catalogue, t
from tanba.trace.rows import Query
from tanba.web.accounts.models import Organisation, User
from tanba.web.evidence import outbox
from tanba.web.evidence.collect import make_bundle
from tanba.web.evidence.models import Artifact
from tanba.web.requests import desk, drafting, keeping, texts
from tanba.web.requests.models import Event, Request
from tanba.web.systems.models import System
from tanba.workspace import current
from web.requests.conftest import HOSTILE, address, answer, do

Filer = Callable[..., Request]
SignIn = Callable[..., Client]


def steps(row: Request) -> list[str]:
    return [event.what for event in row.events.all()]


def fresh(row: Request) -> Request:
    return Request.objects.get(pk=row.pk)


def test_what_is_open_comes_nearest_first_and_late_is_shown(file: Filer, carol: User, sign_in: SignIn) -> None:
    later, sooner = file("explanation"), file("objection", days=12)
    page = sign_in(carol).get(address("list", later.organisation)).content.decode()
    assert page.index(sooner.number) < page.index(later.number)
    assert page.count(f'<span class="sub">{t("requests.is_late", "en")}</span>') == 1


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?kind=support", {"support"}),
        ("?late=1", {"objection"}),
        ("?state=withdrawn", {"complaint"}),
        ("?state=all", {"support", "objection", "complaint"}),
        ("", {"support", "objection"}),
        ("?kind=magic&state=x&page=0&system=%00", {"support", "objection"}),
        ("?system=elsewhere", set()),
        ("?who=nobody", {"support", "objection"}),
        ("?who=mine", set()),
    ],
)
def test_filters(query: str, found: set[str], file: Filer, carol: User, sign_in: SignIn) -> None:
    rows = {kind: file(kind, days=days) for kind, days in (("support", 0), ("objection", 12), ("complaint", 0))}
    desk.withdraw(rows["complaint"], carol)
    page = sign_in(carol).get(address("list", rows["support"].organisation) + query).content.decode()
    assert {kind for kind, row in rows.items() if row.number in page} == found


def test_the_list_costs_the_same_for_many(
    file: Filer, carol: User, sign_in: SignIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    rows = [file("support") for _ in range(12)]
    browser = sign_in(carol)
    with django_assert_max_num_queries(5):  # session, user, membership, and two of its own
        assert browser.get(address("list", rows[0].organisation)).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", ["list", "enter", "terms", "calendar", "show"])
def test_pages_in_three_languages(page: str, language: str, file: Filer, carol: User, sign_in: SignIn) -> None:
    row = file("withdrawal", days=40)
    desk.take(row, carol)
    told = sign_in(carol, language).get(address(page, row.organisation, *([row.pk] if page == "show" else [])))
    assert told.status_code == 200
    assert f'<html lang="{language}">' in told.content.decode()
    assert of_other_languages(told.content.decode(), language) == []


def of_other_languages(page: str, language: str) -> list[str]:
    """Texts of the desk in another language that stand on the page."""
    lines = {line.strip(" ·–:") for line in re.sub(r"<[^>]*>", "\n", page).splitlines()}
    own = {texts[language] for texts in catalogue().values() if isinstance(texts[language], str)}
    others = [texts[other] for key, texts in catalogue().items() if key.startswith(("requests.", "answers.")) for other in LANGUAGES]
    return [text for text in others if isinstance(text, str) and text in lines and text not in own]


def test_late_work_is_on_the_portfolio_and_on_the_systems_page(file: Filer, carol: User, sign_in: SignIn) -> None:
    row = file("objection", days=12)
    browser = sign_in(carol)
    for page in (f"/o/{row.organisation_id}/", f"/o/{row.organisation_id}/systems/scorer/"):
        assert t("requests.late_count", "en", count=1) in browser.get(page).content.decode()
    desk.withdraw(row, carol)
    assert t("requests.late_count", "en", count=1) not in browser.get(f"/o/{row.organisation_id}/").content.decode()


# the course of a request


def test_taken_asked_who_it_is_shown_and_answered(file: Filer, carol: User, sign_in: SignIn, outsider: Client) -> None:
    row, browser = file("explanation"), sign_in(carol)
    do(browser, row, "take")
    do(browser, row, "identity", asked=["contract_number"])
    assert fresh(row).due is None  # a house term stands still
    assert t("requests.identity_contract_number", "en") in outsider.get(desk.link_of(row)).content.decode()
    do(browser, row, "take")
    answer(browser, row)
    row = fresh(row)
    assert (row.state, row.assignee, row.outcome) == ("answered", carol, "given")
    assert row.due is not None
    assert steps(row) == ["received", "work", "identity", "shown", "answered"]
    assert "Your income was too low." in outsider.get(desk.link_of(row)).content.decode()


def test_a_term_of_the_law_goes_on_while_identity_is_asked(file: Filer, carol: User) -> None:
    row = file("objection")
    before = row.due
    desk.ask_identity(row, ["show_document"], carol)
    assert fresh(row).due == before


@pytest.mark.parametrize("asked", [[], ["passport_copy"], ["contract_number", "iin"]])
def test_more_than_needed_cannot_be_asked(asked: list[str], file: Filer, carol: User, sign_in: SignIn) -> None:
    row = file("data")
    do(sign_in(carol), row, "identity", asked=asked)
    assert fresh(row).state == "received"


def test_what_has_ended_stays_ended(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file("support"), sign_in(carol)
    answer(browser, row, "solved")
    for act in ("take", "identity", "withdraw", "kind"):
        do(browser, row, act, asked=["contract_number"], kind="complaint")
    answer(browser, row, "explained", "Another answer")
    assert steps(row) == ["received", "answered"]
    assert texts.answered(fresh(row)) == "Your income was too low."


def test_of_two_who_act_at_once_the_second_is_told(file: Filer, carol: User, alice: User) -> None:
    row = file("support")
    mine = fresh(row)
    desk.take(row, alice)
    with pytest.raises(InputError, match="changed since this page was opened"):
        desk.withdraw(mine, carol)
    assert fresh(row).state == "work"


def test_another_kind_has_its_own_term_from_the_same_receipt(file: Filer, carol: User, sign_in: SignIn) -> None:
    row = file("complaint", days=1)
    do(sign_in(carol), row, "kind", kind="objection")
    changed = fresh(row)
    assert (changed.kind, changed.term_within, changed.term_basis, changed.received) == ("objection", 3, "law", row.received)
    assert changed.due is not None
    assert row.due is not None
    assert changed.due < row.due
    assert steps(row) == ["received", "kind"]


def test_given_to_a_writer_and_to_nobody_else(file: Filer, carol: User, bob: User, charlie: User, sign_in: SignIn) -> None:
    row, browser = file("support"), sign_in(carol)
    do(browser, row, "assign", to=str(bob.pk))
    assert fresh(row).assignee == bob
    do(browser, row, "assign", to=str(charlie.pk))
    assert fresh(row).assignee is None
    do(browser, row, "assign", to="nonsense")
    assert fresh(row).assignee is None


def test_the_timeline_only_grows_and_says_what_was_sealed(file: Filer, carol: User) -> None:
    row = file("support", text="My name is Aisulu")
    desk.take(row, carol)
    event = row.events.last()
    assert event is not None
    for change in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(what="answered")):
        with pytest.raises(TypeError):
            change()
    outbox.drain()
    for event in row.events.all():
        said = json.loads(event.act.made_here or b"{}")["details"]
        assert said == {"event": event.what, "kind": row.kind, "request": row.number, **event.details}
        assert "Aisulu" not in json.dumps(said)


def test_the_sealed_act_is_shown_in_words(file: Filer, carol: User, sign_in: SignIn) -> None:
    row = file("objection")
    outbox.drain()
    event = row.events.get()
    for language in LANGUAGES:
        page = sign_in(carol, language).get(f"/o/{row.organisation_id}/artifacts/{event.act_id}/").content.decode()
        for key in ("requests.event_received", "answers.about_objection", "requests.channel_form", "requests.basis_law"):
            assert t(key, language) in page, key


# answers


def test_a_draft_says_facts_with_sources_in_the_persons_language(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file("objection", language="kk"), sign_in(carol)
    browser.post(address("draft", row.organisation, row.pk), {"outcome": "upheld", "reason": "", "text": "", "new": "1"})
    text = texts.draft_of(fresh(row))
    assert text.startswith("Сәлеметсіз бе!")
    assert row.number in text
    assert "№ 94-V Заң, 19-1-бап, 3-тармақ" in text
    assert bytes(fresh(row).draft or b"").find("Сәлеметсіз".encode()) < 0  # encrypted where it lies


def test_a_draft_draws_on_the_decision_that_the_person_named(file: Filer, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    class Log:
        def by_number(self, number: str) -> Decision | None:
            return Decision(number, "2026-11-20T09:00:00Z", "refused", "income below the threshold") if number == "D-17" else None

        def of_subject(self, pseudonym: str) -> list[Decision]:
            return [Decision("D-9", "2026-11-19T09:00:00Z", reason="a late payment")] if pseudonym == "person-4" else []

    monkeypatch.setattr(drafting, "source_of", lambda system: Log())
    for named, expected in (("D-17", "income below the threshold"), ("person-4", "a late payment"), ("D-404", "[[the decision log")):
        assert expected in drafting.drafted(file("explanation", written={"decision": named}), "given", "")


def test_the_decision_log_gives_reason_data_and_the_part_of_a_person(file: Filer, lender: System, outsider: Client) -> None:
    house = House(current().create())
    try:
        tracer = house.tracer(lender.slug, lender.organisation.bin)
        with tracer.decision(subject="client-7", model="scorer 3", sources=["income", "credit history"]) as made:
            made.outcome, made.reason, made.human = "refused", "income below the threshold", "excluded"
        with house.tracer("other", lender.organisation.bin).decision(subject="client-8") as other:
            other.outcome = "refused"
        house.drain()
        ids = [row.id for row in house.book.find(Query(subject=None))]
    finally:
        house.close()
    named = (*ids, "client-7", "client-8")
    kinds = {each: drafting.drafted(file("explanation", written={"decision": each}), "given", "") for each in named}
    assert sorted("income below the threshold" in text for text in kinds.values()) == [False, False, True, True]
    assert "Part of a person: the system decides, correction or cancellation by a human is excluded." in kinds["client-7"]
    assert "[[make sure that the decision is about this person]]" in kinds["client-7"]
    assert "Data used: income; credit history." in drafting.drafted(file("data", written={"decision": "client-7"}), "given", "")


def test_no_answer_with_a_gap_is_sent(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file("explanation"), sign_in(carol)
    for text in ("Because [[why]].", "[[still open", "   ", ""):
        answer(browser, row, text=text)
        assert fresh(row).state == "received"
    answer(browser, row, text="Because of income.")
    assert fresh(row).state == "answered"
    assert fresh(row).draft is None


def test_a_refusal_needs_its_ground(file: Filer, carol: User, sign_in: SignIn) -> None:
    row, browser = file("withdrawal"), sign_in(carol)
    assert answer(browser, row, "refused", "We cannot.").status_code == 422
    assert answer(browser, row, "refused", "We cannot.", "protected").status_code == 422
    answer(browser, row, "refused", "An obligation is open.", "obligation_open")
    assert (fresh(row).state, fresh(row).reason) == ("refused", "obligation_open")
    event = row.events.last()
    assert event is not None
    assert (event.what, event.details["reason"]) == ("refused", "obligation_open")


def test_with_four_eyes_the_writer_does_not_send(file: Filer, carol: User, alice: User, company: Organisation, sign_in: SignIn) -> None:
    Organisation.objects.update(four_eyes=True)
    row = file("explanation")
    answer(sign_in(carol), row)
    assert fresh(row).state == "received"
    assert texts.draft_of(fresh(row)) == "Your income was too low."
    desk.send(fresh(row), alice)
    event = row.events.last()
    assert event is not None
    assert (event.by, event.details["writer"]) == (alice, str(carol.pk))


def test_with_four_eyes_another_member_sends_from_the_page_what_stands_there(
    file: Filer, carol: User, alice: User, sign_in: SignIn
) -> None:
    Organisation.objects.update(four_eyes=True)
    row = file("withdrawal")
    written = {"outcome": "refused", "reason": "obligation_open", "text": "First line.\r\nSecond line.\r\n"}
    sign_in(carol).post(address("draft", row.organisation, row.pk), {**written, "save": "1"})
    shown = sign_in(alice).get(address("show", row.organisation, row.pk)).context["form"].initial
    sign_in(alice).post(address("draft", row.organisation, row.pk), {**shown, "send": "1"})
    assert fresh(row).state == "refused"
    assert texts.answered(fresh(row)) == "First line.\nSecond line.\n"


def test_with_four_eyes_whoever_edits_becomes_the_writer(file: Filer, carol: User, alice: User, sign_in: SignIn) -> None:
    Organisation.objects.update(four_eyes=True)
    row = file("explanation")
    answer(sign_in(carol), row)
    answer(sign_in(alice), row, text="Altered and sent by one person.")
    assert fresh(row).state == "received"


# erasure


def test_texts_are_erased_on_wish_once_the_request_has_ended(file: Filer, carol: User, outsider: Client, sign_in: SignIn) -> None:
    row, browser = file("explanation", text="My secret illness"), sign_in(carol)
    do(browser, row, "erase")
    assert texts.written(fresh(row)) is not None
    answer(browser, row)
    outbox.drain()
    do(browser, row, "erase")
    row = fresh(row)
    assert (texts.written(row), texts.answered(row), row.sameness) == (None, None, "")
    assert steps(row)[-1] == "erased"
    for page in (browser.get(address("show", row.organisation, row.pk)), outsider.get(desk.link_of(row))):
        assert t("requests.erased", "en") in page.content.decode()
        assert "illness" not in page.content.decode()
    outbox.drain()
    assert not Artifact.objects.exclude(state="sealed").exists()


def test_the_owner_of_a_system_erases_nothing(file: Filer, bob: User, carol: User, sign_in: SignIn) -> None:
    row = file("support")
    answer(sign_in(carol), row, "solved")
    outbox.drain()
    assert do(sign_in(bob), row, "erase").status_code == 403
    assert texts.written(fresh(row)) is not None


def test_the_register_erases_by_itself_what_was_kept_long_enough(file: Filer, carol: User) -> None:
    old, young, open_ = file("support"), file("support"), file("support", days=900)
    for row in (old, young):
        desk.withdraw(row, carol)
    Request.objects.filter(pk=old.pk).update(closed=timezone.now() - timedelta(days=366))
    assert keeping.forget_old() == 0  # not sealed yet: it waits for a later round
    outbox.drain()
    assert keeping.forget_old() == 1
    assert keeping.forget_old() == 0
    assert [texts.written(fresh(row)) is None for row in (old, young, open_)] == [True, False, False]


def test_a_bundle_for_an_inspector_holds_no_words_of_people(
    file: Filer, carol: User, lender: System, sign_in: SignIn, tmp_path: Any
) -> None:
    row = file("explanation", text="My secret illness")
    answer(sign_in(carol), row, text="Your secret income")
    made = make_bundle(lender, tmp_path / "b.zip")
    kinds = {each["kind"]: each["file"] for each in made.index["artifacts"]}
    assert (kinds["request-text"], kinds["request-answer"]) == (None, None)
    assert kinds["request-event"]
    assert b"secret" not in (tmp_path / "b.zip").read_bytes()


# entering and export


def entered(browser: Client, row_of: System, **values: str) -> Any:
    moment = timezone.localtime(timezone.now() - timedelta(days=2))
    given = {"system": str(row_of.pk), "kind": "objection", "category": "", "channel": "letter", "received": f"{moment:%Y-%m-%dT%H:%M}"}
    given |= {"language": "kk", "text": "I object to this decision", "decision": "", "name": HOSTILE, "contact": "", **values}
    return browser.post(address("enter", row_of.organisation), given)


def test_what_came_by_letter_is_entered_with_its_real_time(lender: System, carol: User, sign_in: SignIn) -> None:
    assert entered(sign_in(carol), lender).status_code == 302
    row = Request.objects.get()
    assert (row.channel, row.language) == ("letter", "kk")
    assert timezone.now() - row.received > timedelta(days=1)
    assert row.events.get().by == carol


def test_the_future_is_refused(lender: System, carol: User, sign_in: SignIn) -> None:
    page = entered(sign_in(carol), lender, received=f"{timezone.localtime() + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    assert page.status_code == 422
    assert t("requests.in_future", "en") in page.content.decode()
    with pytest.raises(InputError, match="lies in the future"):
        desk.receive(lender, desk.Sent("support", "en", timezone.now() + timedelta(minutes=1), {"text": "x"}))
    assert not Request.objects.exists()


@pytest.mark.parametrize("received", ["0001-01-01T00:00", "9999-12-31T23:59", "2026-02-30T10:00", "yesterday", ""])
def test_absurd_times_are_told(received: str, lender: System, carol: User, sign_in: SignIn) -> None:
    assert entered(sign_in(carol), lender, received=received).status_code == 422
    assert not Request.objects.exists()


def test_pages_stand_where_the_calendar_cannot_be_read(file: Filer, lender: System, carol: User, outsider: Client, sign_in: SignIn) -> None:
    row, browser = file("support"), sign_in(carol)
    current().create().calendar.write_text("off: [broken")
    assert browser.get(address("show", row.organisation, row.pk)).status_code == 200
    assert outsider.get(desk.link_of(row)).status_code == 200
    do(browser, row, "take")
    assert fresh(row).state == "received"
    assert entered(browser, lender).status_code == 422
    assert Request.objects.count() == 1


def test_the_form_is_no_channel_that_a_member_may_enter(lender: System, carol: User, sign_in: SignIn) -> None:
    assert entered(sign_in(carol), lender, channel="form").status_code == 422


def test_a_system_owner_enters_for_own_systems_only(lender: System, bob: User, alice: User, sign_in: SignIn) -> None:
    other = System.objects.create(organisation=lender.organisation, slug="other", name={"en": "Other"}, owner=alice)
    assert entered(sign_in(bob), other).status_code == 422
    assert entered(sign_in(bob), lender).status_code == 302


def test_before_the_law_a_request_has_the_houses_term(lender: System, carol: User, sign_in: SignIn) -> None:
    entered(sign_in(carol), lender, received="2025-12-01T10:00")
    assert Request.objects.get().term_basis == "house"


def test_support_is_exported_with_category_and_resolution_and_cells_are_no_formulas(
    file: Filer, carol: User, lender: System, sign_in: SignIn
) -> None:
    System.objects.filter(pk=lender.pk).update(name={"en": "=cmd|' /C calc'!A0"})
    row = file("support", category="fault", text="My secret illness")
    answer(sign_in(carol), row, "solved")
    page = sign_in(carol).get(address("export", row.organisation) + "?kind=support&state=all")
    text = b"".join(page.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    line = next(csv.DictReader(io.StringIO(text)))
    assert line["system"].startswith("'=cmd")
    assert (line["category"], line["resolution"], line["late"]) == ("fault", "solved", "No")
    assert "illness" not in text


def test_export_as_json_follows_its_schema(file: Filer, carol: User, sign_in: SignIn) -> None:
    rows = [file("support", category="use"), file("objection", days=12), file("data")]
    answer(sign_in(carol), rows[0], "explained")
    value = sign_in(carol).get(address("export", rows[0].organisation) + "?state=all&format=json").json()
    Draft202012Validator(json.loads((ROOT / "spec/schema/requests.json").read_text())).validate(value)
    assert {each["kind"]: each["late"] for each in value["requests"]} == {"support": False, "objection": True, "data": False}
