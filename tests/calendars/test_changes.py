"""What an officer enters goes before the list, comes back as it was written, and is refused where it does not fit."""

from datetime import date
from pathlib import Path

import pytest

from tanba.calendars.changes import Changes, calendar_of, load_changes, parse_changes, save_changes
from tanba.cli import main
from tanba.errors import InputError
from tanba.workspace import current

CHANGES = Changes({date(2027, 1, 5): "resolution"}, {date(2027, 1, 9): 'moved "for" 5 January'})


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    assert load_changes(path) == Changes()
    save_changes(path, CHANGES)
    assert load_changes(path) == CHANGES
    calendar = calendar_of(path)
    assert not calendar.is_working(date(2027, 1, 5))
    assert calendar.is_working(date(2027, 1, 9))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"free": {}}, "unknown setting"),
        ({"off": ["2027-01-05"]}, "does not fit"),
        ({"off": {"2027-01-05": ""}}, "does not fit"),
        ({"off": {"2027-01-05": "x" * 201}}, "does not fit"),
        ({"off": {"2027-02-30": "x"}}, "is not a day"),
        ({"off": {"2027-01-05": "x"}, "working": {"2027-01-05": "y"}}, "both a day off and a working day"),
    ],
)
def test_what_does_not_fit_is_refused(written: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        parse_changes(written)


def test_an_error_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "calendar.yaml"
    path.write_text('off: {"2027-13-01": x}\n')
    with pytest.raises(InputError, match=r"calendar\.yaml"):
        load_changes(path)


def test_the_command_follows_the_workspace(capsys: pytest.CaptureFixture[str]) -> None:
    save_changes(current().create().calendar, Changes({date(2026, 11, 30): "a day of mourning"}))
    assert main(["calendar", "--from", "2026-11-27", "--within", "1", "--lang", "ru"]) == 0
    assert "2026-12-01 23:59" in capsys.readouterr().out
    assert main(["calendar", "--year", "2024", "--lang", "kk"]) == 0
    said = capsys.readouterr().out
    assert "2024-05-04  жұмыс күні" in said
    assert "Жаңа жыл" in said


def test_what_is_no_moment_or_no_term_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["calendar", "--from", "soon", "--within", "3", "--lang", "en"]) == 2
    assert "is not a moment" in capsys.readouterr().err
    assert main(["calendar", "--within", "0", "--lang", "en"]) == 2
    assert "is no term" in capsys.readouterr().err
