"""Audits as lines."""

from collections.abc import Iterator, Mapping
from typing import Any

from tanba.strings import t


def checklist(found: Mapping[str, Any], lang: str) -> list[str]:
    """Each item with what the facts say, gaps marked, and the auditor's verdict where there is one."""
    made, group = [f"{found['system']} · {t('cli.audit.checklist', lang)} · {found['date']}"], ""
    for item in found["items"]:
        if item["check"] != group:
            group = item["check"]
            made += ["", t(f"audit.group_{group}", lang)]
        made += _item(item, lang)
    made += ["", t("cli.audit.gaps", lang, count=found["gaps"]), *_basis(found, lang)]
    return made


def _item(item: Mapping[str, Any], lang: str) -> Iterator[str]:
    mark = {"found": "✗", "clear": "✓"}.get(item["answer"], "?")
    yield f"  {mark} {_in(item['title'], lang)} [{item['cited'][lang]}]: {item['said'][lang]}{_verdict(item, lang)}"
    for point in item["points"]:
        mark = "?" if point["answer"] in ("gap", "open", "reported", "unknown") else "·"
        known = ", ".join(_in(each, lang) for each in point["known"])
        said = f"{point['said'][lang]} – {known}" if known else point["said"][lang]
        kind = f"{t('cli.audit.exception', lang)}: " if point["name"] == "exception" else ""
        yield f"      {mark} {kind}{_in(point['label'], lang)}: {said}{_verdict(point, lang)}"
        yield from (f"          → {_in(each, lang)}" for each in point["asked"])


def _verdict(each: Mapping[str, Any], lang: str) -> str:
    verdict = each["verdict"]
    if verdict is None:
        return ""
    how = "; ".join(filter(None, (_in(verdict["method"], lang), ", ".join(verdict["evidence"]))))
    return f" | {t('cli.audit.auditor', lang)}: {verdict['said'][lang]}" + (f" ({how})" if how else "")


def findings(found: Mapping[str, Any], lang: str) -> list[str]:
    """The engagement, what it lacks, each finding with its steps."""
    who = found["auditor"]
    made = [
        f"{who['name'] or '–'} · {', '.join(found['systems'])} · {found['starts']} – {found['ends']}: {found['life']['said'][lang]}",
        *(f"  ✗ {each['said'][lang]}" for each in found["missing"]),
    ]
    for each in found["findings"]:
        made += _finding(each, lang)
    late = sum(each["late"] for each in found["findings"])
    made += ["", t("cli.audit.late", lang, count=late), *_basis(found, lang)]
    return made


def _finding(each: Mapping[str, Any], lang: str) -> Iterator[str]:
    due = f", {t('cli.audit.due', lang, day=each['due'])}{' ✗' if each['late'] else ''}" if each["due"] else ""
    place = f" [{each['cited'][lang]}]" if each["cited"] else ""
    version = f", {t('cli.audit.version', lang, number=each['version'])}" if each["version"] > 1 else ""
    yield f"№ {each['number']} {each['system']}{place} – {each['said']['severity'][lang]}; {each['said']['state'][lang]}{due}{version}"
    yield f"    {_in(each['seen'], lang)}"
    if each["evidence"]:
        yield f"    · {', '.join(each['evidence'])}"
    for step in each["steps"]:
        text = ": ".join(filter(None, (step["said"][lang], _in(step["text"], lang))))
        yield f"    {step['on'] or '–'} {text}{' · ' + ', '.join(step['evidence']) if step['evidence'] else ''}"


def _basis(found: Mapping[str, Any], lang: str) -> list[str]:
    return [f"{each['said'][lang]}{' [' + each['cited'][lang] + ']' if each['cited'] else ''}" for each in found["basis"]]


def _in(text: Mapping[str, str], lang: str) -> str:
    return text.get(lang) or next(iter(text.values()), "")
