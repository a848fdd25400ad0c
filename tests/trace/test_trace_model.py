"""What is written of a decision: canonical, without content, and nothing that does not fit."""

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.digest import canonical_json
from tanba.errors import InputError
from tanba.trace.model import Decision, Origin, body_of, content_bytes, parse, salt

ID = "019a0b3e-7d10-7c45-8f6a-2b7c1d4e5f60"
NOW = datetime(2026, 11, 22, 9, 30, 0, 123456, tzinfo=UTC)
ORIGIN = Origin("190140999998", "scorer", "2.3.1", "excluded")
SECRET = bytes(range(32))


def body(made: Decision, origin: Origin = ORIGIN, id: str = ID, time: datetime = NOW) -> Any:
    found = parse(body_of(made, origin, id, time, "ab" * 32, SECRET))
    assert found is not None
    return found


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(
    outcome=texts.filter(bool), reason=texts, model=texts, sources=st.lists(texts, max_size=3), changed=st.sampled_from([True, False, None])
)
def test_the_record_is_canonical_json_whatever_the_texts(**fields: Any) -> None:
    found = body(Decision(**fields, inputs={"a": 1.5}, duration=7))
    assert canonical_json(found.record) == found.written
    assert found.record["outcome"] == fields["outcome"]
    assert found.record["sources"] == fields["sources"]


def test_contents_stand_in_the_record_as_commitments_that_open_one_by_one() -> None:
    found = body(Decision("refused", inputs="income 400000", outputs={"score": 0.31, "ә": None}))
    for name, content in (("inputs", b"income 400000"), ("outputs", '{"score":0.31,"ә":null}'.encode())):
        opened = hashlib.sha256(b"tanba.commitment/1\n" + salt(SECRET, name) + hashlib.sha256(content).digest()).hexdigest()
        assert found.record[name] == opened
    assert b"400000" not in found.written
    assert len({salt(SECRET, name) for name in ("record", "inputs", "outputs")}) == 3


def test_contents_are_kept_only_when_told() -> None:
    assert body(Decision("refused", inputs="x")).contents() == {}
    keeping = Origin("", "scorer", keep=True)
    assert body(Decision("refused", inputs="сәлем", outputs=b"\xff"), keeping).contents() == {
        "inputs": "сәлем",
        "outputs": {"base64": "/w=="},
    }


def test_what_a_decision_does_not_say_the_origin_says() -> None:
    record = body(Decision("refused")).record
    assert (record["model"], record["human"]) == ("2.3.1", "excluded")
    record = body(Decision("refused", model="3", human="always_final_choice")).record
    assert (record["model"], record["human"]) == ("3", "always_final_choice")


def test_time_is_written_in_utc() -> None:
    almaty = NOW.astimezone(timezone(timedelta(hours=5)))
    found = body(Decision("refused"), time=almaty)
    assert found.record["time"] == "2026-11-22T09:30:00.123456Z"
    assert body(Decision("refused"), time=NOW.replace(microsecond=0)).record["time"] == "2026-11-22T09:30:00.000000Z"
    assert found.time == int(NOW.timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"outcome": ""}, "no outcome"),
        ({"outcome": 1}, "outcome: not a text"),
        ({"outcome": "x" * 201}, "outcome: longer than 200"),
        ({"outcome": "\ud800"}, "not Unicode"),
        ({"reason": None}, "reason: not a text"),
        ({"sources": "bureau"}, "sources"),
        ({"sources": ["x"] * 51}, "sources"),
        ({"sources": [1]}, "sources: not a text"),
        ({"human": "somebody"}, "human: 'somebody'"),
        ({"changed": 1}, "changed"),
        ({"duration": -1}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": 1.5}, "duration"),
    ],
)
def test_what_does_not_fit_is_refused(fields: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        body(Decision(**{"outcome": "refused", **fields}))


def test_an_id_is_a_uuid_and_a_time_has_a_zone() -> None:
    with pytest.raises(InputError, match="is not an id"):
        body(Decision("refused"), id='x","outcome":"granted')
    with pytest.raises(InputError, match="zone"):
        body(Decision("refused"), time=datetime(2026, 11, 22))


def test_kept_contents_are_bounded() -> None:
    with pytest.raises(InputError, match="inputs: larger"):
        body(Decision("refused", inputs="x" * 300_000), Origin("", "scorer", keep=True))
    assert body(Decision("refused", inputs="x" * 300_000)).record["inputs"]


def test_any_object_can_be_committed_to() -> None:
    assert content_bytes({"when": NOW}) == b'{"when":"2026-11-22 09:30:00.123456+00:00"}'
    assert json.loads(content_bytes(float("nan"))) != json.loads(content_bytes(1.0))
    assert content_bytes("\ud800") == b"\\ud800"


@given(st.binary(max_size=200))
def test_bytes_that_are_no_decision_are_none(data: bytes) -> None:
    assert parse(data) is None


@pytest.mark.parametrize("key", ["schema", "id", "system", "time", "subject", "outcome", "model", "human", "human_changed", "organisation"])
@pytest.mark.parametrize("value", [7, [], {}, "\ud800"])
def test_a_record_with_another_kind_of_value_is_no_decision(key: str, value: Any) -> None:
    record = dict(body(Decision("refused")).record) | {key: value}
    assert parse(SECRET + json.dumps(record).encode() + b"\n") is None
    del record[key]
    assert parse(SECRET + json.dumps(record).encode() + b"\n") is None
