"""Drafts of notifications: statements with sources, gaps as gaps, nothing of what people wrote becomes markup."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tanba.calendars import kazakhstan
from tanba.law.words import cite
from tanba.people.clocks import clocks
from tanba.people.drafts import FORMATS, TO, Case, as_text, draft
from tanba.people.incidents import Incident, Term
from tanba.strings import LANGUAGES, t
from tanba.web.incidents.law import terms

AWARE = datetime(2026, 11, 20, 17, 30, tzinfo=ZoneInfo("Asia/Almaty"))
HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:1) \"'\n# head"
FULL = Incident(
    "Applications of clients could be read from outside",
    AWARE,
    systems=("credit-scorer",),
    severity="serious",
    facts={"high_risk": True, "harm": False, "personal_data": True, "vendor": True},
    persons=1312,
    measures="The store was closed.",
    vendor_term=Term(4, "hours", "contract No. 12, clause 7.3"),
)
BARE = Incident("Something happened", AWARE)


def case(incident: Incident, lang: str = "en", **more: str) -> Case:
    found = clocks(incident, terms(date(2026, 11, 20)), kazakhstan(), AWARE + timedelta(hours=1))
    return Case("7", incident, found, cite=lambda path: cite(path, lang), names={"credit-scorer": "Credit scorer"}, **more)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("to", TO)
def test_every_statement_has_a_source_and_every_gap_none(to: str, lang: str) -> None:
    for incident in (FULL, BARE):
        made = draft(to, case(incident, lang, organisation="Qarlygash"), lang)
        for line in made.lines:
            assert line.text
            assert bool(line.source) is not line.gap, line


def test_the_breach_notice_says_what_is_known_and_by_when() -> None:
    shown = as_text(draft("breach", case(FULL, organisation="Qarlygash", bin="190140999998"), "en"))
    assert "Sender: Qarlygash, BIN 190140999998 [the register]" in shown
    assert "Became known: 2026-11-20 17:30 (UTC+0500) [record of incident No. 7]" in shown
    assert "End of the term: 2026-11-23 23:59 (UTC+0500) [Law 94-V, art. 25(2)(8)" in shown
    assert "People affected: 1 312" in shown
    assert "Systems: Credit scorer" in shown
    assert "Which data: ⟨ to be filled in ⟩" in shown


def test_what_nobody_knows_is_a_gap() -> None:
    made = draft("breach", case(BARE), "en")
    assert {line.label for line in made.lines if line.gap} >= {"Sender", "Systems", "People affected", "Harm", "Measures taken", "Contact"}


def test_the_vendor_is_told_the_clause_and_the_order_cites_the_stop() -> None:
    assert "contract No. 12, clause 7.3" in as_text(draft("vendor", case(FULL), "en"))
    assert "21:30 (UTC+0500) [contract No. 12, clause 7.3]" in as_text(draft("vendor", case(FULL), "en"))
    assert "Contract and clause: ⟨" in as_text(draft("vendor", case(BARE), "en"))
    order = as_text(draft("order", case(FULL), "en"))
    assert "art. 18(2)" in order
    assert "sets no hours and no authority" in order


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_order_leaves_its_basis_open_since_no_fact_of_an_incident_is_a_risk_of_a_ban(lang: str) -> None:
    basis = next(line for line in draft("order", case(FULL, lang), lang).lines if line.label == t("drafts.basis", lang))
    assert basis.gap
    assert cite("230-VIII/18/2", lang) in basis.text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_twenty_four_hours_stand_in_no_draft(lang: str) -> None:
    for to in TO:
        assert not re.search(r"\b24\b", as_text(draft(to, case(FULL, lang), lang)))


@pytest.mark.parametrize("to", TO)
def test_hostile_words_stay_words(to: str) -> None:
    hostile = replace(FULL, what=HOSTILE, measures=HOSTILE, vendor_term=Term(1, "days", HOSTILE), systems=(HOSTILE,))
    made = draft(to, case(hostile, organisation=HOSTILE, bin=HOSTILE), "en")
    marked = as_text(made, "md")
    assert not re.search(r"(?<!\\)<", marked)
    assert not re.search(r"(?<!\\)\[x", marked)
    assert not re.search(r"^# head", marked, re.MULTILINE)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_in_every_language_names_the_addressee(form: str, lang: str) -> None:
    for to in TO:
        assert t(f"drafts.{to}_addressee", lang) in as_text(draft(to, case(FULL, lang), lang), form)
