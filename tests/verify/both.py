"""Runs both checkers: the one file in this process, the page's script under Node, many requests at once."""

import base64
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
SCRIPT, PAGE = ROOT / "verify" / "tanba_verify.py", ROOT / "verify" / "verify.html"
NODE = shutil.which("node")
needs_node = pytest.mark.skipif(NODE is None, reason="needs Node 20.12 or newer for the checker of verify.html")


def _load() -> ModuleType:
    if "tanba_verify" not in sys.modules:
        spec = importlib.util.spec_from_file_location("tanba_verify", SCRIPT)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["tanba_verify"] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
    return sys.modules["tanba_verify"]


checker = _load()


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Given:
    """What the reader gives besides the file."""

    policy: bytes | None = None
    tsa: bytes | None = None
    content: bytes | None = None
    known: list[bytes] = field(default_factory=list)
    accept: list[str] = field(default_factory=list)

    def for_page(self) -> dict[str, Any]:
        coded = {name: None if (data := getattr(self, name)) is None else b64(data) for name in ("policy", "tsa", "content")}
        return {**coded, "known": [b64(data) for data in self.known], "accept": self.accept}


def run_script(data: bytes, given: Given | None = None) -> dict[str, Any]:
    """The verdict of tanba_verify.py with `exit`, by the same calls as its command line makes."""
    given = given or Given()
    try:
        trust = checker.read_trust(given.policy, given.tsa)
        known = [checker.read_known(note, trust) for note in given.known]
        content = None if given.content is None else checker.Content(len(given.content), checker.sha256(given.content).hex())
        if data[:4] == b"PK\x03\x04":
            verdict = checker.check_bundle(data, trust, known)
        else:
            verdict = checker.check_receipt(data, trust, content, known)
        return {**verdict, "exit": checker.exit_code(verdict, set(given.accept))}
    except checker.MalformedError as error:
        return {"malformed": str(error), "exit": 2}


def ask_page(requests: Sequence[dict[str, Any]]) -> list[Any]:
    """Answers of the page's script, in one run of Node."""
    assert NODE is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "requests"
        path.write_text("".join(json.dumps(request) + "\n" for request in requests))
        environment = {**os.environ, "NODE_OPTIONS": "--max-old-space-size=512"}
        done = subprocess.run(
            [NODE, str(Path(__file__).with_name("run_page.js")), str(PAGE), str(path)],
            capture_output=True,
            text=True,
            env=environment,
            timeout=300,
        )
    assert done.returncode == 0, done.stderr[-4000:]
    assert done.stderr == "", done.stderr[-4000:]
    answers = [json.loads(line) for line in done.stdout.split("\n")]
    assert len(answers) == len(requests)
    return answers


def run_page(cases: Sequence[tuple[bytes, Given]]) -> list[dict[str, Any]]:
    """Verdicts of the page, each with the seconds it took."""
    answers = ask_page([{"op": "check", "data": b64(data), "options": given.for_page()} for data, given in cases])
    return [{**answer["value"], "seconds": answer["seconds"]} for answer in answers]


def timed_script(data: bytes, given: Given | None = None) -> dict[str, Any]:
    started = time.perf_counter()
    verdict = run_script(data, given)
    return {**verdict, "seconds": time.perf_counter() - started}


def words_of(verdict: dict[str, Any]) -> Any:
    """What both have to agree on: exit code, words, and the codes behind them."""

    def brief(result: dict[str, Any] | None) -> Any:
        return result and (sorted(result["words"]), sorted({(reason["about"], reason["code"]) for reason in result["reasons"]}))

    if verdict["exit"] == 2:
        return 2
    return verdict["exit"], brief(verdict["bundle"]), [brief(result) for result in verdict["artifacts"]], verdict["checkpoint"]
