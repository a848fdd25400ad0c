"""The command line of tanba_verify.py, its words in three languages, and that it and the page stand alone."""

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tanba.strings import LANGUAGES, t
from verify.both import PAGE, SCRIPT, checker
from verify.cases import erase, scene, set_receipt
from verify.maker import canonical, edit

LIMIT = {
    "kk": "Пакет өз ішіндегіні көрсетеді, ештеңенің қалып қоймағанын көрсетпейді.",
    "ru": "Пакет показывает то, что в нём есть; он не показывает, что ничего не упущено.",
    "en": "A bundle shows what it holds; it does not show that nothing was left out.",
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    s = scene()
    (tmp_path / "good.zip").write_bytes(s.parts.pack())
    (tmp_path / "bad.zip").write_bytes(edit(s.parts, lambda p: p.artifacts.update({"artifacts/0001/assessment.json": b"x"})).pack())
    (tmp_path / "erased.zip").write_bytes(edit(s.parts, lambda p: (p.index.update(obligations=[]), erase(p))).pack())
    (tmp_path / "receipt.json").write_bytes(canonical(s.parts.receipts["receipts/0002.json"]))
    (tmp_path / "content").write_bytes(s.entered[5].content)
    (tmp_path / "policy").write_bytes(s.policy)
    (tmp_path / "roots.pem").write_bytes(s.root.pem)
    (tmp_path / "kept").write_text(s.ledger.checkpoint(5), encoding="utf-8")
    (tmp_path / "noise").write_bytes(b"\x00\x1b[31m")
    return tmp_path


def run(files: Path, line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    words = [str(files / word[1:]) if word.startswith("@") else word for word in line.split()]
    code = checker.main(words)
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out


TRUST = "--policy @policy --tsa @roots.pem"


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_good(files: Path, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(files, f"@good.zip {TRUST} --known @kept --lang {lang}", capsys)
    assert code == 0
    assert LIMIT[lang] in out
    lines = out.splitlines()
    assert re.match(
        r"1\. assessment · 2026-11-22T09:30:00\.123456Z · credit-scorer · artifacts/0001/assessment\.json — .*verified", lines[0]
    )
    assert len(lines) == 7
    assert "verified" in lines[2]
    assert re.search(r"verified\)?: 2$", lines[4])


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("@good.zip", 3, ["unattributed", "unwitnessed", "untimed", "only the bundle itself names the key"]),
        ("@good.zip --policy @policy", 3, ["untimed"]),
        ("@good.zip --policy @policy --accept untimed", 0, ["untimed"]),
        ("@good.zip --policy @policy --accept unwitnessed,untimed", 0, ["untimed"]),
        (f"@bad.zip {TRUST}", 1, ["altered: the content is not what was entered", "verified"]),
        (f"@erased.zip {TRUST}", 0, ["verified, erased"]),
        (f"@receipt.json {TRUST} --content @content", 0, ["verified", "existed at 2026-11-22T09:31:00Z at the latest"]),
        (f"@receipt.json {TRUST} --content @policy", 1, ["altered"]),
        (f"@good.zip {TRUST} --content @content", 2, ["refused as malformed"]),
        ("@good.zip --policy @roots.pem", 2, ["policy: cannot use the line"]),
        ("@good.zip --tsa @policy", 2, ["roots: no certificate"]),
        ("@good.zip --known @policy", 2, ["checkpoint"]),
        ("@good.zip --policy @absent", 2, ["absent"]),
        ("@absent.zip", 2, ["absent.zip"]),
        ("@noise", 2, ["refused as malformed"]),
        (".", 2, ["refused as malformed"]),
    ],
)
def test_codes(files: Path, line: str, code: int, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found, out = run(files, f"{line} --lang en", capsys)
    assert found == code, out
    assert [word for word in words if word not in out] == []
    assert "Traceback" not in out


@pytest.mark.parametrize("line", ["", "@good.zip --accept unattributed", "@good.zip --lang de", "@good.zip --polic x", "@good.zip more"])
def test_misuse(files: Path, line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(files, line, capsys)
    assert stop.value.code == 2


def test_json(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out = run(files, f"@good.zip {TRUST} --json", capsys)
    verdict = json.loads(out)
    assert (verdict["schema"], verdict["exit"], code) == ("tanba.verdict/1", 0, 0)
    assert [result["words"] for result in verdict["artifacts"]] == [["verified"], ["verified"]]
    code, out = run(files, "@noise --json", capsys)
    assert (json.loads(out)["exit"], code) == (2, 2)


@pytest.mark.parametrize(
    ("start", "lang"), [("kk_KZ.UTF-8", "kk"), ("ru_RU.UTF-8", "ru"), ("en_GB.UTF-8", "en"), ("C", "kk"), ("de_DE", "kk")]
)
def test_language_of_the_machine(
    files: Path, start: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", start)
    assert LIMIT[lang] in run(files, "@good.zip", capsys)[1]


def test_untrusted_text_cannot_steer_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names out of a receipt: control and direction characters are shown as signs of replacement."""
    s = scene()
    receipt = json.loads(json.dumps(s.parts.receipts["receipts/0002.json"]))
    receipt["artifact"]["name"] = "a\u202eb\u009b31mc"
    (tmp_path / "x").write_bytes(canonical(receipt))
    assert checker.main([str(tmp_path / "x"), "--lang", "en"]) == 3
    out = capsys.readouterr().out
    assert "a\ufffdb\ufffd31mc" in out
    assert "\u202e" not in out


def test_a_bug_is_no_verdict(files: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checker, "check_bundle", lambda *_: 1 / 0)
    code, out = run(files, f"@good.zip {TRUST} --lang en", capsys)
    assert (code, out) == (2, "refused as malformed: unexpected ZeroDivisionError\n")


def test_alone_in_a_process(files: Path) -> None:
    """As an outsider runs it: no tanba to import, an encoding that has no Kazakh letters."""
    command = [sys.executable, "-I", "-X", "utf8=0", str(SCRIPT), "good.zip", "--policy", "policy", "--tsa", "roots.pem", "--lang", "kk"]
    done = subprocess.run(command, cwd=files, capture_output=True, env={"PYTHONIOENCODING": "ascii", "LC_ALL": "C"}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"verified" in done.stdout


def test_script_needs_nothing_but_cryptography_and_an_old_python() -> None:
    source = SCRIPT.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    modules = {alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert modules - set(sys.stdlib_module_names) - {"__future__"} == {"cryptography"}
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name)
    }
    assert names & {"eval", "exec", "popen", "pickle", "extractall", "urlopen", "socket"} == set()


def page_table() -> dict[str, list[str]]:
    found = re.search(r"const TABLE = `\n(.*?)\n`;", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return {code: texts for code, *texts in (re.split(r"\s*\|\s*", row) for row in re.split(r"\n(?! )", found[1]))}


@pytest.mark.parametrize("table", [checker.TEXTS, page_table()], ids=["script", "page"])
def test_texts_are_there_in_three_languages(table: dict[str, list[str]]) -> None:
    for code, texts in table.items():
        assert len(texts) == 3, code
        assert all(texts), code
        assert len({text.count("{}") for text in texts}) == 1, code
        kazakh, russian, english = texts
        assert re.search("[А-яӘәҒғҚқҢңӨөҰұҮүҺһІі]", kazakh), code
        assert re.search("[А-я]", russian), code
        assert not re.search("[А-я]", english), code
        assert not re.search("[ӘәҒғҚқҢңӨөҰұҮүҺһ]", russian), code


@pytest.mark.parametrize("table", [checker.TEXTS, page_table()], ids=["script", "page"])
def test_verdicts_have_the_words_of_the_pages(table: dict[str, list[str]]) -> None:
    for word in ("verified", "altered", "missing", "unattributed", "unwitnessed", "untimed", "erased"):
        assert table[word] == [t(f"ledger.word_{word}", language) for language in LANGUAGES]


def test_every_reason_has_a_text() -> None:
    pattern = r'"(?:altered|missing|unattributed|unwitnessed|untimed|erased|unchecked|note)", "([a-z0-9_]+)"'
    script, page = SCRIPT.read_text(encoding="utf-8"), PAGE.read_text(encoding="utf-8")
    said = set(re.findall(pattern, script)) | set(re.findall(r'UntrustedError\("([a-z_]+)"\)', script))
    assert len(said) > 25
    assert said - set(checker.TEXTS) == set()
    said = (
        set(re.findall(pattern, page))
        | set(re.findall(r'(?:Untrusted|CouldNot)\("([a-z0-9_]+)"\)', page))
        | set(re.findall(r'data-t="(\w+)"', page))
    )
    said |= set(re.findall(r'say\("(\w+)"', page))
    assert len(said) > 40
    assert said - set(page_table()) == set()
    assert {code: texts for code, texts in page_table().items() if code in checker.TEXTS} == checker.TEXTS


def test_page_stands_alone() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"https?://", page)
    assert not re.search(r"\b(?:src|href)=", page)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function", page)
    assert not re.search(r"fetch\(|XMLHttpRequest|WebSocket|import\(|url\(|@import|localStorage", page)


def test_sent_receipts_differ_from_bundles(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A receipt of an erased author stands alone as well."""
    s = scene()
    changed = edit(s.parts, set_receipt(2, author=None)).receipts["receipts/0002.json"]
    (files / "no-author.json").write_bytes(canonical(changed))
    code, out = run(files, f"@no-author.json {TRUST} --content @content --lang en", capsys)
    assert code == 0
    assert "verified, erased: " in out
