"""Rates by group: counted as fairlearn counts them, with intervals as scipy gives them, and never a verdict."""

import random
from collections import Counter

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame, false_negative_rate, false_positive_rate, selection_rate, true_positive_rate
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, precision_score

from tanba.errors import InputError
from tanba.people.fairness import ALL, MOST_GROUPS, SMALL, Case, Rate, gaps, measure, report, warnings

FAIRLEARN = {
    "selection_rate": selection_rate,
    "accuracy": accuracy_score,
    "true_positive_rate": true_positive_rate,
    "false_positive_rate": false_positive_rate,
    "false_negative_rate": false_negative_rate,
    "precision": precision_score,
}


def cases(**groups: tuple[int, int, int, int]) -> Counter[Case]:
    """{group: (true positives, false positives, false negatives, true negatives)}."""
    kinds = ((True, True), (True, False), (False, True), (False, False))
    return Counter({Case(group, *kind): count for group, counts in groups.items() for kind, count in zip(kinds, counts, strict=True)})


def test_every_rate_agrees_with_fairlearn_on_ten_thousand_cases() -> None:
    chance = random.Random(6)
    rows = [(chance.choice("abc"), chance.random() < 0.3, chance.random() < 0.4) for _ in range(10_000)]
    measured = measure(Counter(Case(*row) for row in rows))
    group, predicted, true = (np.array(column) for column in zip(*rows, strict=True))
    frame = MetricFrame(metrics=FAIRLEARN, y_true=true, y_pred=predicted, sensitive_features=group)
    for name in FAIRLEARN:
        assert measured[ALL][name].value == pytest.approx(frame.overall[name])
        for each in "abc":
            assert measured[each][name].value == pytest.approx(frame.by_group[name][each])
        assert gaps(measured)[name].difference == pytest.approx(frame.difference()[name])
        assert gaps(measured)[name].ratio == pytest.approx(frame.ratio()[name])


@given(st.integers(0, 60), st.integers(0, 60))
def test_intervals_are_wilsons(hits: int, misses: int) -> None:
    rate = Rate(hits, hits + misses)
    if not rate.of:
        assert rate.value is None
        assert rate.interval is None
        return
    expected = binomtest(hits, rate.of).proportion_ci(0.95, method="wilson")
    assert rate.interval == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert rate.interval[0] <= rate.value <= rate.interval[1]


def test_the_difference_of_two_rates_as_newcombe_printed_it() -> None:
    """His example (a), method 10: 56/70 and 48/80 differ by 0.2, from 0.0524 to 0.3339."""
    gap = gaps(measure(cases(a=(56, 0, 14, 0), b=(48, 0, 32, 0))))["selection_rate"]
    assert (gap.high, gap.low) == ("a", "b")
    assert gap.difference == pytest.approx(0.2)
    assert gap.interval == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_without_true_outcomes_only_the_share_of_positive_predictions_is_counted() -> None:
    measured = measure(Counter({Case("a", True): 3, Case("a", False): 1, Case("b", False): 4}))
    assert list(measured["a"]) == ["selection_rate"]
    assert measured["a"]["selection_rate"] == Rate(3, 4)


def test_outcomes_that_are_not_known_yet_count_for_predictions_only() -> None:
    measured = measure(Counter({Case("a", True, True): 3, Case("a", True, None): 7}))
    assert measured["a"]["selection_rate"] == Rate(10, 10)
    assert measured["a"]["true_positive_rate"] == Rate(3, 3)


def test_small_groups_are_named_for_each_rate() -> None:
    measured = measure(cases(many=(SMALL, SMALL, SMALL, SMALL), few=(3, 2, 1, 9)))
    assert ("few", "selection_rate", 15) in warnings(measured)
    assert all(group == "few" for group, _, _ in warnings(measured))


def test_a_group_without_cases_of_a_kind_has_no_rate_and_makes_no_gap() -> None:
    measured = measure(cases(a=(0, 5, 0, 5), b=(4, 0, 4, 0)))
    assert measured["a"]["true_positive_rate"].value is None
    assert "true_positive_rate" not in gaps(measured)


def test_the_report_has_no_floats_and_no_verdict() -> None:
    said = report(measure(cases(a=(1, 2, 3, 4), b=(4, 3, 2, 1))), "sex", "1")
    assert said["verdict"] == "none"

    def plain(value: object) -> None:
        assert not isinstance(value, float)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            plain(each)

    plain(said)


def test_no_rows_and_too_many_groups_are_refused() -> None:
    with pytest.raises(InputError, match="no rows"):
        measure({})
    with pytest.raises(InputError, match="groups are more than"):
        measure(Counter(Case(str(number), True) for number in range(MOST_GROUPS + 1)))
