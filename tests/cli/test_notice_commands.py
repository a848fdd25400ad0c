"""`tanba notice`: texts, the policy's file, receipts of a file, the component."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from tanba.cli import main
from tanba.ids import uuid7
from tanba.people.noticefile import signer
from tanba.people.receipt import Claims, Signer, said
from tanba.people.shown import NAME, Shown
from tanba.workspace import current

SCHEMAS = Path(__file__).parent.parent.parent / "spec" / "schema"
Capture = pytest.CaptureFixture[str]


def claims(user: str = "user-1", days: int = 1) -> Claims:
    now = datetime.now(UTC) - timedelta(days=2 if days < 0 else 0)
    head = (str(uuid7()), "shown", "notice", "system-1", user, "bot", "kk", "a1b2c3d4e5f6", "0" * 64, "service")
    return Claims(*head, said(now), said(now + timedelta(days=abs(days))))


def validate(name: str, value: object) -> None:
    jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text())).validate(value)


def test_a_text_names_what_is_given_and_leaves_the_rest_in_braces(capsys: Capture) -> None:
    assert main(["notice", "show", "--channel", "email", "--system", "Көмек", "--lang", "kk"]) == 0
    text = capsys.readouterr().out
    assert "жасанды интеллект жүйесі пайдаланыла отырып дайындалды: Көмек, {organisation}" in text


def test_the_policy_is_written_once_edited_and_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "w"))
    assert main(["notice", "policy", "--write", "--lang", "en"]) == 0
    path = tmp_path / "w" / "notices.yaml"
    assert main(["notice", "policy", "--write", "--lang", "en"]) == 2
    path.write_text(path.read_text().replace('human: "0"', 'human: "9"'))
    capsys.readouterr()
    assert main(["notice", "show", "--channel", "voice", "--lang", "en"]) == 0
    assert "press 9" in capsys.readouterr().out
    path.write_text(path.read_text().replace("{page}", "{pagina}"))
    assert main(["notice", "policy", "--lang", "ru"]) == 2
    assert "неизвестно, что такое 'pagina' в скобках" in capsys.readouterr().err


def test_a_receipt_is_checked_with_the_words_for_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "w"))
    key = signer(current())
    genuine, path = claims(), tmp_path / "receipt.json"
    shown = Shown(current().root / NAME)
    token = shown.issue("190140999998", key, genuine)
    batch = shown.begin_batch()
    shown.close()
    assert batch is not None
    verdicts = {
        "genuine": ([], token),
        "others": (["--of-user", "user-2"], token),
        "forged": ([], Signer(b"\1" * 32).sign(genuine)),
        "expired": ([], key.sign(claims(days=-1))),
    }
    for verdict, (more, written) in verdicts.items():
        path.write_text(json.dumps({"receipt": written}))
        assert main(["notice", "check-receipt", str(path), "--json", *more]) == (0 if verdict == "genuine" else 1)
        found = json.loads(capsys.readouterr().out)
        validate("notice-check", found)
        assert found["verdict"] == verdict
        assert (found["batch"] is None) == (verdict in ("forged", "expired"))
    validate("notice-batch", json.loads(batch.content))
    path.write_text(token)
    assert main(["notice", "check-receipt", str(path), "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert "the receipt is genuine and in force" in text
    assert f"Batch: {batch.id}" in text
    assert main(["notice", "check-receipt", str(path), "--key", key.public, "--of-system", "system-1", "--lang", "en"]) == 0


@pytest.mark.parametrize("written", [b"", b"{", b'{"receipt": 3}', b"\xff\xfe", b"[" * 60_000, b"{}"])
def test_a_file_without_a_receipt_is_refused_in_words(written: bytes, tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "x"
    path.write_bytes(written)
    assert main(["notice", "check-receipt", str(path), "--lang", "en"]) in (1, 2)
    assert "receipt" in "".join(capsys.readouterr())


def test_the_component_is_one_small_file(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "tanba-notice.js"
    assert main(["notice", "component", "-o", str(path)]) == 0
    text = path.read_text()
    assert len(path.read_bytes()) < 10_000
    assert 'customElements.define("tanba-notice"' in text
    assert main(["notice", "component", "-o", str(tmp_path / "none" / "x.js")]) == 2


def test_a_user_s_receipts_are_erased(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "w"))
    key, shown = signer(current()), Shown(current().create().root / NAME)
    for user in ("user-1", "user-1", "user-2"):
        shown.issue("190140999998", key, claims(user))
    shown.close()
    assert main(["notice", "forget", "--user", "user-1", "--lang", "ru"]) == 0
    assert "Стёрто 2 квитанции" in capsys.readouterr().out
    assert main(["notice", "forget", "--user", "user-1", "--lang", "en"]) == 0
    assert "0 receipts were erased" in capsys.readouterr().out


def test_checking_makes_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "w"))
    (tmp_path / "r.json").write_text(json.dumps({"receipt": "x.y"}))
    assert main(["notice", "check-receipt", str(tmp_path / "r.json"), "--lang", "en"]) == 2
    assert "there is no key of receipts" in capsys.readouterr().err
    assert not (tmp_path / "w").exists()
