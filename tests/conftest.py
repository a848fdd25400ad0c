"""Shared ground of the tests: workspaces in a temporary folder, and skips that are counted, named and bounded.

With TANBA_FORBID_SKIPS=1 (integration runs) a skip is a failure, vectors from outside (TANBA_VECTORS) apart.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("tanba", deadline=None)  # machines differ; the suite as a whole is timed instead
settings.load_profile("tanba")

MAX_SKIPS = 25
ROOT = Path(__file__).parent.parent
_skipped: list[str] = []


@pytest.fixture(autouse=True)
def _workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TANBA_HOME", str(tmp_path / "workspace"))
    monkeypatch.delenv("TANBA_LANG", raising=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.skipped and os.environ.get("TANBA_FORBID_SKIPS") == "1" and "TANBA_VECTORS" not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skips are forbidden here: {report.longrepr}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped:
        _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    if len(_skipped) > MAX_SKIPS and not hasattr(session.config, "workerinput"):
        session.exitstatus = 1


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for nodeid in _skipped:
        terminalreporter.write_line(f"skipped: {nodeid}")
    if len(_skipped) > MAX_SKIPS:
        terminalreporter.write_line(f"too many skips: {len(_skipped)} > {MAX_SKIPS}")
