"""From the spool to the ledger and back: once and not twice, proved, erased, found again."""

import json
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from decision_house import NOW, House
from tanba import decisions
from tanba.digest import canonical_json
from tanba.errors import EvidenceError, InputError, StoreError
from tanba.ledger.home import policy
from tanba.ledger.policy import Policy
from tanba.seal import Trust
from tanba.storage.home import open_objects
from tanba.trace import Decision, home
from tanba.trace.batch import Proof
from tanba.trace.reading import microseconds
from tanba.trace.rows import Query
from tanba.trace.spool import segments


def test_a_decision_is_proved_by_the_ledger(house: House) -> None:
    tracer = house.tracer(risk="high")
    ids = [tracer.record(Decision("granted", subject=f"c{n}", inputs=n)) for n in range(5)]
    assert house.drain() == decisions.Drained(5, 5)
    assert house.log.head().checkpoint.size == 1
    trust = Trust(Policy({house.log.keyring.signer.key: ""}))
    proof = decisions.prove(house.book, house.log, ids[3])
    found = decisions.check(bytes(proof), trust)
    assert found.words == ("unwitnessed", "untimed")
    assert found.record is not None
    assert found.record["id"] == ids[3]
    assert Proof.parse(bytes(proof)) == proof


def test_the_ledger_learns_nothing_about_anybody(house: House) -> None:
    tracer = house.tracer(keep=True)
    tracer.record(Decision("granted", subject="client-42", inputs="income 400000", reason="rich uncle"))
    house.drain()
    entry = house.log.entry(0).decode()
    (digest,) = open_objects(house.workspace).list()
    batch = open_objects(house.workspace).get(digest).decode()
    for told in (entry, batch):
        assert not any(word in told for word in ("client-42", "400000", "uncle", "granted"))
        assert home.pseudonym_of(house.workspace, "190140999998", "client-42") not in told


def test_batches_belong_to_one_system(house: House) -> None:
    for number in range(6):
        house.tracer(f"system-{number % 2}").record(Decision("x"))
    assert house.drain().entered == 6
    assert {json.loads(house.log.entry(at))["system"] for at in range(house.log.head().checkpoint.size)} == {"system-0", "system-1"}


def test_draining_twice_enters_nothing_twice_and_removes_the_spool(house: House) -> None:
    tracer = house.tracer()
    tracer.record(Decision("a"))
    house.drain()
    assert house.drain() == decisions.Drained(0, 0)
    tracer.record(Decision("b"))
    tracer.close()
    assert house.drain() == decisions.Drained(1, 1)
    assert segments(house.workspace.spool) == []
    assert house.book.count(Query()) == 2


def test_one_id_counts_once(house: House) -> None:
    tracer = house.tracer()
    id_ = "019a0b3e-7d10-7c45-8f6a-2b7c1d4e5f60"
    for outcome in ("first", "second"):
        assert tracer.record(Decision(outcome, id=id_)) == id_
    assert house.drain().taken == 1
    tracer.record(Decision("third", id=id_))
    assert house.drain().taken == 0
    assert house.book.get(id_).outcome == "first"
    house.check(id_)


class DiedError(Exception):
    """The process ends here."""


@pytest.mark.parametrize("where", ["after the rows", "before the ledger", "after the ledger"])
def test_a_crash_between_steps_neither_loses_nor_doubles(house: House, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    tracer = house.tracer()
    ids = [tracer.record(Decision("a")) for _ in range(7)]
    tracer.close()

    def die(*_: Any) -> None:
        raise DiedError

    with monkeypatch.context() as patch:
        if where == "after the rows":
            patch.setattr(home, "_done", die)
        elif where == "before the ledger":
            patch.setattr(house.log, "append_many", die)
        else:
            patch.setattr(house.book, "entered", die)
        with pytest.raises(DiedError):
            house.drain()
    house.drain()
    assert house.book.count(Query()) == 7
    assert house.log.head().checkpoint.size == 1
    assert segments(house.workspace.spool) == []
    for id_ in ids:
        house.check(id_)


def test_while_the_ledger_is_away_decisions_wait_and_the_spool_is_bounded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    tracer = house.tracer(most=40_000)

    def away(*_: Any) -> None:
        raise StoreError("the disk of {file} is full", file="ledger")

    with monkeypatch.context() as patch:
        patch.setattr(house.log, "append_many", away)
        for _ in range(10):
            tracer.record(Decision("a"))
        with pytest.raises(StoreError):
            house.drain()
        assert house.book.waiting_count() == 10

        def go_on() -> None:
            for _ in range(10_000):
                tracer.record(Decision("a"))
                house.take(backlog=10)

        with pytest.raises(StoreError, match="full"):
            go_on()
        assert house.book.waiting_count() == 10
    assert house.drain().entered > 50
    tracer.record(Decision("a"))


def test_erasing_a_person_leaves_the_entry_and_nothing_to_read(house: House) -> None:
    tracer = house.tracer(keep=True)
    hers = [tracer.record(Decision("refused", subject="client-42", inputs="income 400000", reason="rich uncle")) for _ in range(3)]
    other = tracer.record(Decision("granted", subject="client-7"))
    house.drain()
    waiting = tracer.record(Decision("refused", subject="client-42"))
    before = house.log.head().checkpoint
    assert house.erase("client-42") == 4
    house.drain()
    for id_ in (*hers, waiting):
        row = house.book.get(id_)
        assert (row.subject, row.outcome, row.model, house.book.content(row)) == (None, None, None, None)
        assert row.erased
        found = house.check(id_, contents=True)
        assert "erased" in found.words
        assert found.record is None
    assert house.check(other).record is not None
    assert house.log.head().checkpoint.size == before.size + 1
    assert house.erase("client-42") == 0
    house.close()
    pseudonym = home.pseudonym_of(house.workspace, "190140999998", "client-42").encode()
    for path in house.workspace.root.rglob("*"):
        if path.is_file():
            assert pseudonym not in path.read_bytes(), path
            assert b"rich uncle" not in path.read_bytes(), path


def test_an_older_copy_of_the_log_says_nothing_once_the_key_is_dropped(house: House, tmp_path: Path) -> None:
    id_ = house.tracer().record(Decision("refused", subject="client-42", reason="rich uncle"))
    house.drain()
    house.book.close()
    copy = house.workspace.decisions.read_bytes()
    house.erase("client-42")
    house.book.close()
    house.workspace.decisions.write_bytes(copy)
    row = house.book.get(id_)
    assert row.erased is None
    assert house.book.content(row) is None


def test_kept_contents_are_proved_when_asked(house: House) -> None:
    id_ = house.tracer(keep=True).record(Decision("refused", subject="c", inputs={"a": 1}, outputs=b"\xff\x00"))
    house.drain()
    proof = decisions.prove(house.book, house.log, id_, contents=True)
    assert proof.contents is not None
    assert proof.contents["inputs"]["content"] == '{"a":1}'
    decisions.check(bytes(proof), Trust())
    changed = json.loads(bytes(proof))
    changed["contents"]["inputs"]["content"] = '{"a":2}'
    with pytest.raises(EvidenceError, match="not what was decided on"):
        decisions.check(canonical_json(changed), Trust())


@pytest.fixture
def proved(house: House) -> Any:
    tracer = house.tracer()
    ids = [tracer.record(Decision("granted", subject=f"c{n}")) for n in range(3)]
    house.drain()
    return json.loads(bytes(decisions.prove(house.book, house.log, ids[1])))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("record", "outcome"), "refused"),
        (("record", "system"), "other"),
        (("salt",), "00" * 32),
        (("place",), 0),
        (("batch", "system"), "other"),
        (("batch", "commitments", 1), "00" * 32),
        (("receipt", "artifact", "size"), 1),
        (("receipt", "entry"), "{}"),
    ],
)
def test_a_changed_proof_is_refused(proved: Any, path: tuple[str | int, ...], value: Any) -> None:
    place = proved
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(EvidenceError):
        decisions.check(canonical_json(proved), Trust())


