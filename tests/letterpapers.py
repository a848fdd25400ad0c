"""Material of documents of each kind: with everything known, and with nothing but what no such thing is without."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tanba.calendars import kazakhstan
from tanba.law.facts import SystemFile, read_system
from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.law.words import cite
from tanba.ledger.checkpoint import Checkpoint
from tanba.material import incidents, organisation, requests, stops
from tanba.material import system as systems
from tanba.material.agreement import agreement_of, drafted
from tanba.material.bundle import Claim, Kept, bundle_of
from tanba.material.common import Whose
from tanba.material.incidents import CaseIn
from tanba.material.notices import notices_of
from tanba.people.askedfile import Asked
from tanba.people.clocks import clocks
from tanba.people.decisions import Decision
from tanba.people.drafts import Case
from tanba.people.incidents import Incident, parse
from tanba.people.notice import Policy
from tanba.people.stops import Restart, Stop
from tanba.strings import LANGUAGES
from tanba.web.incidents.law import terms
from tanba.yamlfile import read_yaml

ROOT = Path(__file__).parent.parent
BOOK = on(load(), date(2026, 11, 22))
WHOSE = Whose({"kk": "«Qarlygash» АҚ", "ru": "АО «Qarlygash»", "en": "Qarlygash JSC"}, "051140004567")
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=ZoneInfo("Asia/Almaty"))
SCORER = read_system(ROOT / "examples/systems/credit-scorer.yaml", BOOK.law)
NOBODY = SystemFile("x", dict.fromkeys(LANGUAGES, "X"), {}, {})
PAGE = "https://ai.example.kz/ai/1/"
HEAD = Checkpoint("ledger.example.kz/2026", 42, b"\xcd" * 32)
KEPT = [
    Kept("assessment", "assessment.json", "ab" * 32, 4, "2026-11-20T10:00:00Z"),
    Kept("request-text", "", "", 5, "2026-11-21T10:00:00Z"),
]
CLAIMS = [Claim("kz/230-VIII/18/1/1@2026-01-18", "evidenced", (0,))]
STOP = Stop(
    (dict(SCORER.name),),
    NOW,
    "D. Akhmetov",
    "It determined emotions",
    ("6",),
    measures="Recordings are isolated",
    responsible="K. Ospanova",
    number="17",
    day="2026-11-28",
    restart=Restart(NOW, "The capability was removed", ("D. Akhmetov", "K. Ospanova"), ("test-report.pdf, № 52",), "18", "2026-11-28"),
)
DECISION = Decision("D-18", "2026-11-18", "declined", "Late payments", "gbm 4.2", ("income",), "always_final_choice")
ASKED = Asked("data", "given", "", "K7QM-2T9X", "2026-11-20", "Әсел", decision=DECISION, identity_shown=True)


def case_in(incident: Incident, number: str = "", whose: Whose = WHOSE) -> CaseIn:
    found = clocks(incident, terms(date(2026, 11, 26)), kazakhstan(), NOW)
    return lambda lang: Case(
        number, incident, found, whose.name.get(lang, ""), whose.bin, {"credit-scorer": SCORER.name[lang]}, lambda path: cite(path, lang)
    )


def of_system(system: SystemFile = SCORER, whose: Whose = WHOSE, **parts: Any) -> dict[str, Any]:
    return systems.material(BOOK, system, whose, **parts)


def notices(policy: Policy = Policy(), page: str = PAGE) -> dict[str, Any]:  # noqa: B008 - frozen
    about = {lang: {"organisation": WHOSE.name[lang], "page": page, "system": SCORER.name[lang]} for lang in LANGUAGES}
    return notices_of(policy, about.__getitem__, [(policy.version, "2026-02-01T08:00:00Z")])


WHOLE = read_yaml(ROOT / "examples/incidents/open-applications.yaml") | {"harm": False}
BARE = {"what": "Something happened", "aware": "2026-11-26T16:40"}
FULL: dict[str, dict[str, Any]] = {
    "system": of_system(
        agreement=agreement_of(drafted(BOOK, SCORER, WHOSE, dict.fromkeys(LANGUAGES, "1414")), "2026-11-22", "2026-12-01"),
        bundle=bundle_of(KEPT, CLAIMS, HEAD),
        notices=notices(),
    ),
    "organisation": organisation.material(BOOK, WHOSE, *organisation.of_files(BOOK, [SCORER], ())),
    "incident": incidents.material(BOOK, case_in(parse(WHOLE, NOW), "7"), WHOSE),
    "stop": stops.material(BOOK, STOP, WHOSE),
    "request": requests.of_file(BOOK, SCORER, ASKED, WHOSE),
}
EMPTY: dict[str, dict[str, Any]] = {
    "system": of_system(NOBODY, Whose()),
    "organisation": organisation.material(BOOK, Whose(), *organisation.of_files(BOOK, [], ())),
    "incident": incidents.material(BOOK, case_in(parse(BARE, NOW), whose=Whose()), Whose()),
    "stop": stops.material(BOOK, Stop(("x",)), Whose()),
    "request": requests.of_file(BOOK, None, Asked("data", "given"), Whose()),
}
