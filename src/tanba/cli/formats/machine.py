"""JSON, SARIF 2.1.0 and JUnit XML for pipelines."""

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

from tanba import __version__
from tanba.cli.formats.shared import say, short
from tanba.errors import TanbaError
from tanba.law.gaps import Finding
from tanba.law.words import word
from tanba.strings import t

Results = list[tuple[Any, dict[str, Any], list[Finding]]]


def as_json(value: Any) -> str:
    """Readable JSON with Kazakh and Russian letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=2)


def facts_json(law: Any, chosen: list[Any]) -> str:
    """The vocabulary ("tanba.facts/1")."""
    facts = {
        f.name: {
            "type": f.type,
            "question": f.question,
            "help": f.help,
            "choices": f.choices,
            "governed_by": f.governed_by,
            "legal": f.legal,
        }
        for f in chosen
    }
    return as_json({"schema": "tanba.facts/1", "jurisdiction": law.jurisdiction, "facts": facts})


def check_json(results: Results, faults: list[TanbaError], strict: bool) -> str:
    """Findings per system ("tanba.check/1"); statute and house gaps are told apart by `layer`."""
    systems = [
        {
            "system": system.slug,
            "date": report["date"],
            "conclusion": report["conclusion"],
            "findings": [_finding(f, strict) for f in found],
        }
        for system, report, found in results
    ]
    return as_json({"schema": "tanba.check/1", "systems": systems, "errors": [{"message": f.message, "hint": f.hint} for f in faults]})


def _finding(finding: Finding, strict: bool) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "layer": finding.layer,
        "provision": finding.provision,
        "title": finding.title,
        "detail": finding.detail,
        "exit_code": finding.exit_code(strict),
    }


def sarif(results: Results, lang: str, faults: Iterable[TanbaError] = ()) -> str:
    """SARIF 2.1.0 (OASIS): one result per finding; unread files are tool notifications."""
    every = [(system, finding) for system, _, found in results for finding in found]
    rules = {finding.provision: finding.title for _, finding in every}
    run = {
        "tool": {
            "driver": {
                "name": "tanba",
                "version": __version__,
                "informationUri": "https://adilet.zan.kz/rus/docs/Z2500000230",
                "rules": [{"id": short(provision), "shortDescription": {"text": title[lang]}} for provision, title in rules.items()],
            }
        },
        "invocations": [
            {
                "executionSuccessful": not list(faults),
                "toolExecutionNotifications": [{"level": "error", "message": {"text": fault.message}} for fault in faults],
            }
        ],
        "results": [_sarif_result(system, finding, lang) for system, finding in every],
        "properties": {"disclaimer": t("words.disclaimer", lang)},
    }
    return as_json({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _sarif_result(system: Any, finding: Finding, lang: str) -> dict[str, Any]:
    level = {"prohibited": "error", "undecided": "note", "review": "note"}.get(
        finding.kind, "warning" if finding.exit_code(True) else "note"
    )
    what = f"{say('finding.' + finding.kind, lang)}: {finding.title[lang]} {finding.detail}".strip()
    text = f"{system.slug}: {word('layer', finding.layer, lang)} · {what}"
    location = {"artifactLocation": {"uri": quote(system.path.as_posix())}, "region": {"startLine": 1}}
    return {"ruleId": short(finding.provision), "level": level, "message": {"text": text}, "locations": [{"physicalLocation": location}]}


def junit(results: Results, lang: str, faults: Iterable[TanbaError] = (), strict: bool = False) -> str:
    """JUnit XML: a suite per system, a case per provision; an open matter is skipped, a file that cannot be read is an error.

    What fails here is what fails the exit code: gaps of house policy only with `strict`.
    """
    root = ElementTree.Element("testsuites", name="tanba")
    for system, report, found in results:
        _suite(root, system, report, found, lang, strict)
    faults = list(faults)
    if faults:
        suite = ElementTree.SubElement(root, "testsuite", name="files", tests=str(len(faults)), errors=str(len(faults)))
        for fault in faults:
            case = ElementTree.SubElement(suite, "testcase", classname="files", name=fault.message.partition(": ")[0])
            ElementTree.SubElement(case, "error", message=fault.message).text = fault.hint
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _suite(root: ElementTree.Element, system: Any, report: Mapping[str, Any], found: list[Finding], lang: str, strict: bool) -> None:
    by_provision: dict[str, Finding] = {}
    for finding in found:
        by_provision.setdefault(finding.provision, finding)
    titles = {ban["provision"]: ban["title"] for ban in report["gate"]["bans"]}
    titles |= {entry["provision"]: entry["title"] for entry in report["provisions"] if entry["layer"] != "recommended"}
    titles |= {finding.provision: finding.title for finding in found}
    failures = sum(finding.exit_code(strict) == 1 for finding in by_provision.values())
    suite = ElementTree.SubElement(root, "testsuite", name=system.slug, tests=str(len(titles)), failures=str(failures))
    for provision, title in titles.items():
        case = ElementTree.SubElement(suite, "testcase", classname=system.slug, name=f"{short(provision)} {title[lang]}")
        finding_here = by_provision.get(provision)
        if finding_here is not None:
            text = f"{say('finding.' + finding_here.kind, lang)} {finding_here.detail}".strip()
            tag = "failure" if finding_here.exit_code(strict) == 1 else "skipped"
            ElementTree.SubElement(case, tag, message=text)
