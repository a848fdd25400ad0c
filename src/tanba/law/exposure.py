"""Exposure: fines only where the Administrative Code gives one for the breach, with its further elements said; never a sum of fears."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tanba.law.model import Law, Parameter, Provision
from tanba.law.reasons import breachable
from tanba.law.rulebook import Rulebook, Verdict

CLASSES = ("person", "small", "non_profit", "medium", "large")


def mci_on(law: Law, day: date) -> Parameter | None:
    """The monthly calculation index (МРП / АЕК) in force on `day`; None where no year's figure is known."""
    return next((p for p in law.mci if p.start <= day and (p.end is None or day <= p.end)), None)


def exposure(book: Rulebook, verdict: Verdict, offender_class: str | None) -> list[dict[str, Any]]:
    """Sanctions whose breach concerns an obligation that applies or may apply, with amounts in MCI and tenge by class of offender.

    A fine that names other classes only is left out where the offender's class is known.
    """
    mci = mci_on(book.law, book.day)
    entries = []
    for path, provision in book.provisions.items():
        answer = verdict.rules.get(path) if provision.kind == "sanction" else False
        fined = not provision.penalty.get("penalties") or offender_class in (None, *provision.penalty["penalties"])
        breached = breachable(book, verdict, path) if answer is not False and fined else []
        if breached:
            entries.append(_entry(provision, answer, breached, mci, offender_class))
    return entries


def sanctions(book: Rulebook, offender_class: str | None) -> list[dict[str, Any]]:
    """Every sanction of the book with its amounts, whatever a system does; nothing says that one applies."""
    mci = mci_on(book.law, book.day)
    return [_entry(each, None, [], mci, offender_class) for each in book.provisions.values() if each.kind == "sanction"]


def _entry(
    provision: Provision, answer: bool | None, breached: list[str], mci: Parameter | None, offender_class: str | None
) -> dict[str, Any]:
    penalty = provision.penalty
    repeat = penalty.get("repeat", {})
    return {
        "provision": provision.id,
        "title": provision.title,
        "must": provision.must,
        "answer": "applies" if answer else "unknown",
        "text_read": provision.text_read,
        "for": breached,
        "amounts": _amounts(penalty.get("penalties", {}), mci, offender_class) if provision.text_read else [],
        "repeat": {
            "within": repeat.get("within"),
            "amounts": _amounts(repeat.get("penalties", {}), mci, offender_class) if provision.text_read else [],
            "also": repeat.get("also"),
        }
        if repeat
        else None,
        "further": penalty.get("further"),
        "note": provision.note,
        "mci": None if mci is None else {"kzt": mci.value, "from": mci.start.isoformat(), "source": mci.source, "text_read": mci.text_read},
    }


def _amounts(by_class: Mapping[str, int], mci: Parameter | None, offender_class: str | None) -> list[dict[str, Any]]:
    wanted = [c for c in CLASSES if c in by_class and offender_class in (None, c)]
    return [{"class": c, "mci": by_class[c], "kzt": None if mci is None else by_class[c] * mci.value} for c in wanted]
