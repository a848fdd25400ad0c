"""How a system's predictions fall on groups of people: rates with confidence intervals, differences, warnings about small groups. Pure.

Art. 6 asks for fairness and art. 11 for reliability; neither gives a measure or a threshold. So this counts and never says "fair".
Rates are those of fairlearn's `MetricFrame`, which the tests hold beside it. Intervals are Wilson's for one rate (1927) and Newcombe's for
a difference of two (1998, method 10), at 95 %.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tanba.errors import InputError

SCHEMA = "tanba.fairness/1"
Z = 1.959963984540054
"""The normal distribution's quantile for 95 %."""

SMALL = 30
"""Cases below which a rate says little."""

MOST_GROUPS = 60
ALL = ""
"""Name of everybody together."""

RATES = ("selection_rate", "accuracy", "true_positive_rate", "false_positive_rate", "false_negative_rate", "precision")
WITHOUT_LABELS = RATES[:1]


@dataclass(frozen=True, slots=True)
class Case:
    """One person: the group, whether the prediction was the positive one, and whether the truth was; None where it is not known."""

    group: str
    predicted: bool
    true: bool | None = None


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` of `of` cases; the value and its interval are None without cases."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1."""
        return self.hits / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's, at 95 %."""
        if not self.of:
            return None
        share, n, z2 = self.hits / self.of, self.of, Z * Z
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        low, high = middle - half, middle + half
        return (0.0 if self.hits == 0 else max(0.0, low)), (1.0 if self.hits == n else min(1.0, high))


@dataclass(frozen=True, slots=True)
class Gap:
    """The largest difference of a rate between two groups: `high` minus `low`, with Newcombe's interval, and the ratio of low to high."""

    high: str
    low: str
    difference: float
    interval: tuple[float, float]
    ratio: float | None


def measure(counts: Mapping[Case, int]) -> dict[str, dict[str, Rate]]:
    """{group: {rate: Rate}}, with everybody together under `ALL`, from how often each case stands in a table.

    Raises InputError without cases, and with too many groups.
    """
    groups = sorted({case.group for case in counts})
    if not groups:
        raise InputError("the table has no rows", "Give a row for each person.")
    if len(groups) > MOST_GROUPS:
        raise InputError(
            "{count} groups are more than {most}",
            "Is this the right column? Put rare groups together.",
            count=len(groups),
            most=MOST_GROUPS,
        )
    return {group: _rates(counts, group) for group in (ALL, *groups)}


def gaps(measured: Mapping[str, Mapping[str, Rate]]) -> dict[str, Gap]:
    """{rate: Gap} over groups that have cases. The two groups are picked after looking, so the interval is narrower than it should be."""
    found = {}
    for name in measured[ALL]:
        known = [(rate.value, group, rate) for group, rates in measured.items() if group != ALL and (rate := rates[name]).value is not None]
        if len(known) > 1:
            _, low, one = min(known, key=lambda each: each[:2])
            _, high, two = max(known, key=lambda each: each[:2])
            found[name] = _gap(high, two, low, one)
    return found


def warnings(measured: Mapping[str, Mapping[str, Rate]]) -> list[tuple[str, str, int]]:
    """(group, rate, cases) of every rate with fewer than `SMALL` cases."""
    return [(group, name, rate.of) for group, rates in measured.items() for name, rate in rates.items() if group != ALL and rate.of < SMALL]


def report(measured: Mapping[str, Mapping[str, Rate]], column: str, positive: str) -> dict[str, Any]:
    """`tanba.fairness/1`: numbers as texts of four decimals, so that the same report is the same bytes."""
    return {
        "column": column,
        "gaps": {name: _gap_json(gap) for name, gap in gaps(measured).items()},
        "groups": [
            {"group": group, "rates": {name: _rate_json(rate) for name, rate in rates.items()}} for group, rates in measured.items()
        ],
        "positive": positive,
        "schema": SCHEMA,
        "small": [{"cases": cases, "group": group, "rate": name} for group, name, cases in warnings(measured)],
        "verdict": "none",
    }


def _rates(counts: Mapping[Case, int], group: str) -> dict[str, Rate]:
    def number(predicted: bool | None = None, true: bool | None = None) -> int:
        return sum(
            count
            for case, count in counts.items()
            if group in (ALL, case.group) and predicted in (None, case.predicted) and true in (None, case.true)
        )

    labelled = any(case.true is not None for case in counts)
    found = {"selection_rate": Rate(number(predicted=True), number())}
    if labelled:
        right = number(True, True) + number(False, False)
        known = number(true=True) + number(true=False)
        chosen = number(True, True) + number(True, False)
        found |= {
            "accuracy": Rate(right, known),
            "true_positive_rate": Rate(number(True, True), number(true=True)),
            "false_positive_rate": Rate(number(True, False), number(true=False)),
            "false_negative_rate": Rate(number(False, True), number(true=True)),
            "precision": Rate(number(True, True), chosen),
        }
    return found


def _gap(high: str, two: Rate, low: str, one: Rate) -> Gap:
    first, second = two.value or 0.0, one.value or 0.0
    (low2, high2), (low1, high1) = two.interval or (0.0, 0.0), one.interval or (0.0, 0.0)
    difference = first - second
    below = difference - math.hypot(first - low2, high1 - second)
    above = difference + math.hypot(high2 - first, second - low1)
    return Gap(high, low, difference, (max(-1.0, below), min(1.0, above)), second / first if first else None)


def _rate_json(rate: Rate) -> dict[str, Any]:
    return {"hits": rate.hits, "interval": _texts(rate.interval), "of": rate.of, "value": _text(rate.value)}


def _gap_json(gap: Gap) -> dict[str, Any]:
    return {
        "difference": _text(gap.difference),
        "high": gap.high,
        "interval": _texts(gap.interval),
        "low": gap.low,
        "ratio": _text(gap.ratio),
    }


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"


def _texts(values: Sequence[float] | None) -> list[str | None] | None:
    return None if values is None else [_text(value) for value in values]
