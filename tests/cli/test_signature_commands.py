"""`tanba documents sign | check`: what is printed, exit codes, and what goes wrong in words."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from papers import made
from signing_makers import house, p12, signed
from tanba.cli import main
from tanba.strings import LANGUAGES, t

ROOT = Path(__file__).parents[2]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`tanba documents ...` in a folder with a PDF, a key, its password and the root."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "workspace"))
    cast = house(False)
    files: dict[str, bytes] = {"a.pdf": made("pdf"), "k.p12": p12(cast.person, b"secret", cast.centre), "pw": b"secret\n"}
    files |= {"root.pem": cast.root.pem, "a.cms": signed(made("pdf"), cast.person, cast.centre)}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    def ran(*words: str) -> tuple[int, str, str]:
        code = main(["documents", *words])
        out, err = capsys.readouterr()
        return code, out, err

    return ran


SIGN = ("sign", "a.pdf", "--key", "k.p12", "--password-file", "pw", "-o", "b.pdf")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_pdf_is_signed_and_checked_and_what_was_not_checked_is_said(run: Run, language: str) -> None:
    assert run(*SIGN, "--visible", "--reason", "Бекітемін", "--lang", language)[0] == 0
    code, out, _ = run("check", "b.pdf", "--trust", "root.pem", "--lang", language)
    assert code == 0
    for said in ("САРСЕНОВА АЙГЕРИМ", "********0123", "Бекітемін", t("signatures.finding_revocation_not_checked", language)):
        assert said in out
    assert "900101400123" not in out
    assert t("signatures.state_good", language) in out


def test_json_follows_its_schema_and_hides_numbers_of_persons(run: Run) -> None:
    run(*SIGN)
    code, out, _ = run("check", "b.pdf", "--json", "--trust", "root.pem")
    said = json.loads(out)
    jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/signatures.json").read_text())).validate(said)
    assert (code, said["signatures"][0]["state"], said["ledger"]) == (0, "good", None)
    assert "900101400123" not in out


def test_without_roots_it_is_open_and_those_of_the_workspace_are_taken(run: Run, tmp_path: Path) -> None:
    run(*SIGN)
    code, out, _ = run("check", "b.pdf", "--lang", "en")
    assert code == 3
    assert t("signatures.finding_no_roots", "en") in out
    (tmp_path / "workspace/trust").mkdir(parents=True)
    (tmp_path / "workspace/trust/root.pem").write_bytes(house(False).root.pem)
    (tmp_path / "workspace/trust/notes.txt").write_text("not a certificate")
    assert run("check", "b.pdf")[0] == 0


def test_a_changed_file_is_a_finding(run: Run, tmp_path: Path) -> None:
    run(*SIGN)
    (tmp_path / "b.pdf").write_bytes((tmp_path / "b.pdf").read_bytes().replace(b"Typst", b"Typts", 1))
    code, out, _ = run("check", "b.pdf", "--trust", "root.pem", "--lang", "en")
    assert code == 1
    assert t("signatures.finding_content_differs", "en") in out


def test_a_signature_beside_a_file(run: Run, tmp_path: Path) -> None:
    assert run("check", "a.pdf", "--signature", "a.cms", "--trust", "root.pem")[0] == 0
    (tmp_path / "other").write_bytes(b"x")
    assert run("check", "other", "--signature", "a.cms", "--trust", "root.pem")[0] == 1
    code, _, err = run("check", "a.pdf", "--signature", "root.pem", "--lang", "en")
    assert code == 2
    assert "root.pem: is not an electronic signature" in err


def test_the_receipt_beside_a_file_is_read_and_believed_only_of_our_own_ledger(run: Run, tmp_path: Path, capsys: Any) -> None:
    assert main(["seal", "a.pdf"]) == 0
    capsys.readouterr()
    code, out, _ = run("check", "a.pdf", "--json")
    assert (code, json.loads(out)["ledger"]["word"]) == (0, "sealed")
    (tmp_path / "workspace").rename(tmp_path / "gone")
    code, out, _ = run("check", "a.pdf", "--json")
    assert (code, json.loads(out)["ledger"]["word"]) == (3, "unattributed")
    (tmp_path / "a.pdf").write_bytes(b"x")
    code, out, _ = run("check", "a.pdf", "--json")
    assert (code, json.loads(out)["ledger"]["word"]) == (1, "altered")


def test_a_file_that_nobody_signed_or_sealed_could_not_be_checked(run: Run) -> None:
    for name in ("a.pdf", "pw"):
        code, out, _ = run("check", name, "--lang", "en")
        assert code == 3
        assert t("signatures.not_sealed", "en") in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sign", "a.pdf", "--key", "k.p12", "-o", "b.pdf"), "k.p12: the password does not open the key"),
        (("sign", "a.pdf", "--key", "pw", "-o", "b.pdf"), "pw: is not a key file"),
        (("sign", "pw", "--key", "k.p12", "--password-file", "pw", "-o", "b.pdf"), "pw: is not a PDF that can be read"),
        (("sign", "gone.pdf", "--key", "k.p12", "--password-file", "pw", "-o", "b.pdf"), "gone.pdf: cannot be read"),
        (("sign", "a.pdf", "--key", "k.p12", "--password-file", "pw", "-o", "no/b.pdf"), "no/b.pdf: cannot be written"),
        (("check", "a.pdf", "--trust", "pw"), "pw: holds no certificate"),
        (("check", "a.pdf", "--trust", "gone.pem"), "gone.pem: cannot be read"),
    ],
)
def test_what_goes_wrong_is_one_line_with_a_hint_and_nothing_is_written(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, _, err = run(*words, "--lang", "en")
    assert code == 2
    assert err.startswith(f"tanba: {said}")
    assert len(err.splitlines()) == 2
    assert not (tmp_path / "b.pdf").exists()


SYSTEM = str(ROOT / "examples/systems/credit-scorer.yaml")


@pytest.mark.parametrize("form", ["pdf", "html", "docx"])
def test_a_document_is_sealed_as_it_is_made_prints_its_place_and_checks(run: Run, tmp_path: Path, form: str) -> None:
    words = ("make", "passport", SYSTEM, "--on", "2026-11-22", "--to", form, "--lang", "en", "--seal", "-o", f"p.{form}")
    code, out, _ = run(*words)
    assert code == 0
    assert out.count("at position ") == 2
    stated = json.loads((tmp_path / f"p.{form}.document.json").read_bytes())
    jsonschema.Draft202012Validator(json.loads((ROOT / "spec/schema/document.json").read_text())).validate(stated)
    receipt = json.loads((tmp_path / f"p.{form}.document.json.receipt.json").read_bytes())
    if form == "html":
        page = (tmp_path / "p.html").read_text()
        assert json.loads(receipt["entry"])["id"] in page
        assert t("lastpage.no_address", "en") in page
        assert page.count(stated["digest"]) == 2
    code, out, _ = run("check", f"p.{form}", "--json")
    assert (code, json.loads(out)["ledger"]["word"], json.loads(out)["ledger"]["position"]) == (0, "sealed", 1)
    assert main(["seal", "--check", f"p.{form}.document.json", "--accept", "unwitnessed,untimed"]) in (0, 3)
    code, _, err = run(*words)
    assert code == 2
    assert "is there already" in err


def test_what_is_made_without_sealing_touches_no_ledger(run: Run, tmp_path: Path) -> None:
    assert run("make", "prohibited", SYSTEM, "--to", "html", "--lang", "en", "-o", "p.html")[0] == 0
    assert t("lastpage.no_record", "en") in (tmp_path / "p.html").read_text()
    assert not (tmp_path / "workspace").exists()
