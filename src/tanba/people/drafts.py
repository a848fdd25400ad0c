"""Drafts of notifications from what is recorded about an incident: each statement with its source, each gap as a gap. Pure.

To the authorised body for personal data (`breach`), to the people affected (`users`), to a vendor or counter-party (`vendor`), and the
internal order to suspend (`order`). Nothing that is not known is filled in; whoever signs reads it first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape

from tanba.people.clocks import Clock
from tanba.people.incidents import Incident
from tanba.strings import t

TO = ("breach", "users", "vendor", "order")
FORMATS = ("md", "html", "text")
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
    """One statement, or a gap: what has to be filled in by hand. `source` in words."""

    label: str
    text: str
    source: str = ""
    gap: bool = False


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
    return Draft(t(f"drafts.{to}_title", lang), t(f"drafts.{to}_addressee", lang), tuple(parts[to](case, lang)), remarks)


def as_text(made: Draft, lang: str, form: str = "text") -> str:
    """`md`, `html` or `text`. What people wrote is never taken for markup."""
    return {"md": _markdown, "html": _html, "text": _plain}[form](made, lang)


def _breach(case: Case, lang: str) -> Iterator[Line]:
    yield _sender(case, lang)
    yield Line(t("drafts.basis", lang), t("drafts.breach_basis", lang), case.cite(BREACH))
    yield from (_aware(case, lang), _end(case, "breach", lang), _what(case, lang), _systems(case, lang), _persons(case, lang))
    yield _gap("data_kinds", lang)
    yield from (_harm(case, lang), _measures(case, lang), _gap("contact", lang), _gap("signature", lang))


def _users(case: Case, lang: str) -> Iterator[Line]:
    yield _sender(case, lang)
    yield Line(t("drafts.basis", lang), t("drafts.users_basis", lang), t("drafts.source_house", lang))
    yield from (_what(case, lang), _aware(case, lang), _systems(case, lang), _gap("data_kinds", lang), _harm(case, lang))
    yield from (_measures(case, lang), _gap("advice", lang))
    yield Line(t("drafts.rights", lang), t("drafts.users_rights", lang), case.cite(EXPLANATION))
    yield _gap("contact", lang)


def _vendor(case: Case, lang: str) -> Iterator[Line]:
    yield from (_sender(case, lang), _gap("counterparty", lang))
    term = case.incident.vendor_term
    yield Line(t("drafts.basis", lang), term.source, t("drafts.source_contract", lang)) if term else _gap("clause", lang)
    yield from (_aware(case, lang), _end(case, "vendor", lang), _what(case, lang), _systems(case, lang), _measures(case, lang))
    yield from (_gap("asked", lang), _gap("contact", lang), _gap("signature", lang))


def _order(case: Case, lang: str) -> Iterator[Line]:
    """Art. 18(2) asks for it on a risk of art. 17(3) alone, which no fact of an incident tells: so the basis stays open."""
    yield _sender(case, lang)
    yield Line(t("drafts.basis", lang), t("drafts.order_basis", lang, place=case.cite(STOP)), gap=True)
    yield from (_systems(case, lang), _what(case, lang), _aware(case, lang), _gap("from_when", lang), _gap("responsible", lang))
    yield Line(t("drafts.restart", lang), t("drafts.order_restart", lang), t("drafts.source_house", lang))
    yield _gap("signature", lang)


def _sender(case: Case, lang: str) -> Line:
    if not case.organisation:
        return _gap("sender", lang)
    who = ", ".join(filter(None, (case.organisation, case.bin and f"{t('drafts.bin', lang)} {case.bin}")))
    return Line(t("drafts.sender", lang), who, t("drafts.source_register", lang))


def _what(case: Case, lang: str) -> Line:
    return Line(t("drafts.what", lang), case.incident.what, _record(case, lang))


def _aware(case: Case, lang: str) -> Line:
    return Line(t("drafts.aware", lang), _time(case.incident.aware), _record(case, lang))


def _systems(case: Case, lang: str) -> Line:
    if not case.incident.systems:
        return _gap("systems", lang)
    return Line(t("drafts.systems", lang), ", ".join(case.names.get(each, each) for each in case.incident.systems), _record(case, lang))


def _persons(case: Case, lang: str) -> Line:
    count = case.incident.persons
    return _gap("persons", lang) if count is None else Line(t("drafts.persons", lang), f"{count:,}".replace(",", " "), _record(case, lang))


def _harm(case: Case, lang: str) -> Line:
    harm = case.incident.facts.get("harm")
    return _gap("harm", lang) if harm is None else Line(t("drafts.harm", lang), t(f"drafts.harm_{harm}".lower(), lang), _record(case, lang))


def _measures(case: Case, lang: str) -> Line:
    given = case.incident.measures
    return Line(t("drafts.measures", lang), given, _record(case, lang)) if given else _gap("measures", lang)


def _end(case: Case, name: str, lang: str) -> Line:
    """When the clock of this notification ends, from its own term; days that are in doubt are named."""
    clock = next(each for each in case.clocks if each.name == name)
    if clock.due is None:
        return _gap("term", lang)
    doubts = ", ".join(f"{day.isoformat()} {name[lang]}" for day, name in sorted(clock.due.doubts.items()))
    shown = _time(clock.due.at) + (f" ({t('drafts.doubts', lang)}: {doubts})" if doubts else "")
    source = case.cite(clock.provision) if clock.provision else clock.term.source if clock.term else ""
    counted = f"; {t('drafts.source_calendar', lang)}" if clock.term and clock.term.unit == "working_days" else ""
    return Line(t("drafts.term", lang), shown, source + counted)


def _gap(name: str, lang: str) -> Line:
    return Line(t(f"drafts.{name}", lang), t("drafts.gap", lang), gap=True)


def _record(case: Case, lang: str) -> str:
    return t("drafts.source_record", lang, number=case.number) if case.number else t("drafts.source_file", lang)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} (UTC{moment:%z})"


def _markdown(made: Draft, lang: str) -> str:
    rows = [
        f"**{_marked(line.label)}.** {_marked(_shown(line))}" + (f" _[{_marked(line.source)}]_" if line.source else "")
        for line in made.lines
    ]
    return "\n\n".join([f"# {made.title}", made.addressee, *rows, *(f"> {remark}" for remark in made.remarks)]) + "\n"


def _marked(text: str) -> str:
    """What somebody wrote, as text and not as Markdown or HTML; lines are kept."""
    plain = "".join(f"\\{letter}" if letter in "\\`*_{}[]<>#|!~&" else letter for letter in text)
    return plain.replace("\n", "  \n")


def _html(made: Draft, lang: str) -> str:
    rows = "\n".join(
        f"<dt>{escape(line.label)}</dt><dd{' class=gap' if line.gap else ''}>{escape(_shown(line))}"
        + (f" <small>[{escape(line.source)}]</small>" if line.source else "")
        + "</dd>"
        for line in made.lines
    )
    remarks = "".join(f"<p><em>{escape(remark)}</em></p>\n" for remark in made.remarks)
    head = f'<!doctype html>\n<html lang="{lang}"><meta charset="utf-8"><title>{escape(made.title)}</title>\n'
    return f"{head}<h1>{escape(made.title)}</h1>\n<p>{escape(made.addressee)}</p>\n<dl>\n{rows}\n</dl>\n{remarks}</html>\n"


def _plain(made: Draft, lang: str) -> str:
    rows = [f"{line.label}: {_shown(line)}" + (f" [{line.source}]" if line.source else "") for line in made.lines]
    return "\n\n".join([made.title, made.addressee, *rows, *(f"({remark})" for remark in made.remarks)]) + "\n"


def _shown(line: Line) -> str:
    return f"⟨ {line.text} ⟩" if line.gap else line.text
