"""A stop of systems (art. 18(2)) and its end as the plain material of orders: from a file, from rows, or from an incident."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tanba.law.rulebook import Rulebook
from tanba.material.common import Text, Whose, common, texts
from tanba.material.incidents import CaseIn
from tanba.people.drafts import Case
from tanba.people.stops import Stop
from tanba.strings import LANGUAGES, t

BANS = "230-VIII/17/3/"


def material(book: Rulebook, stop: Stop, whose: Whose, checkpoint: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """JSON-ready: `stop` as `tanba.people.stops.Stop`, moments as text, systems as {kk, ru, en}."""
    systems = [texts(each) for each in stop.systems]
    named = {each: ", ".join(_in(name, each) for name in systems) for each in LANGUAGES}
    ended = stop.restart
    return {
        **common(book, named, whose, checkpoint),
        "stop": {
            "at": _moment(stop.at),
            "basis": texts(stop.basis),
            "by": stop.by,
            "day": stop.day,
            "found": [f"{BANS}{point}" for point in stop.found],
            "incident": texts(stop.incident),
            "measures": texts(stop.measures),
            "number": stop.number,
            "reason": texts(stop.reason),
            "responsible": stop.responsible,
            "restart": {
                "approved": list(ended.approved) if ended else [],
                "at": _moment(ended.at) if ended else "",
                "day": ended.day if ended else "",
                "evidence": [texts(each) for each in ended.evidence] if ended else [],
                "mended": texts(ended.mended) if ended else {},
                "number": ended.number if ended else "",
            },
            "systems": systems,
        },
    }


def of_incident(case_in: CaseIn) -> Stop:
    """What an incident tells of an order to suspend: its systems, what happened, measures; who decides and from when it does not."""
    cases = {each: case_in(each) for each in LANGUAGES}
    incident = cases[LANGUAGES[0]].incident
    systems = tuple({each: case.names.get(slug, slug) for each, case in cases.items()} for slug in incident.systems)
    told = {each: _told(case, each) for each, case in cases.items()}
    return Stop(systems, reason=incident.what, incident=told, measures=incident.measures)


def _told(case: Case, lang: str) -> str:
    record = t("drafts.source_record", lang, number=case.number) if case.number else t("drafts.source_file", lang)
    return f"{record}; {t('drafts.aware', lang)}: {_moment(case.incident.aware)}"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} (UTC{moment:%z})" if moment else ""


def _in(name: Text, lang: str) -> str:
    return name.get(lang) or next((text for text in name.values() if text), "")
