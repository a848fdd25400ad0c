"""An import: shown before it is written, written whole or not at all, assessed, sealed."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tanba import assessing
from tanba.errors import InputError
from tanba.exchange.files import FORMS
from tanba.law.load import load
from tanba.web.accounts.models import Organisation, User
from tanba.web.assessments.run import reassess
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import drain
from tanba.web.exchange import desk
from tanba.web.exchange.models import Import
from tanba.web.obligations.models import Obligation
from tanba.web.systems.models import Fact, System
from web.exchange.importing import applied, as_table, looked, register, table, told

pytestmark = pytest.mark.django_db
HEADING = ["slug", "name_ru", "department", "owner", "vendor", "vendor_bin", "models", "stage", "uses_model", "use_case"]
ROW = ["bot", "Чат-бот", "Legal", "bob@tanba.example", "Aq", "190140999998", "gpt | version=4", "pilot", "yes", "chat_assistant"]


def test_a_dry_run_says_what_would_happen_and_writes_nothing(company: Organisation, carol: User, system: System) -> None:
    row = looked(
        company, carol, table(["slug", "name_en", "vendor"], ["scorer", None, "Aq"], ["new", "New", None], [None, "Credit scorer"])
    )
    assert row.counts == {"created": 1, "changed": 1, "unchanged": 0, "problems": 1, "rows": 3, "left_out": 1}
    assert row.plan["rows"][0]["changes"] == [["vendor", None, "Aq"]]
    assert told(row) == [(4, "slug", "'scorer' stands in row 2 already")]
    assert register(company).keys() == {"scorer"}
    assert not Artifact.objects.exists()


def test_an_import_creates_assesses_and_seals(company: Organisation, carol: User, bob: User) -> None:
    row = applied(company, carol, table(HEADING, ROW))
    system = System.objects.get(slug="bot")
    assert (row.state, row.assessed) == ("done", 1)
    assert (system.state, system.stage, system.owner, system.department) == ("approved", "pilot", bob, "Заң департаменті")
    assert "юридический" in system.search
    assert {fact.name: (fact.value, fact.source, fact.by, fact.confirmed) for fact in system.fact_rows.all()} == {
        "stage": ("pilot", "inventory.csv, row 2", carol, True),
        "uses_model": (True, "inventory.csv, row 2", carol, True),
        "use_case": ("chat_assistant", "inventory.csv, row 2", carol, True),
    }
    assert [part.details for part in system.parts.order_by("kind")] == [
        {"name": "gpt", "version": "4"},
        {"name": "Aq", "bin": "190140999998"},
    ]
    assert drain() == 3
    assert sorted(Artifact.objects.values_list("kind", "state")) == [
        ("assessment", "sealed"), ("import", "sealed"), ("register-import", "sealed"),
    ]  # fmt: skip


def test_what_a_batch_assesses_is_what_one_by_one_gives(company: Organisation, carol: User) -> None:
    applied(company, carol, table(HEADING, ROW, ["scorer", "Скоринг", *[None] * 5, "production", "yes", "credit_scoring"]))
    for system in System.objects.all():
        report, columns = system.assessments.latest("at").report, _columns(system)
        rows = list(Obligation.objects.filter(system=system).order_by("path").values("path", "provision", "kind", "layer", "answer", "due"))
        again = reassess(System.objects.get(pk=system.pk), carol)
        assert again.report == report
        assert _columns(System.objects.get(pk=system.pk)) == columns
        assert rows == list(
            Obligation.objects.filter(system=system).order_by("path").values("path", "provision", "kind", "layer", "answer", "due")
        )


def test_processes_of_their_own_give_the_same(company: Organisation, carol: User, bob: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assessing, "MANY", 1)
    applied(company, carol, table(HEADING, ROW, ["scorer", "Скоринг", *[None] * 5, "production", "yes", "credit_scoring"]))
    for system in System.objects.all():
        assert reassess(System.objects.get(pk=system.pk), carol).report == system.assessments.earliest("at").report


def _columns(system: System) -> tuple[Any, ...]:
    return tuple(
        getattr(system, name) for name in ("conclusion", "gate", "risk_levels", "questions", "open_statute", "open_house", "next_due")
    )


def test_unconfirmed_answers_are_suggestions(company: Organisation, carol: User, bob: User) -> None:
    applied(company, carol, table(HEADING, ROW), confirmed=False)
    system = System.objects.get(slug="bot")
    assert (system.facts(), system.stage) == ({}, "")
    assert set(system.suggested()) == {"stage", "uses_model", "use_case"}
    assert looked(company, carol, table(HEADING, ROW), confirmed=False).counts["unchanged"] == 1


@pytest.mark.parametrize("form", [*FORMS])
def test_what_goes_out_comes_back_unchanged(company: Organisation, carol: User, bob: User, form: str) -> None:
    applied(company, carol, table(HEADING, ROW, ["x", "=1+1", None, None, "'-", None, "a;b\n-", None, "no", None]))
    assert looked(company, carol, as_table(company, form)).counts["unchanged"] == 2


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_register_comes_back_as_it_was(company: Organisation, carol: User, data: st.DataObject) -> None:
    texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=20).filter(str.strip)
    system = System(
        organisation=company, slug=f"s{System.objects.count()}", name={"kk": data.draw(texts)}, purpose={"ru": data.draw(texts)}
    )
    system.vendor, system.channels = (
        data.draw(texts),
        [text.strip() for text in data.draw(st.lists(texts, max_size=3, unique_by=str.strip))],
    )
    system.save()
    system.answer("media_kinds", data.draw(st.sampled_from([[], ["image"], ["image", "text"]])), "", carol)
    for form in FORMS:
        row = looked(company, carol, as_table(company, form))
        assert row.counts["unchanged"] == row.counts["rows"] == System.objects.count()


def test_empty_cells_leave_and_the_sign_takes_away(company: Organisation, carol: User, bob: User) -> None:
    applied(company, carol, table(HEADING, ROW))
    applied(company, carol, table(HEADING, ["bot", None, "-", None, None, "–", "-", "-", "-", None]))
    assert register(company)["bot"] == {
        "slug": "bot", "name_ru": "Чат-бот", "owner": "bob@tanba.example", "vendor": "Aq", "use_case": "chat_assistant",
    }  # fmt: skip
    assert System.objects.get().stage == ""


def test_what_the_register_does_not_take_is_told_with_its_row(company: Organisation, carol: User, dana: User, system: System) -> None:
    System.objects.create(organisation=company, slug="no", name={"en": "Refused"}, state="rejected")
    System.objects.create(organisation=company, slug="twin", name={"en": "Credit scorer"})
    system.answer("uses_model", True, "", carol)
    row = looked(
        company,
        carol,
        table(
            ["slug", "name_en", "owner", "uses_model", "vendor_bin"],
            ["ghost"],
            ["no", "x"],
            [None, "credit SCORER"],
            ["a", "A", "dana@tanba.example"],
            ["scorer", None, None, "-"],
            ["twin", "-"],
            ["n", "N", None, None, "190140999998"],
        ),
        confirmed=False,
    )
    assert told(row) == [
        (2, "name_kk", "there is no system 'ghost', and a new one needs a name"),
        (3, "slug", "the proposal 'no' was rejected"),
        (4, "slug", "2 systems have this name"),
        (5, "owner", "nobody with the address 'dana@tanba.example' may write here"),
        (6, "uses_model", "an answer is taken back only by confirmed answers"),
        (7, "name_kk", "a system keeps a name in one language at least"),
        (8, "vendor", "a BIN needs the vendor that it is of"),
    ]


def test_systems_without_short_names_are_found_again_by_name(company: Organisation, carol: User, system: System) -> None:
    content = table(["name_ru", "vendor"], ["кредитный скоринг", "Aq"], ["Жаңа жүйе", None], ["Жана жуйе!", None])
    assert [each["slug"] for each in applied(company, carol, content).plan["rows"]] == ["scorer", "zhana-zhuie", "zhana-zhuie-2"]
    assert looked(company, carol, content).counts["unchanged"] == 3


def test_a_plan_that_does_not_fit_any_more_is_made_anew(company: Organisation, carol: User, system: System) -> None:
    row = looked(company, carol, table(["slug", "vendor"], ["scorer", "Aq"]))
    desk.ask(row)
    System.objects.filter(pk=system.pk).update(vendor="Elsewhere")
    desk.work()
    row.refresh_from_db()
    assert (row.state, System.objects.get().vendor) == ("waiting", "Elsewhere")
    desk.work()
    row.refresh_from_db()
    assert row.state == "read"
    assert row.trouble["en"] == ["1 systems were changed in the meantime: scorer", "Nothing was written. Look at the differences again."]
    assert row.plan["rows"][0]["changes"] == [["vendor", "Elsewhere", "Aq"]]


def test_a_file_that_cannot_be_read_says_why(company: Organisation, carol: User) -> None:
    row = desk.take(company, "x.xlsx", b"PK\x03\x04", carol, False, "en")
    desk.work()
    row.refresh_from_db()
    assert row.state == "refused"
    assert row.trouble["en"][0].startswith("is no workbook that can be read")
    assert row.trouble["kk"][0].startswith("оқуға болатын жұмыс кітабы емес")


def test_an_import_goes_on_where_a_process_died(company: Organisation, carol: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "AT_A_TIME", 2)
    row = looked(company, carol, table(["slug", "name_en"], *([f"s{n}", f"S {n}"] for n in range(5))))
    desk.ask(row)
    row.refresh_from_db()
    desk.apply(row)
    row.refresh_from_db()

    def dies(done: int, of: int) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        desk.assess(row, dies)
    assert System.objects.exclude(assessed_at=None).count() == 2
    Import.objects.update(busy_until=row.at)
    desk.work()
    row.refresh_from_db()
    assert (row.state, row.assessed) == ("done", 5)
    assert Artifact.objects.filter(kind="assessment").count() == 5


def test_only_one_process_works_at_an_import(company: Organisation, carol: User) -> None:
    row = desk.take(company, "x.csv", table(["slug", "name_en"], ["a", "A"]), carol, False, "en")
    assert row.claim()
    desk.work()
    row.refresh_from_db()
    assert row.state == "waiting"
    row.release()
    desk.work()
    row.refresh_from_db()
    assert row.state == "read"
    assert desk.ask(row)
    assert not desk.ask(row)


def test_an_import_that_fails_holds_up_no_other(
    company: Organisation, carol: User, alice: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = (desk.take(company, "a.csv", table(["slug"], ["a"]), by, True, "ru") for by in (carol, alice))
    step = desk.step

    def failing(row: Import) -> None:
        if row.pk == first.pk:
            raise RuntimeError("a fault")
        step(row)

    monkeypatch.setattr(desk, "step", failing)
    desk.work()
    assert "an import failed" in caplog.text
    assert [Import.objects.get(pk=each.pk).state for each in (first, second)] == ["waiting", "read"]


def test_a_new_file_takes_the_place_of_one_never_applied(company: Organisation, carol: User, alice: User) -> None:
    first, other = looked(company, carol, b"slug\na\n"), looked(company, alice, b"slug\nb\n")
    second = looked(company, carol, b"slug\nc\n")
    assert set(Import.objects.values_list("pk", flat=True)) == {other.pk, second.pk} != {first.pk}


def test_facts_of_an_import_are_what_the_law_takes(company: Organisation, carol: User, bob: User) -> None:
    applied(company, carol, table(HEADING, ROW))
    assert set(Fact.objects.values_list("name", flat=True)) <= set(load("kz").facts)


def test_an_unreadable_table_raises_where_it_is_read(company: Organisation, carol: User) -> None:
    with pytest.raises(InputError, match="no column names the systems"):
        looked(company, carol, b"a;b\n1;2\n")
