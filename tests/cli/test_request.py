"""`tanba request` as people type it."""

from pathlib import Path

import pytest

from tanba.cli import main
from tanba.errors import FINE, MISUSE
from tanba.strings import LANGUAGES, t

SCORER = str(Path(__file__).parents[2] / "examples/systems/credit-scorer.yaml")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_kinds_of_a_system_in_three_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["request", "kinds", SCORER, "--on", "2026-11-22", "--lang", lang]) == FINE
    shown = capsys.readouterr().out
    assert t("requests.standing_not_applicable", lang) in shown
    assert t("requests.term_law", lang, amount=t("words.unit.working_days", lang, count=15)) in shown


def test_due_names_doubt_and_basis(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["request", "due", "objection", "--received", "2026-05-26T16:00", "--lang", "en"]) == FINE
    shown = capsys.readouterr().out
    assert shown.startswith("The term ends: 2026-05-29 23:59")
    assert "counted by precaution" in shown
    assert "2026-05-27  doubtful" in shown


def test_a_moment_in_the_future_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["request", "due", "support", "--received", "2090-01-01", "--lang", "en"]) == MISUSE
    assert "lies in the future" in capsys.readouterr().err


@pytest.mark.parametrize("received", ["yesterday", "2026-13-01", ""])
def test_what_is_no_moment_is_refused(received: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["request", "due", "support", "--received", received, "--lang", "en"]) == MISUSE
    assert "is not a moment" in capsys.readouterr().err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_draft_in_three_languages(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["request", "draft", "explanation", "--system", SCORER, "--on", "2026-11-22", "--lang", lang]) == FINE
    assert t("answers.greeting", lang) in capsys.readouterr().out


def test_an_unknown_outcome_is_one_clear_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["request", "draft", "support", "--outcome", "magic", "--lang", "en"]) == MISUSE
    assert capsys.readouterr().err.startswith("tanba: support: there is no outcome 'magic'\n       Choose one of: solved")
