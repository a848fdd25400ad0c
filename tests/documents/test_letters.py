"""Letters, orders, agreements, notices and the index of a bundle: what each says, and never more than its basis."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letterpapers import ASKED, BARE, BOOK, CLAIMS, FULL, HEAD, KEPT, NOW, SCORER, STOP, WHOSE, case_in, notices, of_system
from tanba.documents.catalogue import make
from tanba.documents.layout import laid
from tanba.documents.model import ByLanguage, Document, Letterhead, Said, gaps, statements
from tanba.documents.render import render
from tanba.material import incidents, requests, stops
from tanba.material.agreement import agreement_of, drafted
from tanba.material.bundle import bundle_of
from tanba.people.answers import OUTCOMES, REASONS, gaps_of, refusal_reasons
from tanba.people.askedfile import Asked
from tanba.people.incidents import parse
from tanba.people.notice import CHANNELS, Policy
from tanba.people.stops import POINTS, Stop
from tanba.strings import LANGUAGES, t


def said(found: Document, field: str) -> list[Said]:
    return [each for name, each in statements(found) if name == field]


def one(found: Document, field: str) -> Said:
    (only,) = said(found, field)
    return only


def places(each: Said) -> set[str]:
    return {source.provision for source in each.sources if source.provision}


def shown(found: Document, *languages: str) -> str:
    return render(found, "+".join(languages), "html").decode()


# --- orders


def order(stop: Stop, name: str = "suspension-order") -> Document:
    return make(name, stops.material(BOOK, stop, WHOSE))


@pytest.mark.parametrize("point", POINTS)
def test_an_order_rests_on_article_18_only_where_a_risk_of_article_17_3_is_named(point: str) -> None:
    found = one(order(replace(STOP, found=(point,))), "basis")
    assert {path.partition("@")[0] for path in places(found)} == {"kz/230-VIII/18/2", f"kz/230-VIII/17/3/{point}"}
    assert BOOK.provisions[f"230-VIII/17/3/{point}"].title["ru"] in found.text["ru"]


def test_a_basis_of_the_house_s_own_cites_no_article_and_says_so() -> None:
    found = order(replace(STOP, found=(), basis="Өндірістік қауіпсіздік ережелері"))
    assert not any(places(each) for _, each in statements(found))
    assert "article 18(2) is not cited" in one(found, "basis").text["en"]
    assert not one(found, "basis").gap


def test_without_either_the_basis_stays_open_and_nothing_else_rests_on_the_article() -> None:
    found = order(replace(STOP, found=()))
    assert one(found, "basis").gap
    assert [name for name, each in statements(found) if any("18/2" in place for place in places(each))] == ["basis"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_order_names_hours_or_an_authority(language: str) -> None:
    for name in ("suspension-order", "restart-order"):
        assert t("documents.order_remark", language) in shown(order(STOP, name), language).replace("&#x27;", "'")


def test_a_restart_says_that_the_cause_is_gone_only_once_it_is_written_what_was_mended_and_who_approved() -> None:
    assert STOP.restart
    assert not one(order(STOP, "restart-order"), "basis").gap
    for missing in (replace(STOP.restart, mended=""), replace(STOP.restart, approved=())):
        assert one(order(replace(STOP, restart=missing), "restart-order"), "basis").gap
    evidence = one(order(STOP, "restart-order"), "evidence")
    assert "test-report.pdf" in evidence.text["kk"]
    assert any("17/3/6" in place for place in places(evidence))


def test_an_incident_gives_an_order_its_systems_and_cause_and_leaves_open_who_decides_and_from_when() -> None:
    found = order(stops.of_incident(case_in(parse(BARE | {"systems": ["credit-scorer"]}, NOW), "7")))
    assert one(found, "systems").text["ru"] == SCORER.name["ru"]
    assert one(found, "reason").text["kk"] == "Something happened"
    assert "2026-11-26" in one(found, "incident").text["en"]
    assert all(one(found, field).gap for field in ("basis", "decided", "from_when", "number", "date"))


# --- notifications


def test_a_breach_notice_names_the_provision_of_its_duty_and_of_its_term() -> None:
    found = make("breach", FULL["incident"])
    for field in ("basis", "term"):
        (source,) = one(found, field).sources
        assert source.provision.startswith("kz/94-V/25/2/8@")
        assert source.basis == "other-law"
    assert one(found, "persons").text["ru"] == "312"


def test_a_letter_to_people_and_one_to_a_vendor_rest_on_no_law_that_does_not_ask_for_them() -> None:
    for name, allowed in (("users", {"rights"}), ("vendor", set())):
        assert {field for field, each in statements(make(name, FULL["incident"])) if places(each)} == allowed
    (source,) = one(make("vendor", FULL["incident"]), "clause").sources
    assert (source.provision, source.basis) == ("", "")


def test_what_happened_stands_in_every_letter_as_it_was_written_whatever_it_holds() -> None:
    hostile = '<script>alert(1)</script> #eval("1") [x](javascript:1)'
    material = incidents.material(BOOK, case_in(parse(BARE | {"what": hostile}, NOW)), WHOSE)
    for name in ("breach", "users", "vendor"):
        assert "<script>" not in shown(make(name, material), "kk", "ru")
        assert hostile in one(make(name, material), "what").text["kk"]


# --- agreement


DRAFTED = drafted(BOOK, SCORER, WHOSE)


def worded(own: dict[str, dict[str, str]]) -> dict[str, Any]:
    return DRAFTED | {"sections": [each | {"own": own.get(each["name"], {})} for each in DRAFTED["sections"]]}


def agreement(own: dict[str, dict[str, str]]) -> Document:
    return make("agreement", FULL["system"] | {"agreement": agreement_of(worded(own), "2026-11-22")})


def test_own_words_in_one_language_leave_the_made_statements_to_the_others() -> None:
    found = agreement({"data": {"kk": "Балл тек тұтынушылық кредиттерге арналған."}})
    kazakh, russian = (shown(found, each) for each in ("kk", "ru"))
    gap = t("agreement.gap_data", "ru")
    assert "Балл тек тұтынушылық" in kazakh
    assert t("agreement.gap_data", "kk") not in kazakh
    assert gap in russian
    assert "Балл тек" not in russian
    both = shown(found, "kk", "ru")
    assert "Балл тек тұтынушылық" in both
    assert gap in both
    assert "[kk]" not in both


def test_limits_of_the_system_s_file_stand_where_a_gap_would_be() -> None:
    found = agreement({})
    assert "Gini 0,61" in shown(found, "kk")
    assert t("agreement.gap_limits", "kk") not in shown(found, "kk")


def test_own_words_keep_the_sources_of_what_they_replace_and_nothing_is_lost_where_one_side_says_more() -> None:
    found = agreement({"rights": {"kk": "Сіздің құқықтарыңыз туралы."}})
    rows = [block for block in found.blocks if isinstance(block, ByLanguage) and block.name == "agreement_rights"]
    made = next(each for each in drafted(BOOK, SCORER, WHOSE)["sections"] if each["name"] == "rights")
    assert len(rows) == len(made["statements"]) > 1
    assert len(rows[0].said["kk"].sources) == len(rows)
    assert [set(row.said) for row in rows[1:]] == [{"ru", "en"}] * (len(rows) - 1)
    for row in laid(found, ("kk",))["blocks"]:
        assert row["kind"] != "paragraph" or row["cells"][0]["text"]


@given(st.dictionaries(st.sampled_from(["limits", "rights", "data"]), st.dictionaries(st.sampled_from(LANGUAGES), st.just("Own words."))))
def test_each_language_reads_what_its_text_reads(own: dict[str, dict[str, str]]) -> None:
    sections = agreement_of(worded(own), "2026-11-22")["sections"]
    found = agreement(own)
    for language in LANGUAGES:
        blocks = [block for block in laid(found, (language,))["blocks"] if block["kind"] == "paragraph"]
        wanted = [row[language]["text"] for each in sections for row in each["rows"] if language in row]
        assert [block["cells"][0]["text"] for block in blocks] == [" ".join(text.split(" ")).strip() for text in wanted]


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agreement_begins_with_whether_it_is_in_force_and_with_the_edition_of_the_law(language: str) -> None:
    found = make("agreement", FULL["system"])
    assert found.front
    assert t("agreement.effective", language, day="2026-12-01") in found.front[0][language]
    assert "230-VIII" in found.front[1][language]
    assert t("agreement.draft", language) in shown(agreement({}), language)
    assert len(gaps(agreement({}))) == 3  # contact, and what the law leaves to the agreement


# --- notices


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_of_every_channel_stands_there_in_its_own_language(language: str) -> None:
    policy = Policy(languages=("kk", "ru", "en"))
    page = shown(make("notices", of_system(notices=notices(policy))), language)
    about = {"organisation": "", "system": "", "page": ""}
    for channel in CHANNELS:
        for each in LANGUAGES:
            begin = policy.text(channel, each, about).split(":")[0].split(",")[0][:25]
            assert begin in page, (channel, each)
    assert "[ru]" not in page
    assert policy.version in page
    assert "2026-02-01" in page


def test_a_text_that_names_what_nobody_knows_is_a_gap_of_article_21() -> None:
    found = make("notices", of_system(notices=notices(page="")))
    assert one(found, "page").gap
    assert all(each.gap and any("21/1" in place for place in places(each)) for each in said(found, "leaflet"))
    assert not any(each.gap for each in said(found, "voice"))


def test_practice_is_named_practice_and_no_statute() -> None:
    found = make("notices", FULL["system"])
    sources = {source.provision.partition("@")[0]: source.basis for _, each in statements(found) for source in each.sources}
    assert sources["kz/practice/user-notice"] == "practice"
    assert sources["kz/230-VIII/21/1"] == "statute"


# --- bundle


def test_an_index_names_digest_place_and_what_is_evidenced_and_gives_away_no_digest_of_a_person_s_words() -> None:
    found = make("bundle-index", FULL["system"])
    first, second = said(found, "artifacts")[:3], said(found, "artifacts")[3:]
    assert "assessment.json\nNo. 4, 2026-11-20" in first[0].text["en"]
    assert first[1].text["kk"] == "ab" * 32
    assert places(first[2]) == {"kz/230-VIII/18/1/1@2026-01-18"}
    assert second[1].text == {each: t("documents.digest_kept", each) for each in LANGUAGES}
    assert "python tanba_verify.py" in one(found, "check").text["ru"]
    assert "ledger.example.kz/2026" in one(found, "ledger").text["ru"]


def test_an_empty_bundle_and_a_duty_without_evidence_are_gaps() -> None:
    empty = make("bundle-index", of_system(bundle=bundle_of([], [], HEAD)))
    assert one(empty, "artifacts").gap
    bare = make("bundle-index", of_system(bundle=bundle_of(KEPT, [replace(CLAIMS[0], status="open", items=())], HEAD)))
    assert said(bare, "claims")[2].gap


# --- answers


def answer(asked: Asked, **more: Any) -> Document:
    return make("answer", requests.of_file(BOOK, SCORER, asked, WHOSE, **more))


CASES = [(kind, outcome) for kind, outcomes in OUTCOMES.items() for outcome in outcomes]


@pytest.mark.parametrize(("kind", "outcome"), CASES)
def test_every_kind_and_outcome_has_its_letter_in_three_languages(kind: str, outcome: str) -> None:
    grounds = refusal_reasons(kind) if OUTCOMES[kind][outcome] == "refused" else ("",)
    for ground in grounds:
        found = answer(Asked(kind, outcome, ground, "N-1", "2026-11-20", "Әсел"))
        for language in LANGUAGES:
            page = shown(found, language)
            assert t(f"answers.{kind}_{outcome}", language).replace("'", "&#x27;") in page
            assert "[[" not in page
    assert set(REASONS) <= set(OUTCOMES)


def test_what_a_draft_leaves_open_is_a_gap_with_its_provision_where_there_is_one() -> None:
    found = said(answer(Asked("data", "refused", "protected")), "answer")
    open_ = [each for each in found if each.gap]
    assert any("[which information is protected" in each.text["en"] and any("16/1/5" in place for place in places(each)) for each in open_)
    assert not any(gaps_of(each.text["en"]) for each in found)


def test_an_edited_answer_is_there_in_its_language_and_said_to_be_in_it_elsewhere() -> None:
    found = answer(replace(ASKED, text={"ru": "Здравствуйте!\n\nЛимит возвращён [[когда]].\n\nС уважением"}))
    rows = said(found, "answer")
    assert [each.text for each in rows] == [{"ru": "Здравствуйте!"}, {"ru": "Лимит возвращён [когда]."}, {"ru": "С уважением"}]
    assert [each.gap for each in rows] == [False, True, False]
    assert "С уважением [ru]" in shown(found, "kk")
    assert "[ru]" not in shown(found, "ru")


def test_an_answer_in_two_languages_stands_paragraph_by_paragraph_where_both_have_as_many() -> None:
    found = answer(replace(ASKED, text={"ru": "Раз\n\nДва", "kk": "Бір\n\nЕкі"}))
    assert [each.text for each in said(found, "answer")] == [{"ru": "Раз", "kk": "Бір"}, {"ru": "Два", "kk": "Екі"}]
    (whole,) = said(answer(replace(ASKED, text={"ru": "Раз\n\nДва", "kk": "Бір"})), "answer")
    assert whole.text == {"ru": "Раз\n\nДва", "kk": "Бір"}


def test_what_was_sent_is_no_draft_and_its_letter_does_not_ask_to_fill_in_anything() -> None:
    sent = make(
        "answer", requests.material(BOOK, lambda _: pytest.fail("not drafted"), {}, replace(ASKED, text={"kk": "Бәрі"}), WHOSE, sent=True)
    )
    remark = t("documents.letter_remark", "kk", gap=t("documents.gap", "kk"))
    assert remark not in shown(sent, "kk")
    assert remark in shown(answer(ASKED), "kk")


def test_a_letterhead_says_to_whom_and_to_which_request() -> None:
    head = answer(ASKED).blocks[0]
    assert isinstance(head, Letterhead)
    assert head.to.said.text["ru"] == "Әсел"
    assert [row.said.text["ru"] for row in head.rows if row.name == "reply_to"] == ["№ K7QM-2T9X от 2026-11-20"]
    bare = answer(Asked("complaint", "upheld"))
    assert one(bare, "reply_to").gap
    assert one(bare, "addressee").gap
