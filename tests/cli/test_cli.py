"""The command line as a person uses it: every verb, every format, three languages, and one clear error for each bad input."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import yaml

from tanba.cli import main
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, MISUSE

ROOT = Path(__file__).parent.parent.parent
EXAMPLES = ROOT / "examples" / "systems"
DAY = ["--on", "2026-11-22"]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([str(a) for a in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_example_is_assessed_in_every_language(run: Run, path: Path, lang: str) -> None:
    code, out, err = run("assess", path, "--all", "--lang", lang, *DAY)
    assert code == (FINDING if path.stem in ("trust-score", "call-emotion-legacy") else FINE)
    assert err == ""
    assert {"kk": "заң кеңесі емес", "ru": "не юридическая консультация", "en": "not legal advice"}[lang] in out
    assert "None" not in out
    assert "{" not in out


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_json_follows_its_schema(run: Run, path: Path) -> None:
    _, out, _ = run("assess", path, "--format", "json", *DAY)
    jsonschema.validate(json.loads(out), json.loads((ROOT / "spec/schema/assessment.json").read_text()))


def test_a_prohibition_is_said_before_any_tier(run: Run) -> None:
    code, out, _ = run("assess", EXAMPLES / "trust-score.yaml", "--lang", "en", *DAY)
    assert code == FINDING
    assert "a PROHIBITED capability is present" in out
    assert out.index("230-VIII/17/3/3") < out.index("Degree of risk")


def test_statute_and_house_policy_are_counted_apart(run: Run) -> None:
    _, out, _ = run("assess", EXAMPLES / "credit-scorer.yaml", "--format", "json", *DAY)
    counts = json.loads(out)["counts"]
    assert counts["house"]["applies"] > 0
    assert counts["statute"]["applies"] > 20
    _, before, _ = run("assess", EXAMPLES / "credit-scorer.yaml", "--format", "json", "--on", "2026-02-01")
    assert json.loads(before)["counts"]["house"]["applies"] == 0


def test_check_tells_statute_from_house_gaps(run: Run) -> None:
    code, out, _ = run("check", ROOT / "examples", "--format", "json", *DAY)
    assert code == COULD_NOT_CHECK
    findings = [finding for system in json.loads(out)["systems"] for finding in system["findings"]]
    assert {f["layer"] for f in findings} >= {"statute", "other-law", "house", "reported"}
    assert all(f["exit_code"] == 0 for f in findings if f["layer"] in ("house", "reported", "recommended"))
    _, strict, _ = run("check", ROOT / "examples", "--format", "json", "--strict", *DAY)
    findings = [finding for system in json.loads(strict)["systems"] for finding in system["findings"]]
    assert {f["exit_code"] for f in findings if f["layer"] == "house"} == {1}
    assert {f["exit_code"] for f in findings if f["layer"] == "reported"} == {0}


def test_a_clean_system_passes_and_house_gaps_fail_only_when_strict(run: Run, tmp_path: Path) -> None:
    system = {
        "schema": "tanba.system/1",
        "system": "rules",
        "name": "Rules",
        "facts": {"uses_model": False, "processes_personal_data": False, "operated_in_kazakhstan": True},
    }
    (tmp_path / "rules.yaml").write_text(yaml.safe_dump(system))
    assert run("check", tmp_path, "--strict", *DAY)[0] == FINE


def test_evidence_that_is_not_there_is_a_finding(run: Run, tmp_path: Path) -> None:
    text = (EXAMPLES / "credit-scorer.yaml").read_text()
    (tmp_path / "credit-scorer.yaml").write_text(text)
    _, out, _ = run("check", tmp_path, "--format", "json", *DAY)
    assert "lost_evidence" in {f["kind"] for f in json.loads(out)["systems"][0]["findings"]}


def test_evidence_outside_the_folder_does_not_count(run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("x")
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    text = (EXAMPLES / "credit-scorer.yaml").read_text().replace("evidence/credit-scorer/user-agreement.md", "../../secret.md")
    (folder / "credit-scorer.yaml").write_text(text)
    _, out, _ = run("check", folder, "--format", "json", *DAY)
    assert "lost_evidence" in {f["kind"] for f in json.loads(out)["systems"][0]["findings"]}


def test_sarif_and_junit_are_well_formed(run: Run) -> None:
    _, out, _ = run("check", ROOT / "examples", "--format", "sarif", "--lang", "en", *DAY)
    document = json.loads(out)
    assert document["version"] == "2.1.0"
    rules = {rule["id"] for rule in document["runs"][0]["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in document["runs"][0]["results"]} <= rules
    assert any(result["level"] == "error" for result in document["runs"][0]["results"])
    _, out, _ = run("check", ROOT / "examples", "--format", "junit", "--lang", "kk", *DAY)
    root = ElementTree.fromstring(out.encode())
    assert len(root.findall("testsuite")) == len(list(EXAMPLES.glob("*.yaml")))
    assert root.findall(".//failure")


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("facts:\n  uses_model: true\n  uses_model: false\n", 3, "Keep one"),
        ("facts:\n  uses_modell: true\n", 2, "uses_model"),
        ("facts:\n  uses_model: [1]\n", 2, "tanba facts uses_model"),
        ("facts: {a: &b [*b]}\n", 1, "in full"),
        ("facts:\n - x: [\n", 3, "Check"),
    ],
)
@pytest.mark.parametrize("verb", ["assess", "check", "interview"])
def test_bad_input_is_one_error_with_file_line_and_hint_and_exit_2(
    run: Run, tmp_path: Path, verb: str, text: str, line: int, hint: str
) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    code, out, err = run(verb, path, "--lang", "en")
    assert code == MISUSE
    message = err or out
    assert f"bad.yaml:{line}: " in message
    assert hint in message
    assert "Traceback" not in message
    assert path.read_text() == text
    assert [p.name for p in tmp_path.iterdir()] == ["bad.yaml"]


def test_a_50_mb_file_is_refused(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    for verb in ("assess", "interview"):
        code, _, err = run(verb, path, "--lang", "en")
        assert code == MISUSE
        assert "larger than" in err


def test_a_day_before_the_law_is_refused(run: Run) -> None:
    for verb in (["assess", EXAMPLES / "recommender.yaml"], ["check", ROOT / "examples"], ["law", "list"], ["interview"]):
        code, _, err = run(*verb, "--on", "2026-01-17", "--lang", "en")
        assert code == MISUSE
        assert "not in force" in err
        assert "2026-01-18" in err
    assert run("assess", EXAMPLES / "recommender.yaml", "--on", "soon")[0] == MISUSE


def test_check_of_a_folder_without_systems_and_of_nothing(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        code, _, err = run("check", path, "--lang", "en")
        assert code == MISUSE
        assert "no system files" in err


def test_a_batch_goes_on_after_a_bad_file_and_returns_the_worst(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("facts:\n  nonsense: true\n")
    (tmp_path / "b.yaml").write_text((EXAMPLES / "recommender.yaml").read_text())
    code, out, _ = run("check", tmp_path, *DAY)
    assert code == MISUSE
    assert "a.yaml:2" in out
    assert "recommender" in out


def test_interview_saves_each_answer_resumes_and_never_asks_twice(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.yaml"
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n1,2,3\nq\n"))
    code, out, _ = run("interview", path, "--lang", "en", *DAY)
    assert code == FINE
    first = yaml.safe_load(path.read_text())["facts"]
    assert first["uses_model"]["value"] is True
    assert first["model_abilities"]["value"] == ["adapts", "learns", "optimises"]
    assert "2 questions were asked" in out
    monkeypatch.setattr(sys, "stdin", io.StringIO("нет\n"))
    _, again, _ = run("interview", path, "--lang", "ru", *DAY)
    assert len(yaml.safe_load(path.read_text())["facts"]) == 3
    assert "uses_model" not in again


def test_interview_asks_again_until_the_answer_fits_and_skips_what_is_not_known(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "new.yaml"
    monkeypatch.setattr(sys, "stdin", io.StringIO("perhaps\n\nиә\n?\nq\n"))
    _, out, _ = run("interview", path, "--lang", "kk", *DAY)
    assert out.count("Түсінікті жауап емес") == 2
    assert "model_abilities" in out
    assert list(yaml.safe_load(path.read_text())["facts"]) == ["uses_model"]


def test_a_description_suggests_with_its_words_and_decides_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new.yaml"
    monkeypatch.setattr(sys, "stdin", io.StringIO("q\n"))
    text = "Нейросеть распознаёт эмоции клиента по голосу; окончательное решение принимает сотрудник."
    _, out, _ = run("interview", path, "--describe", text, "--lang", "ru", *DAY)
    assert "determines_emotions" in out
    facts = yaml.safe_load(path.read_text())["facts"]
    assert facts["determines_emotions"]["confirmed"] is False
    _, report, _ = run("assess", path, "--format", "json", *DAY)
    assert json.loads(report)["gate"]["answer"] == "unknown"
    assert "determines_emotions" in json.loads(report)["suggested"]


@pytest.mark.parametrize(
    "name",
    [
        "LLama-3.1-KazLLM-1.0-8B.README.md",
        "whisper-large-v3-turbo.README.md",
        "stable-diffusion-3.5-large.README.md",
        "MLmodel",
        "fraud-monitor.cdx.json",
    ],
)
def test_model_cards_become_systems_whose_facts_wait(run: Run, tmp_path: Path, name: str) -> None:
    path = tmp_path / "imported.yaml"
    assert run("import", ROOT / "examples" / "imports" / name, "--out", path, "--lang", "en")[0] == FINE
    system = yaml.safe_load(path.read_text())
    assert all(fact["confirmed"] is False and fact["source"] for fact in system["facts"].values())
    code, _, err = run("import", ROOT / "examples" / "imports" / name, "--out", path, "--lang", "en")
    assert code == MISUSE
    assert "exists already" in err


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_every_provision_can_be_shown(run: Run, lang: str) -> None:
    _, out, _ = run("law", "list", "--format", "json", *DAY)
    for provision in json.loads(out)["provisions"]:
        code, shown, _ = run("law", "show", provision["provision"], "--lang", lang, *DAY)
        assert code == FINE
        assert provision["provision"] in shown
        assert "None" not in shown


def test_law_list_filters_and_refuses_what_is_not_there(run: Run) -> None:
    assert "CoAO/641-1/1/1" in run("law", "list", "--act", "CoAO", *DAY)[1]
    assert "230-VIII" not in run("law", "list", "--kind", "recommendation", *DAY)[1].partition("\n\n")[0]
    assert run("law", "list", "--act", "nowhere")[0] == MISUSE
    assert run("law", "show", "99/9")[0] == MISUSE
    assert run("law", "claims", "--verdict", "maybe")[0] == MISUSE


def test_claims_and_changes(run: Run) -> None:
    assert "2.27" in run("law", "claims", "--lang", "en")[1]
    assert "326-VIII" in run("law", "changes", "--lang", "en", *DAY)[1]
    assert "not begun yet" in run("law", "changes", "--lang", "en", "--on", "2026-02-01")[1]


def test_counsel_confirms_a_provision_by_name(run: Run) -> None:
    code, out, _ = run("law", "confirm", "21/2", "--by", "А. Заңгер", "--lang", "en")
    assert code == FINE
    assert "kz/230-VIII/21/2@2026-01-18" in out
    assert "А. Заңгер" in run("law", "show", "21/2", "--lang", "en", *DAY)[1]
    assert run("law", "confirm", "21/2", "--by", "  ")[0] == MISUSE
    assert run("law", "confirm", "99/1", "--by", "A")[0] == MISUSE


def test_verify_again_begins_on_the_day_of_the_reported_change(run: Run) -> None:
    assert "Verify again" not in run("law", "show", "21/2", "--lang", "en", "--on", "2026-07-10")[1]
    assert "Verify again" in run("law", "show", "21/2", "--lang", "en", "--on", "2026-07-11")[1]


def test_help_of_every_verb_in_every_language(capsys: pytest.CaptureFixture[str]) -> None:
    for lang in ("kk", "ru", "en"):
        for verb in ([], ["assess"], ["check"], ["interview"], ["facts"], ["import"], ["law"], ["law", "import"], ["serve"]):
            with pytest.raises(SystemExit) as caught:
                main([*verb, "--lang", lang, "--help"])
            assert caught.value.code == 0
            assert capsys.readouterr().out


HEAVY = ("django", "lxml", "docx")


def loaded(arguments: list[str], watched: tuple[str, ...]) -> str:
    """Which of the watched modules a fresh process has loaded after running the command."""
    code = (
        "import sys\n"
        "from tanba.cli import main\n"
        f"try: main({arguments!r})\n"
        "except SystemExit: pass\n"
        f"print([name for name in sys.modules if name in {watched!r}], file=sys.stderr)"
    )
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stderr.strip()


def test_help_loads_neither_django_nor_the_law() -> None:
    assert loaded(["--help"], (*HEAVY, "tanba.law.load")) == "[]"


def test_assess_loads_neither_django_nor_document_readers() -> None:
    assert loaded(["assess", str(EXAMPLES / "recommender.yaml")], HEAVY) == "[]"


def test_a_one_time_sign_in_link_for_a_forgotten_password() -> None:
    def link(email: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tanba", "serve", "--example", str(ROOT / "examples"), "--sign-in", email, "--lang", "en"]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    known = link("a.sarsenova@qarlygash-group.example")
    assert known.returncode == FINE
    assert known.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    unknown = link("nobody@nowhere.example")
    assert unknown.returncode == MISUSE
    assert "nobody signs in" in unknown.stderr


def test_what_scope_leaves_open_is_no_clean_build(run: Run, tmp_path: Path) -> None:
    system = yaml.safe_load((EXAMPLES / "fraud-monitor.yaml").read_text())
    for fact in ("operated_in_kazakhstan", "is_platform_operator", "is_legal_entity", "is_state_body"):
        system["facts"].pop(fact, None)
    for fact in ("distributes_results", "has_users", "human_control", "impact_on", "use_case", "consent_term_fits", "trains_on_works"):
        system["facts"].pop(fact, None)
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(system))
    _, out, _ = run("assess", tmp_path / "a.yaml", "--format", "json", *DAY)
    report = json.loads(out)
    assert (report["notions"]["reach"]["answer"], report["gate"]["answer"]) == ("unknown", "clear"), "nothing but scope is open"
    assert report["axes"]["risk"]["decided"]
    code, out, _ = run("check", tmp_path, "--format", "json", *DAY)
    assert code == COULD_NOT_CHECK
    assert [f["detail"] for f in json.loads(out)["systems"][0]["findings"] if f["kind"] == "undecided"] == ["operated_in_kazakhstan"]


def test_a_gate_says_what_it_could_not_read(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    code, out, _ = run("check", tmp_path, "--lang", "en", *DAY)
    assert code == MISUSE
    assert "gone.yaml: cannot be read" in out
    assert "folder.yaml" not in out


def test_a_byte_order_mark_hides_no_system(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbffacts:\r\n  uses_model: true\r\n")
    assert run("check", tmp_path, *DAY)[0] == COULD_NOT_CHECK


def test_junit_fails_what_the_exit_code_fails(run: Run) -> None:
    def failures(*more: str) -> int:
        return len(
            ElementTree.fromstring(run("check", ROOT / "examples", "--format", "junit", *more, *DAY)[1].encode()).findall(".//failure")
        )

    findings = [f for s in json.loads(run("check", ROOT / "examples", "--format", "json", *DAY)[1])["systems"] for f in s["findings"]]
    failing = sum(f["exit_code"] == FINDING for f in findings)
    assert 0 < failures() <= failing
    assert failures() < failures("--strict")


def test_sarif_writes_paths_as_addresses(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a b.yaml"
    path.write_text("facts: {}\n")
    _, out, _ = run("check", path, "--format", "sarif", *DAY)
    location = json.loads(out)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"].endswith("/a%20b.yaml")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_report_that_did_not_arrive_is_no_success() -> None:
    command = [sys.executable, "-m", "tanba", "check", str(EXAMPLES), *DAY]
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == COULD_NOT_CHECK
    assert "Traceback" not in done.stderr
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as piped:
        assert piped.stdout is not None
        piped.stdout.close()
        assert piped.wait() == COULD_NOT_CHECK


def test_confirmations_survive_any_remark_and_say_where_they_cannot_be_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "home"))
    for _ in range(2):
        assert run("law", "confirm", "21/2", "--by", "A\udcff", "--remark", "one\u2028two\x85three\nfour")[0] == FINE
    code, out, _ = run("law", "show", "21/2", "--format", "json", "--on", "2026-11-22")
    assert code == FINE
    assert out.count("one\u2028two") == 2
    (tmp_path / "file").touch()
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "file"))
    code, _, err = run("law", "confirm", "21/2", "--by", "A", "--lang", "en")
    assert code == MISUSE
    assert "cannot be written" in err


def test_systems_of_one_slug_are_not_lost() -> None:
    from tanba.cli.law import _by_name
    from tanba.law.facts import Answer, SystemFile

    systems = [SystemFile("a", {}, {"uses_model": Answer(value)}) for value in (True, False)]
    assert _by_name(systems) == {"a": {"uses_model": True}, "a (2)": {"uses_model": False}}
