"""`tanba request`: what people may ask about a system, by when it is to be answered, and a draft of the answer."""

import argparse
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tanba.cli.drawn import FORMS
from tanba.cli.inputs import common, on_argument
from tanba.errors import FINE, InputError
from tanba.files import put_whole
from tanba.people.answers import OUTCOMES, gaps_of
from tanba.people.requests import KINDS
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, title=say("verbs"))

    def add(name: str, run: Callable[[argparse.Namespace], int], *also: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=say(f"request.{name}.help"), description=say(f"request.{name}.help"), add_help=False)
        common(sub, say, also=also)
        sub.add_argument("--json", action="store_true", help=say("request.json.help"))
        sub.set_defaults(run_request=run)
        return sub

    kinds = add("kinds", _kinds)
    kinds.add_argument("system", type=Path, metavar="SYSTEM.yaml", help=say("system.help"))
    on_argument(kinds, say)
    due = add("due", _due)
    due.add_argument("kind", choices=tuple(KINDS), help=say("request.kind.help"))
    due.add_argument("--received", metavar="YYYY-MM-DD[THH:MM]", required=True, help=say("request.received.help"))
    due.add_argument("--system", type=Path, metavar="SYSTEM.yaml", default=None, help=say("system.help"))
    draft = add("draft", _draft, "kk+ru")
    draft.add_argument("kind", choices=tuple(KINDS), help=say("request.kind.help"))
    draft.add_argument("--outcome", default=None, help=say("request.outcome.help"))
    draft.add_argument("--ground", default="", help=say("request.ground.help"))
    draft.add_argument("--system", type=Path, metavar="SYSTEM.yaml", default=None, help=say("system.help"))
    draft.add_argument("--format", choices=("text", *FORMS), default="text", help=say("request.format.help"))
    draft.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=say("documents.output.help"))
    on_argument(draft, say)


def run(options: argparse.Namespace) -> int:
    """Run the verb's own verb."""
    code: int = options.run_request(options)
    return code


def _kinds(options: argparse.Namespace) -> int:
    """Every kind with its term and source."""
    from tanba.cli.inputs import day_of
    from tanba.people.requests import grounds
    from tanba.people.terms import term_of

    day, (system, law) = day_of(options), _law(options.system, day_of(options))
    rows = [_row(ground, term_of(ground)) for ground in grounds(law).values()]
    if options.json:
        _print({"date": day.isoformat(), "kinds": rows, "schema": "tanba.request-kinds/1", "system": system.slug if system else ""})
        return FINE
    for row in rows:
        print("\n".join(_told(row, options.lang)))
    return FINE


def _due(options: argparse.Namespace) -> int:
    """When the term of one request ends."""
    from tanba.calendars.changes import calendar_of
    from tanba.cli.calendar import moment
    from tanba.people.requests import grounds
    from tanba.people.terms import clock, term_of
    from tanba.workspace import current

    calendar = calendar_of(current().calendar)
    received = moment(calendar, options.received)
    if received > datetime.now(calendar.zone):
        raise InputError("{given!r} lies in the future", "Write when the request really arrived.", given=options.received)
    _, law = _law(options.system, received.date())
    ground = grounds(law)[options.kind]
    term = term_of(ground)
    found = clock(term, received, [], calendar)
    assert found.due  # nothing stands still here
    said = _row(ground, term) | {"beyond": found.beyond, "due": found.due.isoformat(), "received": received.isoformat()}
    said["doubts"] = [{"day": day.isoformat(), "name": dict(name)} for day, name in sorted(found.doubts.items())]
    if options.json:
        _print({**said, "schema": "tanba.request-due/1"})
        return FINE
    print(t("cli.calendar.due", options.lang, due=f"{found.due:%Y-%m-%d %H:%M}", zone=calendar.zone.key))
    print("\n".join(_told(said, options.lang)))
    for each in said["doubts"]:
        print(each["day"], t("cli.calendar.doubtful", options.lang), each["name"][options.lang], sep="  ")
    if found.beyond:
        print(t("cli.calendar.beyond", options.lang, first=calendar.first, last=calendar.last))
    return FINE


def _draft(options: argparse.Namespace) -> int:
    """The text of an answer with its gaps, or its letter."""
    from tanba.cli.drawn import draw, refuse_two
    from tanba.cli.inputs import day_of
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import on
    from tanba.material.common import Whose
    from tanba.material.requests import of_file
    from tanba.people.answers import state_after
    from tanba.people.askedfile import Asked

    book = on(load(), day_of(options))
    asked = Asked(options.kind, options.outcome or next(iter(OUTCOMES[options.kind])), options.ground)
    system = read_system(options.system, book.law) if options.system else None
    if options.format != "text":
        return draw(options, "answer", of_file(book, system, asked, Whose()), options.format)
    refuse_two(options, options.format)
    text = _text(book, system, asked, options.lang)
    if options.json:
        said = {"gaps": gaps_of(text), "kind": asked.kind, "language": options.lang, "outcome": asked.outcome, "text": text}
        _print({**said, "schema": "tanba.request-draft/1", "state": state_after(asked.kind, asked.outcome, asked.ground or "other")})
    elif options.output:
        put_whole(options.output, text.encode())
    else:
        print(text, end="")
    return FINE


def _text(book: Any, system: Any, asked: Any, lang: str) -> str:
    from tanba.law.words import cite
    from tanba.material.common import Whose
    from tanba.material.requests import case_of
    from tanba.people.answers import draft

    return draft(case_of(book, system, asked, Whose(), lang), lang, cite)


def _law(path: Path | None, day: date) -> tuple[Any, Any]:
    """(system or None, what the law says on the day). Without a system it stays open what applies."""
    from tanba.law.facts import read_system
    from tanba.law.load import load
    from tanba.law.rulebook import decide, on
    from tanba.people.requests import Law

    book = on(load(), day)
    system = read_system(path, book.law) if path else None
    return system, Law(book.provisions, decide(book, system.facts if system else {}).rules, book.changed)


def _row(ground: Any, term: Any) -> dict[str, Any]:
    """One kind as JSON."""
    return {
        "in_force_from": ground.place.start.isoformat() if ground.place else None,
        "kind": ground.kind,
        "limits": [place.id for place in ground.limits],
        "provision": ground.place.id if ground.place else None,
        "standing": ground.standing,
        "term": {"basis": term.basis, "source": term.source or None, "unit": term.unit, "within": term.within},
        "verify_again": ground.changed,
    }


def _told(row: dict[str, Any], lang: str) -> list[str]:
    """The same in words."""
    from tanba.law.load import load
    from tanba.law.words import cite

    term, place = row["term"], row["provision"]
    amount = t(f"words.unit.{term['unit']}", lang, count=term["within"])
    kind, standing, basis = row["kind"], row["standing"], term["basis"]
    lines = [f"{kind}: {t(f'answers.about_{kind}', lang)} – {t(f'requests.standing_{standing}', lang)}"]
    lines += [f"  {cite(place, lang)}; {t('requests.from', lang, day=row['in_force_from'])}"] if place else []
    lines += [f"  {t(f'requests.term_{basis}', lang, amount=amount)}"]
    lines += [f"  {t('requests.limit', lang, place=cite(limit, lang))}" for limit in row["limits"]]
    known = {each.id: each for each in load().provisions}
    note = known[place].note if place else None
    lines += [f"  {note[lang]}"] if note else []
    return lines + ([f"  {t('requests.verify_again', lang)}"] if row["verify_again"] else [])


def _print(said: dict[str, Any]) -> None:
    print(json.dumps(said, ensure_ascii=False, sort_keys=True))
