"""Dealings with the state in words: what a form lacks, whose clock runs, what comes next, on which basis. JSON-ready."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from tanba.calendars import Calendar
from tanba.law.rulebook import Rulebook
from tanba.law.words import cite
from tanba.state import pilot, security, training, trustedlist
from tanba.state.form import Finding, Step, Text, told, write
from tanba.state.programmes import Programme, programmes
from tanba.strings import LANGUAGES, t

SCHEMA = "tanba.state-check/1"
BASIS: Mapping[str, tuple[str, ...]] = {
    "pilot": (pilot.PLATFORM, pilot.ANONYMISED, pilot.PRACTICE),
    "trusted-list": ("230-VIII/19/1", trustedlist.AUDIT, trustedlist.PACK, trustedlist.TERMS),
    "security": (security.EQUATED, security.UNIFIED, security.OFFICER, security.ENCRYPTION, security.TESTS),
    "training": ("230-VIII/12/3", "230-VIII/26/1", "230-VIII/28/1"),
}
"""Provisions on which each form rests."""


def pilot_of(book: Rulebook, plan: pilot.Pilot) -> dict[str, Any]:
    """A pilot and where it stands."""
    criteria = [
        {"group": group, "number": number, "outcome": each.outcome, "said": said("pilot_outcome_" + each.outcome), **_criterion(each)}
        for group, rows in (("entry", plan.entry), ("exit", plan.exit))
        for number, each in enumerate(rows, 1)
    ]
    return {
        **_common(book, "pilot", plan.system, pilot.findings(plan, book.day), pilot.steps(plan, book.day)),
        "criteria": criteria,
        "data": [_fate(each, book.day) for each in plan.data],
        "decision": {**write(plan.decision), "said": said(f"pilot_decision_{plan.decision.outcome}")},
        "phase": pilot.phase(plan, book.day),
    }


def trusted_list_of(book: Rulebook, application: trustedlist.Application, calendar: Calendar, levels: Sequence[str] = ()) -> dict[str, Any]:
    """An application and whose clock runs. `levels`: degrees of risk that the facts leave possible, empty where nobody asked."""
    clocks = trustedlist.clocks(application.events, calendar, book.day)
    missing = trustedlist.findings(application, levels, book.day)
    return {
        **_common(book, "trusted-list", application.system, missing, trustedlist.steps(application, clocks)),
        "clocks": [_clock(each) for each in clocks],
        "stands": application.stands or None,
    }


def security_of(book: Rulebook, dossier: security.Dossier, duty: str = "unknown", adopted: Iterable[str] = ()) -> dict[str, Any]:
    """A dossier and how its parts stand. `duty`: whether art. 17(1) equates the system to state ones, as an answer of an assessment."""
    found = security.standing(dossier, book.day)
    return {
        **_common(book, "security", dossier.system, security.findings(dossier, book.day), security.steps(dossier), adopted),
        "duty": {"answer": duty, "said": said(f"security_duty_{duty}")},
        "parts": [{"name": name, "said": said(f"security_standing_{each}"), "standing": each} for name, each in found.items()],
        "requirements": security.counts(dossier.requirements),
    }


def training_of(book: Rulebook, plan: training.Training) -> dict[str, Any]:
    """Who learned what, what is due, what the state offers and what the company did about it."""
    names = _names(plan)
    applied = {each.programme: each for each in plan.programmes}
    return {
        **_common(book, "training", "", training.findings(plan, book.day), training.steps(plan, book.day), words=names),
        "coverage": [_coverage(each, names) for each in training.coverage(plan, book.day)],
        "due": [
            {"course": names[record.course], "role": names[record.role], "until": until.isoformat(), "who": record.person}
            for record, until in training.due(plan, book.day)
        ],
        "programmes": [_programme(each, applied.get(each.id)) for each in programmes().values()],
    }


def part(form: Any, check: Mapping[str, Any]) -> dict[str, Any]:
    """What documents are made from: what was written and what it comes to."""
    return {"check": dict(check), "form": write(form)}


def levels_of(report: Mapping[str, Any] | None) -> list[str]:
    """Degrees of risk that an assessment leaves possible; empty where there is none."""
    return list(report["axes"]["risk"]["levels"]) if report else []


def duty_of(report: Mapping[str, Any] | None) -> str:
    """Whether art. 17(1) equates the system to state ones, as an assessment has it: applies, unknown, not_applicable."""
    if report is None:
        return "unknown"
    return next((str(each["answer"]) for each in report["provisions"] if each["path"] == security.EQUATED), "not_applicable")


def adopted_of(report: Mapping[str, Any] | None) -> list[str]:
    """Practice that the house adopted, as an assessment has it."""
    return [each["path"] for each in report["provisions"] if each["layer"] == "house"] if report else []


def said(key: str, **values: Any) -> dict[str, str]:
    """A text of the catalogue in each language; values that are texts are given in it."""
    return {each: t(f"state.{key}", each, **{name: _in(value, each) for name, value in values.items()}) for each in LANGUAGES}


def _in(value: Any, lang: str) -> Any:
    return told(value, lang) if isinstance(value, Mapping) else value


def finding_words(form: str, finding: Finding, lang: str, words: Mapping[str, Text] | None = None) -> str:
    """What is missing, in words, and where."""
    names = words or {}
    values = {name: told(names.get(value, value), lang) if isinstance(value, str) else value for name, value in finding.values.items()}
    if "part" in values:
        values["part"] = t(f"state.trusted_list_part_{values['part']}", lang)
    text = t(f"state.{form.replace('-', '_')}_{finding.code}", lang, **values)
    where = place_words(form, finding.place, lang)
    return f"{where}: {text}" if where else text


def place_words(form: str, place: str, lang: str) -> str:
    """Which entry of a list a finding is about; empty for what is no list.

    >>> place_words("pilot", "data[2]", "en")
    'Data set 2'
    """
    head, _, rest = place.replace("requirements.items", "items").partition("[")
    return t(f"state.place_{head}", lang, number=rest.rstrip("]")) if rest else ""


def _common(
    book: Rulebook, form: str, system: str, missing: Iterable[Finding], steps: Iterable[Step], adopted: Iterable[str] = (),
    words: Mapping[str, Text] | None = None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "basis": [_basis(book, path, frozenset(adopted)) for path in BASIS[form] if path in book.provisions],
        "date": book.day.isoformat(),
        "form": form,
        "missing": [
            {"code": each.code, "place": each.place, "said": {lang: finding_words(form, each, lang, words) for lang in LANGUAGES}}
            for each in missing
        ],
        "next": [_step(form, each, book.day, words or {}) for each in steps],
        "schema": SCHEMA,
        "system": system or None,
    }


def _basis(book: Rulebook, path: str, adopted: frozenset[str]) -> dict[str, Any]:
    from tanba.law.assess import layer

    place = book.provisions[path]
    return {
        "cited": {each: cite(path, each) for each in LANGUAGES},
        "layer": layer(place, adopted),
        "provision": place.id,
        "title": dict(place.title),
    }


def _step(form: str, step: Step, today: date, words: Mapping[str, Text]) -> dict[str, Any]:
    values = {name: words.get(value, value) if isinstance(value, str) else value for name, value in step.values.items()}
    return {
        "code": step.code,
        "day": step.day.isoformat(),
        "late": step.day < today,
        "said": said(f"{form.replace('-', '_')}_step_{step.code}", **values),
    }


def _criterion(each: pilot.Criterion) -> dict[str, Any]:
    threshold = "?" if each.threshold is None else write(each.threshold)
    wanted = said("pilot_wanted_" + each.compare, value=threshold, unit=each.unit)
    return {
        "evidence": each.evidence,
        "measured": each.measured.isoformat() if each.measured else None,
        "metric": each.metric if isinstance(each.metric, str) else dict(each.metric),
        "result": write(each.result),
        "wanted": {lang: text.strip() for lang, text in wanted.items()},
    }


def _fate(each: pilot.DataSet, today: date) -> dict[str, Any]:
    """What became of a data set, or is to."""
    state = pilot.fate(each, today)
    return {
        "day": write(each.deleted or each.delete_by),
        "fate": state,
        "name": write(each.name),
        "proof": each.proof,
        "said": said(f"pilot_fate_{state}"),
    }


def _clock(clock: trustedlist.Clock) -> dict[str, Any]:
    return {
        "basis": "reported",
        "beyond": clock.beyond,
        "days": clock.days,
        "doubts": [{"day": day.isoformat(), "name": dict(name)} for day, name in sorted(clock.doubts.items())],
        "due": clock.due.isoformat() if clock.due else None,
        "name": clock.name,
        "provision": trustedlist.TERMS,
        "said": {"name": said(f"trusted_list_clock_{clock.name}"), "state": said(f"trusted_list_state_{clock.state}")},
        "start": clock.start.isoformat(),
        "state": clock.state,
    }


def _names(plan: training.Training) -> dict[str, Text]:
    """{id: title} of courses and roles."""
    courses: dict[str, Text] = {each.id: each.title or each.id for each in plan.courses}
    return courses | {each.id: each.title or each.id for each in plan.roles}


def _coverage(each: training.Coverage, names: Mapping[str, Text]) -> dict[str, Any]:
    return {
        "course": names[each.course],
        "expired": each.expired,
        "open": each.open,
        "people": each.people,
        "planned": each.planned.isoformat() if each.planned else None,
        "role": names[each.role],
        "soon": each.soon,
        "valid": each.valid,
    }


def _programme(known: Programme, applied: training.Applied | None) -> dict[str, Any]:
    """A programme as it is known, and what the company did; nothing written is unknown, not "no"."""
    state = applied.state if applied else "unknown"
    return {
        "about": dict(known.about),
        "basis": "statute" if known.provision else "reported",
        "cited": {each: cite(known.provision, each) for each in LANGUAGES} if known.provision else None,
        "day": applied.day.isoformat() if applied and applied.day else None,
        "id": known.id,
        "provision": known.provision or None,
        "said": said(f"training_programme_{state}"),
        "source": known.source or None,
        "state": state,
        "title": dict(known.title),
        "unknown": dict(known.unknown),
    }
