"""A check of a form of `tanba state` as lines."""

from collections.abc import Iterable, Mapping
from typing import Any

from tanba.law.words import word
from tanba.state.form import told
from tanba.strings import t


def lines(found: Mapping[str, Any], lang: str) -> list[str]:
    """Where it stands, what is missing, what comes next, what it rests on."""
    about = t(f"cli.state.title_{found['form'].replace('-', '_')}", lang)
    head = " · ".join(filter(None, (found["system"], about, found["date"])))
    made = [head, *BODIES[found["form"]](found, lang)]
    made += [f"  ✗ {each['said'][lang]}" for each in found["missing"]]
    made += [f"  → {each['day']} {each['said'][lang]}{_late(each, lang)}" for each in found["next"]]
    made += [t("cli.state.basis", lang), *(f"  {_basis(each, lang)}" for each in found["basis"])]
    return [*made, t(f"cli.state.note_{found['form'].replace('-', '_')}", lang)]


def _basis(each: Mapping[str, Any], lang: str) -> str:
    return f"{each['cited'][lang]}: {each['title'][lang]} [{word('layer', each['layer'], lang)}]"


def _late(each: Mapping[str, Any], lang: str) -> str:
    return f" – {t('cli.state.late', lang)}" if each["late"] else ""


def _pilot(found: Mapping[str, Any], lang: str) -> Iterable[str]:
    yield "  " + t(f"state.pilot_phase_{found['phase']}", lang)
    for each in found["criteria"]:
        result = t("words.answer.unknown", lang) if each["result"] is None else _number(each["result"], lang)
        kind = t(f"state.place_{each['group']}", lang, number=each["number"])
        yield f"  · {kind}: {told(each['metric'], lang)} – {each['wanted'][lang]}; {result}: {each['said'][lang]}"
    for number, each in enumerate(found["data"], 1):
        day = f", {each['day']}" if each["day"] else ""
        yield f"  · {t('state.place_data', lang, number=number)}: {told(each['name'], lang)} – {each['said'][lang]}{day}"
    yield f"  · {t('cli.state.decision', lang)}: {found['decision']['said'][lang]}"


def _number(result: Any, lang: str) -> str:
    return t(f"words.answer.{'yes' if result else 'no'}", lang) if isinstance(result, bool) else str(result)


def _trusted_list(found: Mapping[str, Any], lang: str) -> Iterable[str]:
    yield "  " + t(f"state.trusted_list_event_{found['stands']}" if found["stands"] else "state.trusted_list_stands_none", lang)
    reported = word("layer", "reported", lang)
    for each in found["clocks"]:
        term = t("words.unit.working_days", lang, count=each["days"]) if each["days"] else t("words.answer.unknown", lang)
        until = f" – {each['due']}" if each["due"] else ""
        yield f"  · {each['said']['name'][lang]}: {each['start']}{until} ({term}) – {each['said']['state'][lang]} [{reported}]"
        yield from (f"      {doubt['day']} {t('cli.calendar.doubtful', lang)}: {told(doubt['name'], lang)}" for doubt in each["doubts"])


def _security(found: Mapping[str, Any], lang: str) -> Iterable[str]:
    yield f"  {found['duty']['said'][lang]}"
    for each in found["parts"]:
        yield f"  · {t('state.security_part_' + each['name'], lang)}: {each['said'][lang]}"
    counts = ((t(f"state.security_state_{name}", lang), count) for name, count in found["requirements"].items() if count)
    if said := ", ".join(f"{name} – {count}" for name, count in counts):
        yield f"    {said}"


def _training(found: Mapping[str, Any], lang: str) -> Iterable[str]:
    for each in found["coverage"]:
        people = "?" if each["people"] is None else str(each["people"])
        said = t("cli.state.covered", lang, valid=each["valid"], people=people, soon=each["soon"], expired=each["expired"])
        planned = f"; {t('cli.state.planned', lang, day=each['planned'])}" if each["planned"] else ""
        yield f"  · {told(each['role'], lang)} – {told(each['course'], lang)}: {said}{planned}"
    for each in found["programmes"]:
        source = each["cited"][lang] if each["cited"] else each["source"]
        yield f"  · {each['title'][lang]} [{word('layer', each['basis'], lang)}: {source}]: {each['said'][lang]}"
        yield f"      {each['unknown'][lang]}"


BODIES = {"pilot": _pilot, "security": _security, "training": _training, "trusted-list": _trusted_list}
