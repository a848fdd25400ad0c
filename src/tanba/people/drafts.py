"""Drafts of notifications from what is recorded about an incident: each statement with its source, each gap as a gap. Pure.

To the authorised body for personal data (`breach`), to the people affected (`users`), to a vendor or counter-party (`vendor`), and the
internal order to suspend (`order`). Nothing that is not known is filled in; whoever signs reads it first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tanba.people.clocks import Clock
from tanba.people.incidents import Incident
from tanba.strings import t

TO = ("breach", "users", "vendor", "order")
TITLES = {"order": "suspension-order"}
FORMATS = ("md", "text")
STOP = "230-VIII/18/2"
EXPLANATION, BREACH = "230-VIII/16/1/4", "94-V/25/2/8"


@dataclass(frozen=True, slots=True)
class Case:
    """What a draft is made from. `names`: systems in words; `cite`: a provision as lawyers cite it; `link` leads to the incident."""

    number: str
    incident: Incident
    clocks: tuple[Clock, ...]
    organisation: str = ""
    bin: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    cite: Callable[[str], str] = str


@dataclass(frozen=True, slots=True)
class Line:
    """One statement, or a gap: what has to be filled in by hand. `source` in words, `place` where it is one of the law."""

    name: str
    label: str
    text: str
    source: str = ""
    gap: bool = False
    place: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Title, to whom, statements, remarks for whoever signs."""

    title: str
    addressee: str
    lines: tuple[Line, ...]
    remarks: tuple[str, ...]


def draft(to: str, case: Case, lang: str) -> Draft:
    """One of `TO` in kk, ru or en."""
    parts: Mapping[str, Callable[[Case, str], Iterator[Line]]] = {"breach": _breach, "users": _users, "vendor": _vendor, "order": _order}
    remarks = (t(f"drafts.{to}_remark", lang), t("drafts.remark", lang))
    return Draft(t(f"documents.title_{TITLES.get(to, to)}", lang), t(f"drafts.{to}_addressee", lang), tuple(parts[to](case, lang)), remarks)


def as_text(made: Draft, form: str = "text") -> str:
    """`md` or `text`. What people wrote is never taken for markup."""
    return {"md": _markdown, "text": _plain}[form](made)


def _breach(case: Case, lang: str) -> Iterator[Line]:
    yield _sender(case, lang)
    yield _line("basis", t("drafts.breach_basis", lang), lang, case.cite(BREACH), BREACH)
    yield from (_aware(case, lang), _end(case, "breach", lang), _what(case, lang), _systems(case, lang), _persons(case, lang))
    yield _gap("data_kinds", lang)
    yield from (_harm(case, lang), _measures(case, lang), _gap("contact", lang), _gap("signature", lang))


def _users(case: Case, lang: str) -> Iterator[Line]:
    yield _sender(case, lang)
    yield _line("basis", t("drafts.users_basis", lang), lang, t("drafts.source_house", lang))
    yield from (_what(case, lang), _aware(case, lang), _systems(case, lang), _gap("data_kinds", lang), _harm(case, lang))
    yield from (_measures(case, lang), _gap("advice", lang))
    yield _line("rights", t("drafts.users_rights", lang), lang, case.cite(EXPLANATION), EXPLANATION)
    yield _gap("contact", lang)


def _vendor(case: Case, lang: str) -> Iterator[Line]:
    yield from (_sender(case, lang), _gap("counterparty", lang))
    term = case.incident.vendor_term
    yield _line("clause", term.source, lang, t("drafts.source_contract", lang)) if term else _gap("clause", lang)
    yield from (_aware(case, lang), _end(case, "vendor", lang), _what(case, lang), _systems(case, lang), _measures(case, lang))
    yield from (_gap("asked", lang), _gap("contact", lang), _gap("signature", lang))


