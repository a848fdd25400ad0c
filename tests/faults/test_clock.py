"""A clock that errs: the ledger writes what it read and goes on, and the audit names the places without holding them against the ledger."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from faults.ledgers import SIGNER, event, events, whole
from tanba.ledger.audit import Finding, audit
from tanba.ledger.entry import Entry, stamp
from tanba.ledger.log import Log
from tanba.ledger.store.sqlite import SqliteStore

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(tmp_path / "ledger.db")
    yield store
    store.close()


def written(store: SqliteStore, moments: list[datetime]) -> list[str]:
    """The times that entries carry, appended one by one at these moments."""
    clock = iter(moments)
    log = Log(store, SIGNER, lambda: next(clock))
    places = [log.append(*event(number)) for number in range(len(moments))]
    assert places == list(range(len(moments)))
    return [Entry.parse(log.entry(place)).time for place in places]


def test_a_clock_set_back_is_written_as_it_was_and_named(store: SqliteStore, tmp_path: Path) -> None:
    moments = [
        NOON,
        NOON + timedelta(hours=1),
        NOON - timedelta(days=400),
        NOON - timedelta(days=399),
        NOON,
        NOON - timedelta(microseconds=1),
    ]
    assert written(store, moments) == [stamp(each) for each in moments]
    found = audit(store, [SIGNER.key])
    assert found == [Finding("clock_back", 2), Finding("clock_back", 5)]
    assert all(each.harmless for each in found)
    assert whole(tmp_path / "ledger.db").size == len(moments)


def test_a_clock_that_stands_still_or_leaps_is_no_finding(store: SqliteStore) -> None:
    written(store, [NOON, NOON, NOON, NOON.replace(year=9999), NOON.replace(year=9999)])
    assert not audit(store, [SIGNER.key])


def test_a_clock_set_back_between_tiles_and_between_starts_is_named(store: SqliteStore) -> None:
    for days in (0, -1, 5, -2):
        Log(store, SIGNER, lambda days=days: NOON + timedelta(days=days)).append_many(events(Random(days), 256))
    assert audit(store, [SIGNER.key]) == [Finding("clock_back", 256), Finding("clock_back", 768)]


@pytest.mark.parametrize(
    "moment", [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)]
)
def test_extreme_clocks_give_entries_of_the_one_form(store: SqliteStore, moment: datetime) -> None:
    assert written(store, [moment]) == [moment.isoformat(timespec="microseconds").replace("+00:00", "Z")]


def test_a_clock_in_another_zone_is_written_in_utc(store: SqliteStore) -> None:
    almaty = datetime.fromisoformat("2026-11-22T17:00:00.000001+05:00")
    assert written(store, [almaty]) == ["2026-11-22T12:00:00.000001Z"]
