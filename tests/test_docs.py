"""Every example in README and docs is executed; every verb is documented; links lead somewhere; nothing names another machine."""

import doctest
import re
import shlex
import shutil
from importlib import import_module
from pathlib import Path

import pytest

from tanba.cli import VERBS, main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted((ROOT / "spec").rglob("*.md"))]
CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#]+)")


def examples() -> list[tuple[Path, str, str]]:
    """(page, command, expected output) of every `$ tanba …` in a console block."""
    found = []
    for page in PAGES:
        for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
            for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
                command, _, output = part.partition("\n")
                found.append((page, command.strip(), output.strip("\n")))
    return found


@pytest.mark.parametrize(("page", "command", "expected"), examples(), ids=[command for _, command, _ in examples()])
def test_console_example(
    page: Path, command: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    words = shlex.split(command)
    assert words[0] == "tanba", page
    main(words[1:])
    captured = capsys.readouterr()
    shown = (captured.out + captured.err).strip("\n")
    pattern = ".*".join(re.escape(part.strip("\n")) for part in expected.split("…"))
    assert re.fullmatch(pattern, shown, re.DOTALL), f"{page.name}: {command}\n{shown}"


def test_there_are_examples() -> None:
    assert len(examples()) >= 6


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_documented(verb: str) -> None:
    assert f"tanba {verb}" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


MODULES = [
    ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)
    for path in sorted((ROOT / "src" / "tanba").rglob("*.py"))
    if "web" not in path.parts and ">>> " in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted
    assert result.failed == 0


def test_no_two_files_of_tests_have_one_name() -> None:
    """Pytest would refuse to read the second."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})
