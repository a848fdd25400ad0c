"""Answers are written back without touching anything else in the file."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.law.facts import Answer, parse_system
from tanba.law.load import load
from tanba.law.systemedit import new_system, save, with_answer

TEXT = """# our scorer
schema: tanba.system/1
system: scorer   # slug
name: {kk: Скоринг, ru: Скоринг, en: Scorer}
facts:
    uses_model: true  # asked the team
    model_abilities:
      - adapts
      - learns

    stage: {value: pilot, source: "plan: 2026", confirmed: false}
# the end
evidence: {}
"""


def test_a_new_fact_goes_to_the_end_and_comments_stay() -> None:
    text = with_answer(TEXT, "has_users", Answer(True))
    assert text == TEXT.replace("confirmed: false}\n", "confirmed: false}\n    has_users: true\n")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_comment_on_the_last_line_stays_with_its_fact(end: str) -> None:
    text = with_answer(f"facts:{end}  stage: pilot  # asked the team{end}system: a{end}", "has_users", Answer(True))
    assert text == f"facts:{end}  stage: pilot  # asked the team\n  has_users: true{end}system: a{end}"


@pytest.mark.parametrize("name", ["stage", "has_users"])
@pytest.mark.parametrize("end", ["\nsystem: a\n", "\n", ""])
def test_a_source_in_a_block_is_no_trap(name: str, end: str) -> None:
    text = "facts:\n  stage:\n    value: pilot\n    source: |\n      two\n      lines" + end
    value = "pilot" if name == "stage" else True
    assert parse_system(with_answer(text, name, Answer(value)), load(), Path("a.yaml")).facts == {"stage": "pilot", name: value}


@pytest.mark.parametrize("slug", ["a: b", "true", "#1", "қазақ 😀", "- x"])
def test_a_new_file_takes_any_name(slug: str) -> None:
    system = parse_system(new_system(slug), load(), Path("x.yaml"))
    assert (system.slug, system.name["kk"]) == (slug, slug)


def test_a_standing_fact_is_replaced_in_place() -> None:
    text = with_answer(TEXT, "model_abilities", Answer(["optimises"], "interview"))
    assert '    model_abilities: {value: ["optimises"], source: "interview", confirmed: true}\n\n    stage' in text
    assert "# asked the team" in text
    assert "- learns" not in text


@pytest.mark.parametrize(
    "text",
    ["schema: tanba.system/1\nsystem: a\nfacts: {}\n", "system: a\n", "facts:\n", new_system("a"), "facts: {has_users: false}\nsystem: a"],
)
def test_files_of_every_shape_take_an_answer(text: str) -> None:
    law = load()
    edited = with_answer(with_answer(text, "uses_model", Answer(True)), "has_users", Answer(True, "«интервью»"))
    system = parse_system(edited, law, Path("a.yaml"))
    assert system.facts == {"uses_model": True, "has_users": True}


facts_and_values = st.sampled_from(
    [
        ("uses_model", True),
        ("has_users", False),
        ("stage", "pilot"),
        ("model_abilities", ["adapts"]),
        ("model_abilities", []),
        ("human_control", "excluded"),
    ]
)


@given(st.lists(facts_and_values, max_size=8), st.text(max_size=30))
def test_any_sequence_of_answers_reads_back_as_the_last_of_each(answers: list[tuple[str, object]], source: str) -> None:
    text = TEXT
    for name, value in answers:
        text = with_answer(text, name, Answer(value, source))
    system = parse_system(text, load(), Path("a.yaml"))
    for name, value in dict(answers).items():
        assert system.answers[name].value == value
        assert system.answers[name].source == "".join(c if c.isprintable() else " " for c in source)


def test_a_failed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "system.yaml"
    path.write_text(TEXT)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(InputError, match="No space left"):
        save(path, "facts: {}")
    assert path.read_text() == TEXT
    assert [p.name for p in tmp_path.iterdir()] == ["system.yaml"]


def test_an_unwritable_folder_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        save(tmp_path / "file" / "system.yaml", TEXT)
