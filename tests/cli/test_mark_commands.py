"""`tanba mark, verify, gate, survive, keys` from the outside: files, folders, errors, exit codes."""

import json
import shutil
from pathlib import Path

import pytest

from tanba.cli import main
from tanba.ledger.home import open_ledger
from tanba.marking.register import Register
from tanba.workspace import current

POSTER = Path(__file__).parents[2] / "examples/media/poster.jpg"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    shutil.copy(POSTER, tmp_path / "a.jpg")
    return tmp_path


def test_a_file_is_marked_beside_itself_verified_and_passes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("a.jpg").read_bytes()
    assert main(["mark", "a.jpg", "--system", "studio", "--lang", "en"]) == 0
    assert Path("a.jpg").read_bytes() == before
    assert main(["verify", "a.marked.jpg", "--lang", "en"]) == 0
    assert main(["gate", "a.marked.jpg", "--lang", "en"]) == 0
    assert "system: studio" in capsys.readouterr().out
    assert main(["gate", "a.jpg"]) == 1
    assert main(["verify", "a.jpg"]) == 3


def test_every_mark_is_sealed(place: Path) -> None:
    assert main(["mark", "a.jpg", "-o", "one.jpg"]) == 0
    assert main(["mark", "a.jpg", "-o", "two.jpg"]) == 0
    log, register = open_ledger(current()), Register(current().marks)
    assert log.head().checkpoint.size == 2
    assert register.unsealed(10) == []
    assert {log.store.find(mark.sealed or "") for mark in register.newest(10)} == {0, 1}
    log.store.close()
    register.close()


def test_a_folder_goes_on_past_bad_files(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inside = place / "in/deep"
    inside.mkdir(parents=True)
    shutil.copy(POSTER, inside / "b.jpg")
    (place / "in/cut.jpg").write_bytes(POSTER.read_bytes()[:9000])
    (place / "in/empty.png").write_bytes(b"")
    (place / "in/letter.txt").write_text("Несиеңіз мақұлданды. Шартты оқып шығыңыз.")
    (place / "in/.hidden").write_bytes(b"x")
    assert main(["mark", "in", "-o", "out", "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert sorted(str(path.relative_to("out")) for path in Path("out").rglob("*") if path.is_file()) == ["deep/b.jpg", "letter.txt"]
    assert said.err.count("tanba: ") == 2
    assert "Traceback" not in said.err
    assert main(["gate", "out", "--lang", "en"]) == 0


def test_nothing_is_overwritten(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = Path("a.jpg").read_bytes()
    assert main(["mark", "a.jpg", "-o", "a.jpg"]) == 2
    assert main(["mark", "a.jpg", "-o", "."]) == 2
    assert Path("a.jpg").read_bytes() == before
    Path("b.jpg").write_text("mine")
    assert main(["mark", "a.jpg", "-o", "b.jpg"]) == 2
    assert Path("b.jpg").read_text() == "mine"
    assert main(["mark", "a.jpg", "-o", "b.jpg", "--force"]) == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["mark", "absent.jpg"],
        ["mark", "a.jpg", "--label", "de"],
        ["mark", "a.jpg", "--layers", "wall"],
        ["mark", "a.jpg", "--policy", "absent.yaml"],
        ["mark", "a.jpg", "--policy", "bad.yaml"],
        ["mark", "a.jpg", "-o", "a.jpg/x.jpg"],
        ["verify", "absent.jpg"],
        ["gate", "absent.jpg"],
        ["survive", "absent.jpg"],
        ["survive", "bad.bin"],
        ["keys", "show"],
        ["keys", "new"],
    ],
    ids=" ".join,
)
def test_misuse_has_one_error_and_a_hint(arguments: list[str], place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.yaml").write_text("size: 0.01\n")
    Path("bad.bin").write_bytes(b"\x00\x01")
    assert main([*arguments, "--lang", "en"]) == 2
    said = capsys.readouterr().err
    assert said.count("tanba: ") == 1
    assert len(said.strip().splitlines()) == 2


def test_a_standard_is_followed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("standard.yaml").write_text("languages: [en]\nplace: top-left\nlayers: [label, metadata]\n")
    assert main(["mark", "a.jpg", "-o", "b.jpg", "--policy", "standard.yaml"]) == 0
    capsys.readouterr()
    main(["verify", "b.jpg", "--json"])
    layers = {each["layer"]: each for each in json.loads(capsys.readouterr().out)["layers"]}
    assert layers["label"]["details"]["text"] == "Made by AI"
    assert (layers["c2pa"]["state"], layers["watermark"]["state"]) == ("absent", "absent")


def test_keys_are_made_renewed_and_shown(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "init", "--name", "Қарлығаш", "--lang", "en"]) == 0
    assert main(["mark", "a.jpg", "-o", "old.jpg"]) == 0
    assert main(["keys", "init", "--lang", "en"]) == 2
    assert main(["keys", "new", "--lang", "en"]) == 0
    assert main(["keys", "show", "--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert "secrets: 2" in said
    assert "O=Қарлығаш" in said
    assert main(["gate", "old.jpg"]) == 0


def test_a_gate_passes_nothing_that_it_did_not_open(place: Path) -> None:
    (place / "empty").mkdir()
    assert main(["gate", "empty"]) == 3
    (place / "in").mkdir()
    assert main(["mark", "a.jpg", "-o", "in/a.jpg"]) == 0
    assert main(["gate", "in"]) == 0
    shutil.copy(POSTER, place / "in/.unmarked.jpg")
    assert main(["gate", "in"]) == 1
    (place / "in/.unmarked.jpg").unlink()
    (place / "in/link").symlink_to(place / "empty")
    assert main(["gate", "in"]) == 2


def test_two_files_of_one_name_do_not_take_one_place(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("one", "two"):
        (place / name).mkdir()
        (place / name / "x.txt").write_text("Несиеңіз мақұлданды. Шартты оқып шығыңыз.")
    assert main(["mark", "one/x.txt", "two/x.txt", "-o", "out", "--force", "--lang", "en"]) == 2
    assert "the same name" in capsys.readouterr().err


@pytest.mark.slow
def test_survival_of_a_picture(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["survive", "a.jpg", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["attacks"]
    assert len(rows) == 37
    assert sum(row["found"]["watermark"] for row in rows) >= 35


def test_two_processes_mark_and_verify_a_folder_as_one_does(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "in").mkdir()
    for number in range(6):
        (place / f"in/{number}.txt").write_text(f"Несиеңіз мақұлданды: {number}. Шартты оқып шығыңыз.")
    (place / "in/3.txt").write_bytes(b"\xff\xfe\x00")
    assert main(["mark", "in", "-o", "out", "--jobs", "2", "--lang", "en"]) == 2
    said = capsys.readouterr()
    assert [line.partition(":")[0] for line in said.out.splitlines()] == [f"out/{number}.txt" for number in (0, 1, 2, 4, 5)]
    assert said.err.count("tanba: ") == 1
    log, register = open_ledger(current()), Register(current().marks)
    assert (log.head().checkpoint.size, register.unsealed(10)) == (5, [])
    log.store.close()
    register.close()
    found = []
    for jobs in ("1", "2"):
        assert main(["verify", "out", "--jobs", jobs, "--json"]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]
