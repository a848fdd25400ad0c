"""A stop of systems (art. 18(2)) and its end as the plain material of orders: from a file, from rows, or from an incident."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tanba.calendars import kazakhstan
from tanba.law.rulebook import Rulebook
from tanba.material.common import Text, Whose, common, texts
from tanba.material.incidents import CaseIn
from tanba.people.drafts import Case
from tanba.people.stops import Restart, Stop, Words
from tanba.strings import LANGUAGES, t
from tanba.suspension import Act

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


def of_acts(name: Words, acts: Sequence[Act], *, found: Sequence[str] = (), mended: str = "", evidence: Sequence[str] = ()) -> Stop:
    """The newest stop of a system and what ended it, from its acts, newest first; without any stop nothing but the system is known.

    The reason of a restart says what was mended; `mended` is that of one which is only asked for.
    """
    stopped = next((act for act in acts if act.stopped), None)
    if stopped is None:
        return Stop((name,))
    newest = acts[0]
    ended = Restart(evidence=tuple(evidence), mended=mended)
    if not newest.stopped:
        ended = Restart(moment_of(newest), newest.reason, (newest.by,), tuple(evidence))
    return Stop((name,), moment_of(stopped), stopped.by, stopped.reason, tuple(found), restart=ended)


def moment_of(act: Act) -> datetime:
    """When, as clocks of Kazakhstan show it."""
    return datetime.fromisoformat(act.time).astimezone(kazakhstan().zone)


def _told(case: Case, lang: str) -> str:
    record = t("drafts.source_record", lang, number=case.number) if case.number else t("drafts.source_file", lang)
    return f"{record}; {t('drafts.aware', lang)}: {_moment(case.incident.aware)}"


def _moment(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} (UTC{moment:%z})" if moment else ""


def _in(name: Text, lang: str) -> str:
    return name.get(lang) or next((text for text in name.values() if text), "")