@pytest.mark.parametrize(
    "change", [{"place": 3}, {"place": -1}, {"place": True}, {"salt": None}, {"record": []}, {"more": 1}, {"batch": {}}]
)
def test_what_is_no_proof_is_said_so(proved: Any, change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="is not a proof"):
        decisions.check(canonical_json(proved | change), Trust())


@settings(max_examples=60)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_no_proof(data: bytes) -> None:
    with pytest.raises(InputError):
        decisions.check(data, Trust())


def test_a_decision_waits_for_its_proof(house: House) -> None:
    id_ = house.tracer().record(Decision("granted"))
    with pytest.raises(InputError, match="no decision has the id"):
        house.book.get(id_)
    house.take()
    with pytest.raises(InputError, match="does not have decision"):
        decisions.prove(house.book, house.log, id_)


def test_decisions_are_found_by_person_time_outcome_model_and_human(house: House) -> None:
    tracer = house.tracer(model="1")
    for number in range(10):
        tracer.record(
            Decision(
                "granted" if number % 2 else "refused",
                subject=f"c{number % 3}",
                model="2" if number > 6 else "",
                human="can_correct_or_cancel",
                changed=number == 4,
                time=NOW + timedelta(hours=number),
            )
        )
    house.take()
    name = home.pseudonym_of(house.workspace, "190140999998", "c1")

    def hours(query: Query) -> list[int]:
        return [(row.time - microseconds(NOW)) // 3_600_000_000 for row in house.book.find(query)]

    assert hours(Query(subject=name)) == [7, 4, 1]
    assert hours(Query(subject=name, outcome="granted")) == [7, 1]
    assert hours(Query(system="scorer", model="2")) == [9, 8, 7]
    assert hours(Query(changed=True)) == [4]
    assert hours(Query(since=microseconds(NOW + timedelta(hours=3)), until=microseconds(NOW + timedelta(hours=5)))) == [4, 3]
    assert hours(Query(organisation="")) == []
    assert house.book.counts(Query(), "outcome") == {"granted": 5, "refused": 5}
    assert house.book.counts(Query(), "changed") == {0: 9, 1: 1}
    assert house.book.count(Query(system="scorer", outcome="refused")) == 5


def test_a_segment_with_something_foreign_is_set_aside_and_the_rest_taken(house: House) -> None:
    tracer = house.tracer()
    tracer.record(Decision("a"))
    tracer._spool.append(b"something else")
    tracer.record(Decision("b"))
    tracer.close()
    assert house.drain().taken == 2
    assert segments(house.workspace.spool) == []
    assert len(list(house.workspace.spool.glob("*.damaged"))) == 1


def test_the_log_without_its_secret_is_not_begun_anew(house: House) -> None:
    house.tracer().record(Decision("a"))
    house.take()
    (house.workspace.keys / home.SECRET).unlink()
    with pytest.raises(InputError, match="is missing"):
        house.tracer()


def test_two_who_drain_at_once_share_the_work(house: House) -> None:
    tracer = house.tracer()
    ids = [tracer.record(Decision("a")) for _ in range(20)]
    with closing(home.open_book(house.workspace)) as other:
        assert home.take(house.workspace, other, decisions.prepare) == 20
        assert house.drain() == decisions.Drained(0, 20)
        assert decisions.enter(other, house.log, open_objects(house.workspace)) == 0
    house.check(ids[-1])
    assert policy(house.workspace) == Policy()
