"""What was marked is sealed once, also where the process died between the register and the ledger."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from marking.conftest import packed, scene
from tanba.cli import main
from tanba.errors import MissingEvidenceError
from tanba.ledger.home import open_ledger
from tanba.ledger.log import Log
from tanba.marking.desk import open_desk
from tanba.marking.register import Mark, Register
from tanba.markseal import REST, receipt_of, seal_left, seal_marks
from tanba.seal import Trust, measure, verify
from tanba.storage.home import open_objects
from tanba.workspace import current

TEXT = "Несиеңіз мақұлданды. Шартты оқып шығыңыз.".encode()


def marked() -> Mark:
    """In the register, and not in the ledger: as a process leaves it that dies in between."""
    with open_desk(current()) as desk:
        return desk.mark(TEXT, "a.txt")[1]


def opened() -> tuple[Register, Log]:
    return Register(current().marks), open_ledger(current())


def test_what_was_left_is_sealed_after_a_rest_and_once() -> None:
    row = marked()
    register, log = opened()
    objects, now = open_objects(current()), datetime.now(UTC)
    assert seal_left(register, log, objects, now) == 0  # another process may be at it
    assert seal_left(register, log, objects, now + REST + timedelta(seconds=2)) == 1
    assert seal_left(register, log, objects, now + REST + timedelta(seconds=2)) == 0
    found = register.get(row.id)
    assert found is not None
    verdict = verify(receipt_of(found, log), Trust(), measure(row.record or b""))
    assert verdict.entry.kind == "mark"
    assert json.loads(row.record or b"")["schema"] == "tanba.mark/1"


def test_a_process_that_died_after_the_ledger_enters_nothing_twice() -> None:
    row = marked()
    register, log = opened()
    objects = open_objects(current())
    size = log.head().checkpoint.size
    first = seal_marks([row], register, log, objects)
    again = seal_marks([replace(row, sealed=None)], register, log, objects)
    assert first == again == [size]
    assert log.head().checkpoint.size == size + 1


def test_a_mark_that_is_not_sealed_has_no_receipt() -> None:
    row = marked()
    with pytest.raises(MissingEvidenceError, match="is not in the ledger"):
        receipt_of(row, opened()[1])


def test_the_next_mark_seals_what_was_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    row = marked()
    monkeypatch.setattr("tanba.markseal.REST", timedelta(seconds=-5))
    (tmp_path / "b.png").write_bytes(packed(scene(160, 120), "PNG"))
    assert main(["mark", str(tmp_path / "b.png"), "--lang", "en"]) == 0
    register, _ = opened()
    assert {mark.sealed is not None for mark in register.newest(5)} == {True}
    assert register.get(row.id).sealed == row.entry  # type: ignore[union-attr]


def test_the_receipt_beside_the_file_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT)
    assert main(["mark", str(tmp_path / "a.txt"), "--receipt", "--lang", "en"]) == 0
    record = tmp_path / "a.marked.txt.mark.json"
    assert json.loads(record.read_bytes())["schema"] == "tanba.mark/1"
    main(["seal", "--check", str(record), "--accept", "unwitnessed,untimed", "--lang", "en"])
    assert "altered" not in capsys.readouterr().out
    record.write_bytes(record.read_bytes().replace(b'"created"', b'"altered"'))
    assert main(["seal", "--check", str(record), "--lang", "en"]) == 1
