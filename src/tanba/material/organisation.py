"""From an organisation's systems and the law of a day to the plain material of its documents.

Of systems: {name, slug, tier, stage, gate, generates, department, responsible, open, due}. `duties` {law, reported, house: {open,
evidenced, met}}. A door that has a register gives `incidents`, `requests`, `marks`, `log`, `people` and `register` as parts; without one
they are missing, and documents say so.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from tanba.law.assess import assess
from tanba.law.exposure import sanctions
from tanba.law.facts import SystemFile
from tanba.law.rulebook import Rulebook
from tanba.law.tier import tier
from tanba.law.words import tenge, word
from tanba.material.common import Whose, common, plain
from tanba.strings import LANGUAGES, t

GROUPS = {"statute": "law", "by-law": "law", "other-law": "law", "reported": "reported", "house": "house"}
"""Layers of an assessment, as a board reads them: law whose text was read, law that is reported, adopted house policy."""
STATUSES = ("open", "evidenced", "met")


def material(
    book: Rulebook,
    whose: Whose,
    systems: Iterable[Mapping[str, Any]],
    duties: Mapping[str, Mapping[str, int]],
    *,
    adopted: Collection[str] = (),
    checkpoint: Mapping[str, Any] | None = None,
    offender_class: str | None = None,
    **parts: Any,
) -> dict[str, Any]:
    """JSON-ready; see `tanba.documents.known`."""
    subject = whose.name or {each: t("documents.unnamed", each) for each in LANGUAGES}
    return {
        **common(book, subject, whose, checkpoint),
        "adopted": sorted(adopted),
        "duties": {
            group: {status: duties.get(group, {}).get(status, 0) for status in STATUSES} for group in dict.fromkeys(GROUPS.values())
        },
        "sanctions": [_sanction(entry) for entry in sanctions(book, offender_class)],
        "stages": {name: dict(label) for name, label in book.law.facts["stage"].choices.items()},
        "systems": list(systems),
        **parts,
    }


def of_files(book: Rulebook, files: Iterable[SystemFile], adopted: Collection[str]) -> tuple[list[dict[str, Any]], dict[str, Counter[str]]]:
    """(systems, duties) from files alone: what a file names as evidence counts as evidenced, and nothing as met."""
    duties: dict[str, Counter[str]] = {group: Counter() for group in GROUPS.values()}
    rows = []
    for system in files:
        report = assess(book, system.facts, system=system.slug, adopted=adopted)
        named = {path.partition("@")[0].removeprefix("kz/") for path in system.evidence}
        owed = [
            each for each in report["provisions"] if each["answer"] == "applies" and each["kind"] != "right" and each["layer"] in GROUPS
        ]
        for entry in owed:
            duties[GROUPS[entry["layer"]]]["evidenced" if entry["path"] in named else "open"] += 1
        left = sum(GROUPS[each["layer"]] == "law" and each["path"] not in named for each in owed)
        rows.append(_row(system, report, left))
    return rows, duties


def _row(system: SystemFile, report: Mapping[str, Any], left: int) -> dict[str, Any]:
    details = system.details
    return {
        "department": dict.fromkeys(LANGUAGES, plain(details.get("department"))),
        "due": "",
        "gate": report["gate"]["answer"],
        "generates": system.facts.get("generates_or_alters_media"),
        "name": dict(system.name),
        "open": left,
        "responsible": plain(details.get("owner")),
        "slug": system.slug,
        "stage": str(system.facts.get("stage", "")),
        "tier": tier(report["conclusion"], "-".join(report["axes"]["risk"]["levels"])),
    }


def _sanction(entry: Mapping[str, Any]) -> dict[str, Any]:
    """In words; an amount only where the article was read."""
    read = entry["text_read"]
    amounts = {each: _amounts(entry["amounts"], each) if read else t("report.exposure.unverified", each) for each in LANGUAGES}
    again = (entry["repeat"] or {}).get("amounts") or []
    repeat = {each: t("report.exposure.repeat", each, amounts=_amounts(again, each)) for each in LANGUAGES} if read and again else None
    path = entry["provision"].partition("@")[0].removeprefix("kz/")
    return {"amounts": amounts, "further": entry["further"], "path": path, "repeat": repeat, "title": entry["title"]}


def _amounts(amounts: list[dict[str, Any]], lang: str) -> str:
    return "; ".join(
        f"{word('class', each['class'], lang)} – {each['mci']} {t('report.mci', lang)}{_equals(each['kzt'])}" for each in amounts
    )


def _equals(amount: int | None) -> str:
    return f" = {tenge(amount)}" if amount else ""
