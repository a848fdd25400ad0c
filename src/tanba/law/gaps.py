"""From an assessment and the evidence kept beside a system to findings, for pipelines. Statute gaps and house gaps stay apart."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tanba.errors import COULD_NOT_CHECK, FINDING, FINE
from tanba.law.facts import SystemFile
from tanba.law.reasons import MAIN_NOTIONS

READ_LAW = ("statute", "by-law", "other-law")


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind`: prohibited, undecided, implausible, no_evidence, lost_evidence or review. `layer` as in assess.LAYERS."""

    kind: str
    layer: str
    provision: str
    title: Mapping[str, str]
    detail: str = ""

    def exit_code(self, strict: bool) -> int:
        """What this finding alone means for a pipeline; gaps of house policy count only with `strict`, unread law never."""
        if self.kind == "undecided":
            return COULD_NOT_CHECK
        if self.kind == "review" or self.layer in ("reported", "recommended", "companion"):
            return FINE
        return FINDING if self.layer in READ_LAW or strict else FINE


def findings(report: Mapping[str, Any], system: SystemFile, is_kept: Callable[[str], bool]) -> list[Finding]:
    """Everything that stands between this system and a clean build, the gravest first. `is_kept` says whether an evidence file is there."""
    return [*_gate(report), *_undecided(report), *_plausibility(report), *_evidence(report, system, is_kept), *_screen(report)]


def _gate(report: Mapping[str, Any]) -> Iterator[Finding]:
    for ban in report["gate"]["bans"]:
        if ban["answer"] == "found":
            yield Finding("prohibited", "statute", ban["provision"], ban["title"])


def _undecided(report: Mapping[str, Any]) -> Iterator[Finding]:
    """One finding per open notion of scope, per open ban, and for an open risk degree; `detail` names the first fact to settle."""
    if report["conclusion"] != "undecided":
        return
    for name in MAIN_NOTIONS:
        notion = report["notions"][name]
        if notion["answer"] == "unknown":
            yield Finding("undecided", "statute", notion["provision"], notion["label"], next(iter(notion["ask"]), ""))
    for ban in report["gate"]["bans"]:
        if ban["answer"] == "unknown":
            yield Finding("undecided", "statute", ban["provision"], ban["title"], next(iter(ban["ask"]), ""))
    risk = report["axes"]["risk"]
    if not risk["decided"]:
        yield Finding("undecided", "statute", risk["provisions"][-1], risk["label"], next(iter(risk["ask"]), ""))


def _plausibility(report: Mapping[str, Any]) -> Iterator[Finding]:
    for entry in report["plausibility"]:
        if entry["answer"] == "implausible":
            axis = report["axes"][entry["axis"]]
            yield Finding(
                "implausible", "statute", axis["provisions"][-1], axis["label"], f"{entry['own']} ≠ {'/'.join(entry['possible'])}"
            )


def _evidence(report: Mapping[str, Any], system: SystemFile, is_kept: Callable[[str], bool]) -> Iterator[Finding]:
    kept = {name.partition("@")[0]: entry for name, entry in system.evidence.items()}
    for entry in report["provisions"]:
        if entry["answer"] != "applies" or not entry["evidence"] or entry["layer"] == "recommended":
            continue
        bare = entry["provision"].partition("@")[0]
        if bare not in kept:
            yield Finding("no_evidence", entry["layer"], entry["provision"], entry["title"])
        elif not is_kept(kept[bare]["file"]):
            yield Finding("lost_evidence", entry["layer"], entry["provision"], entry["title"], kept[bare]["file"])


def _screen(report: Mapping[str, Any]) -> Iterator[Finding]:
    for item in report["screen"]:
        if item["answer"] == "found":
            yield Finding("review", "recommended", item["provision"], item["title"])