def _order(case: Case, lang: str) -> Iterator[Line]:
    """Art. 18(2) asks for it on a risk of art. 17(3) alone, which no fact of an incident tells: so the basis stays open."""
    yield _sender(case, lang)
    yield Line("basis", t("drafts.basis", lang), t("drafts.order_basis", lang, place=case.cite(STOP)), gap=True, place=STOP)
    yield from (_systems(case, lang), _what(case, lang), _aware(case, lang), _gap("from_when", lang), _gap("responsible", lang))
    yield _line("restart", t("drafts.order_restart", lang), lang, t("drafts.source_house", lang))
    yield _gap("signature", lang)


def _sender(case: Case, lang: str) -> Line:
    if not case.organisation:
        return _gap("sender", lang)
    who = ", ".join(filter(None, (case.organisation, case.bin and f"{t('drafts.bin', lang)} {case.bin}")))
    return _line("sender", who, lang, t("drafts.source_register" if case.number else "drafts.source_given", lang))


def _what(case: Case, lang: str) -> Line:
    return _line("what", case.incident.what, lang, _record(case, lang))


def _aware(case: Case, lang: str) -> Line:
    return _line("aware", _time(case.incident.aware), lang, _record(case, lang))


def _systems(case: Case, lang: str) -> Line:
    if not case.incident.systems:
        return _gap("systems", lang)
    return _line("systems", ", ".join(case.names.get(each, each) for each in case.incident.systems), lang, _record(case, lang))


def _persons(case: Case, lang: str) -> Line:
    count = case.incident.persons
    return _gap("persons", lang) if count is None else _line("persons", f"{count:,}".replace(",", " "), lang, _record(case, lang))


def _harm(case: Case, lang: str) -> Line:
    harm = case.incident.facts.get("harm")
    return _gap("harm", lang) if harm is None else _line("harm", t(f"drafts.harm_{harm}".lower(), lang), lang, _record(case, lang))


def _measures(case: Case, lang: str) -> Line:
    given = case.incident.measures
    return _line("measures", given, lang, _record(case, lang)) if given else _gap("measures", lang)


def _end(case: Case, name: str, lang: str) -> Line:
    """When the clock of this notification ends, from its own term; days that are in doubt are named."""
    clock = next(each for each in case.clocks if each.name == name)
    if clock.due is None:
        return _gap("term", lang)
    doubts = ", ".join(f"{day.isoformat()} {name[lang]}" for day, name in sorted(clock.due.doubts.items()))
    shown = _time(clock.due.at) + (f" ({t('drafts.doubts', lang)}: {doubts})" if doubts else "")
    source = case.cite(clock.provision) if clock.provision else clock.term.source if clock.term else ""
    counted = f"; {t('drafts.source_calendar', lang)}" if clock.term and clock.term.unit == "working_days" else ""
    return _line("term", shown, lang, source + counted, clock.provision)


def _line(name: str, text: str, lang: str, source: str, place: str = "") -> Line:
    return Line(name, t(f"drafts.{name}", lang), text, source, place=place)


def _gap(name: str, lang: str) -> Line:
    return Line(name, t(f"drafts.{name}", lang), t("drafts.gap", lang), gap=True)


def _record(case: Case, lang: str) -> str:
    return t("drafts.source_record", lang, number=case.number) if case.number else t("drafts.source_file", lang)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} (UTC{moment:%z})"


def _markdown(made: Draft) -> str:
    rows = [
        f"**{_marked(line.label)}.** {_marked(_shown(line))}" + (f" _[{_marked(line.source)}]_" if line.source else "")
        for line in made.lines
    ]
    return "\n\n".join([f"# {made.title}", made.addressee, *rows, *(f"> {remark}" for remark in made.remarks)]) + "\n"


def _marked(text: str) -> str:
    """What somebody wrote, as text and not as Markdown or HTML; lines are kept."""
    plain = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|!~&" else letter for letter in text)
    return plain.replace("\n", "  \n")


def _plain(made: Draft) -> str:
    rows = [f"{line.label}: {_shown(line)}" + (f" [{line.source}]" if line.source else "") for line in made.lines]
    return "\n\n".join([made.title, made.addressee, *rows, *(f"({remark})" for remark in made.remarks)]) + "\n"


def _shown(line: Line) -> str:
    return f"⟨ {line.text} ⟩" if line.gap else line.text
