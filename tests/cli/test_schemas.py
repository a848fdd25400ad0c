"""Every JSON output, and every file format we read, follows its schema."""

import base64
import json
from pathlib import Path

import jsonschema
import pytest

from tanba.cli import main
from tanba.marking.markid import text_of
from tanba.people.riskfile import read_register, register_content
from tanba.workspace import current
from tanba.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent.parent
DAY = ["--on", "2026-11-22"]
COMMANDS = {
    "facts": ["facts", "--format", "json"],
    "check": ["check", str(ROOT / "examples"), "--format", "json", *DAY],
    "provisions": ["law", "list", "--format", "json", *DAY],
    "provision": ["law", "show", "21/2", "--format", "json", *DAY],
    "clocks": ["incident", "clocks", str(ROOT / "examples/incidents/open-applications.yaml"), "--now", "2026-11-26T20:00", "--json"],
    "suspensions": ["suspend", "--list", "--json"],
    "calendar": ["calendar", "--from", "2026-05-26", "--within", "3", "--json"],
    "request-kinds": ["request", "kinds", str(ROOT / "examples/systems/credit-scorer.yaml"), "--json", *DAY],
    "request-due": ["request", "due", "objection", "--received", "2026-05-26", "--json"],
    "request-draft": ["request", "draft", "data", "--json", *DAY],
    "fairness": [
        *("fairness", str(ROOT / "examples/predictions/credit-scorer.csv"), "--group", "sex"),
        *("--prediction", "approved", "--label", "repaid", "--json"),
    ],
    "risk-catalogue": ["risks", "catalogue", "--for", str(ROOT / "examples/systems/credit-scorer.yaml"), "--json"],
    "risk-check": ["risks", "check", str(ROOT / "examples/risks/credit-scorer.yaml"), "--json", *DAY],
    "principles": ["principles", str(ROOT / "examples/systems/credit-scorer.yaml"), "--json", *DAY],
    "obligations": ["obligations", str(ROOT / "examples"), "--all", *DAY],
    "documents": ["documents", "list", str(ROOT / "examples/systems/credit-scorer.yaml"), "--format", "json", *DAY],
    "audit-checklist": ["audit", "checklist", str(ROOT / "examples/systems/credit-scorer.yaml"), "--format", "json", *DAY],
    "audit-findings": ["audit", "findings", str(ROOT / "examples/audits/credit-scorer.yaml"), "--format", "json", *DAY],
    "claims": ["law", "claims", "--format", "json"],
    "changes": ["law", "changes", "--format", "json", *DAY],
    "comparison": ["law", "import", "tests/law/data/act.ru.txt", "--systems", str(ROOT / "examples"), "--format", "json", *DAY],
}
STATE = {
    "pilot": "pilot-credit-scorer",
    "trusted-list": "trusted-list-fraud-monitor",
    "security": "security-fraud-monitor",
    "training": "training",
}


def validate(name: str, value: object) -> None:
    schema = json.loads((ROOT / f"spec/schema/{name}.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(value)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_output(name: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    main(COMMANDS[name])
    value = json.loads(capsys.readouterr().out)
    assert value["schema"] == f"tanba.{name}/1"
    validate(name, value)


@pytest.mark.parametrize("path", sorted((ROOT / "examples/audits").glob("*.yaml")), ids=lambda path: path.stem)
def test_files_of_audits(path: Path) -> None:
    validate("audit", read_yaml(path))


@pytest.mark.parametrize("path", sorted((ROOT / "examples/systems").glob("*.yaml")), ids=lambda path: path.stem)
def test_system_files(path: Path) -> None:
    validate("system", read_yaml(path))


@pytest.mark.parametrize("path", sorted((ROOT / "examples/risks").glob("*.yaml")), ids=lambda path: path.stem)
def test_risk_registers(path: Path) -> None:
    validate("risk-register", read_yaml(path))
    validate("risk-register", register_content(read_register(read_yaml(path))))


@pytest.mark.parametrize(("form", "name"), STATE.items())
def test_forms_of_dealings_with_the_state(form: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / f"examples/state/{name}.yaml"
    written = read_yaml(path)
    validate(written["schema"].removeprefix("tanba.").removesuffix("/1"), written)
    main(["state", form, str(path), "--format", "json", "--on", "2026-11-30"])
    validate("state-check", json.loads(capsys.readouterr().out))


@pytest.mark.parametrize(("name", "folder"), [("stop", "stops"), ("request", "answers"), ("incident", "incidents")])
def test_files_of_letters_and_orders(name: str, folder: str) -> None:
    for path in sorted((ROOT / "examples" / folder).glob("*.yaml")):
        validate(name, read_yaml(path))


def test_house_policy() -> None:
    validate("house-policy", read_yaml(ROOT / "examples/house-policy.yaml"))


def test_confirmations(capsys: pytest.CaptureFixture[str]) -> None:
    main(["law", "confirm", "21/2", "--by", "A. Counsel", "--remark", "read on paper"])
    validate("confirmation", json.loads(current().confirmations.read_text()))


def test_evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("x")
    main(["seal", "a.txt", "--author", "A. Counsel"])
    main(["ledger", "new-key"])
    receipt = json.loads(Path("a.txt.receipt.json").read_text())
    validate("receipt", receipt)
    validate("entry", json.loads(receipt["entry"]))
    change = json.loads(current().ledger_keys.read_text())
    validate("receipt", change["receipt"])
    validate("key", json.loads(change["artifact"]))
    capsys.readouterr()
    for verb in ("status", "check"):
        main(["ledger", verb, "--format", "json"])
        validate(f"ledger-{verb}", json.loads(capsys.readouterr().out))
    vectors = json.loads((ROOT / "spec/vectors/bundle.json").read_text())
    validate("bundle", vectors["index"])
    Path("b.zip").write_bytes(base64.b64decode(vectors["zip"]))
    main(["bundle", "check", "b.zip", "--format", "json"])
    validate("bundle-check", json.loads(capsys.readouterr().out))


def test_every_schema_is_listed_and_every_listed_one_exists() -> None:
    page = (ROOT / "spec/README.md").read_text()
    for path in (ROOT / "spec/schema").glob("*.json"):
        assert f"schema/{path.name}" in page


def test_marking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("Несиеңіз мақұлданды. Шартты оқып шығыңыз.")
    main(["mark", "a.txt", str(ROOT / "examples/media/poster.jpg"), "-o", "out"])
    capsys.readouterr()
    for name, command in (("mark-check", ["verify", "out"]), ("gate", ["gate", "out", "a.txt"])):
        main([*command, "--json"])
        for line in capsys.readouterr().out.splitlines():
            validate(name, json.loads(line))
    for name, command in (("survival", ["survive", "a.txt"]), ("synthetic", ["synthetic", "--by-ai", "yes"])):
        main([*command, "--json"])
        validate(name, json.loads(capsys.readouterr().out))
    from tanba.marking.register import Register
    from tanba.storage.home import open_objects

    register = Register(current().marks)
    records = [json.loads(open_objects(current()).get(digest)) for digest in open_objects(current()).list()]
    for record in records:
        validate("mark", record)
    assert {record["id"] for record in records} == {text_of(mark.id) for mark in register.newest(9)}
    register.close()
