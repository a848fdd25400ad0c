"""The tracer in a program: around code, on functions, awaited; a stop is a stop; nothing of a high-risk system is lost in silence."""

import asyncio
import json
from typing import Any

import pytest

from decision_house import BIN, House
from tanba.errors import InputError, StoreError, SuspendedError
from tanba.trace import Decision
from tanba.trace.rows import Query


def records(house: House) -> list[dict[str, Any]]:
    house.take()
    rows = reversed(house.book.find(Query()))
    return [dict(body.record) for row in rows if (body := house.book.content(row))]


def test_a_block_is_recorded_with_its_duration(house: House) -> None:
    tracer = house.tracer(risk="high", model="2.3.1")
    with tracer.decision(subject="client-42", inputs={"income": 400000}) as made:
        made.outputs, made.outcome, made.reason = 0.31, "refused", "score below 0.40"
    (record,) = records(house)
    assert (record["outcome"], record["reason"], record["model"], record["organisation"]) == ("refused", "score below 0.40", "2.3.1", BIN)
    assert record["duration"] >= 0
    assert "client-42" not in json.dumps(record)
    assert len(record["subject"]) == 32


def test_an_error_in_the_block_is_recorded_and_goes_on(house: House) -> None:
    with pytest.raises(ZeroDivisionError), house.tracer().decision(subject="a"):
        _ = 1 / 0
    (record,) = records(house)
    assert (record["outcome"], record["reason"]) == ("failed", "ZeroDivisionError")


def test_a_block_without_an_outcome_is_the_caller_s_mistake(house: House) -> None:
    with pytest.raises(InputError, match="no outcome"), house.tracer().decision():
        pass


def test_a_function_is_recorded_with_arguments_and_result(house: House) -> None:
    tracer = house.tracer(keep=True)

    @tracer.decision(subject=lambda call: call["client"], outcome=lambda score: "granted" if score > 1 else "refused", sources=["bureau"])
    def score(client: str, income: int) -> int:
        """Score."""
        return income // 2

    assert score("client-1", income=10) == 5
    assert score("client-2", 2) == 1
    assert score.__doc__ == "Score."
    assert [record["outcome"] for record in records(house)] == ["granted", "refused"]
    newest = house.book.content(house.book.find(Query())[0])
    assert newest is not None
    assert newest.contents() == {"inputs": '{"client":"client-2","income":2}', "outputs": "1"}


def test_coroutines(house: House) -> None:
    tracer = house.tracer()

    @tracer.decision(outcome="answered")
    async def answer(question: str) -> str:
        await asyncio.sleep(0)
        return question.upper()

    async def work() -> str:
        async with tracer.decision(outcome="read") as made:
            made.outputs = "x"
        return await answer("why")

    assert asyncio.run(work()) == "WHY"
    assert sorted(record["outcome"] for record in records(house)) == ["answered", "read"]


def test_the_same_person_has_one_pseudonym_in_an_organisation_and_another_elsewhere(house: House) -> None:
    one, other, elsewhere = house.tracer(), house.tracer("other"), house.tracer(organisation="")
    for tracer in (one, other, elsewhere):
        tracer.record(Decision("x", subject="client-42"))
    named = {(record["system"], record["organisation"]): record["subject"] for record in records(house)}
    assert named["scorer", BIN] == named["other", BIN] != named["scorer", None]


def test_a_suspended_system_does_not_decide(house: House) -> None:
    tracer = house.tracer()
    tracer.record(Decision("granted"))
    house.stop()
    ran = []
    with pytest.raises(SuspendedError), tracer.decision(outcome="granted"):
        ran.append(1)
    with pytest.raises(SuspendedError):
        tracer.record(Decision("granted"))
    assert ran == []
    assert [record["outcome"] for record in records(house)] == ["granted"]


def test_refusals_and_what_is_over_are_recorded_while_it_is_suspended(house: House) -> None:
    house.stop()
    tracer = house.tracer(record_refusals=True)
    with pytest.raises(SuspendedError), tracer.decision(subject="client-42"):
        pass
    tracer.record(Decision("granted"), over=True)
    assert [record["outcome"] for record in records(house)] == ["suspended", "granted"]


@pytest.mark.parametrize("risk", ["high", "unknown"])
@pytest.mark.parametrize("setting", [{"sample": 0.5}, {"full": "drop"}])
def test_a_high_risk_system_is_recorded_without_exception(house: House, risk: str, setting: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="without exception"):
        house.tracer(risk=risk, **setting)


def test_others_may_be_sampled(house: House) -> None:
    tracer = house.tracer(risk="minimal", sample=0.2)
    kept = [tracer.record(Decision("shown")) for _ in range(500)]
    assert 40 < sum(map(bool, kept)) < 200
    assert len(records(house)) == min(100, sum(map(bool, kept)))


def test_a_full_spool_is_the_caller_s_error_or_is_counted(house: House) -> None:
    tracer = house.tracer(risk="high", most=20_000)
    with pytest.raises(StoreError, match="full"):
        [tracer.record(Decision("granted")) for _ in range(1000)]
    dropping = house.tracer(risk="minimal", full="drop", most=20_000)
    assert dropping.record(Decision("shown")) == ""
    assert dropping.dropped == 1


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"system": "Credit scorer"}, "does not name a system"),
        ({"organisation": "190140999997"}, "is not a BIN"),
        ({"risk": "none"}, "risk: 'none'"),
        ({"full": "maybe"}, "full: 'maybe'"),
        ({"human": "some"}, "human: 'some'"),
        ({"sample": 0}, "sample: 0 is no share"),
    ],
)
def test_settings_that_do_not_fit_are_refused(house: House, settings: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        house.tracer(**{"system": "scorer", **settings})
