"""Receipts on disk: sealed in batches once and provable each, forgotten for good."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tanba.ids import uuid7
from tanba.people.receipt import Claims, Signer, commitment, read, said
from tanba.people.shown import NAME, Shown, opens

NOW = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)
SIGNER = Signer(b"\1" * 32)


@pytest.fixture
def shown(tmp_path: Path) -> Shown:
    return Shown(tmp_path / NAME)


def given(user: str = "user-1", act: str = "shown", system: str = "system-1") -> Claims:
    head = (str(uuid7()), act, "notice", system, user, "text", "kk", "a1b2c3d4e5f6", "0" * 64, "page")
    return Claims(*head, said(NOW), said(NOW + timedelta(days=1)))


def test_nothing_is_made_by_looking(shown: Shown, tmp_path: Path) -> None:
    assert shown.begin_batch() is None
    assert shown.counts("system-1") == shown.versions() == []
    assert shown.forget("user-1") == 0
    assert list(tmp_path.iterdir()) == []


def test_a_batch_takes_every_open_receipt_of_one_organisation_and_is_found_again_until_it_is_ended(shown: Shown) -> None:
    tokens = [shown.issue("190140999998", SIGNER, given(f"user-{number}")) for number in range(3)]
    shown.issue("980940000010", SIGNER, given())
    first = shown.begin_batch()
    assert first is not None
    assert shown.begin_batch() == first
    shown.end_batch(first.id, "artifact-1")
    second = shown.begin_batch()
    assert second is not None
    assert {first.organisation, second.organisation} == {"190140999998", "980940000010"}
    shown.end_batch(second.id, "artifact-2")
    assert shown.begin_batch() is None
    proof = shown.proof(read(tokens[0], [SIGNER.public]).id)
    assert proof is not None
    assert proof[0] == tokens[0]
    assert opens(proof, json.loads(proof[2].content))
    assert not opens((tokens[1], proof[1], proof[2]), json.loads(proof[2].content))
    assert json.loads(first.content)["count"] == len(json.loads(first.content)["commitments"])


def test_a_forgotten_user_leaves_a_commitment_that_nobody_can_open(shown: Shown, tmp_path: Path) -> None:
    token = shown.issue("190140999998", SIGNER, given("person-7"))
    shown.issue("190140999998", SIGNER, given("person-8"))
    batch = shown.begin_batch()
    assert batch is not None
    proof = shown.proof(read(token, [SIGNER.public]).id)
    assert proof is not None
    assert shown.forget("person-7") == 1
    assert shown.proof(read(token, [SIGNER.public]).id) is None
    assert commitment(proof[1], token).encode() in batch.content
    assert [claims.user for claims in shown.of_user("person-8", [SIGNER.public])] == ["person-8"]
    assert not [path for path in tmp_path.iterdir() for secret in (proof[1], token, "person-7") if secret.encode() in path.read_bytes()]


def test_counts_tell_channels_languages_and_versions_apart(shown: Shown) -> None:
    for act in ("shown", "shown", "accepted"):
        shown.issue("190140999998", SIGNER, given(act=act))
    shown.issue("190140999998", SIGNER, given(system="system-2"))
    assert [(row.act, row.count, row.newest) for row in shown.counts("system-1")] == [("accepted", 1, said(NOW)), ("shown", 2, said(NOW))]


def test_a_version_keeps_the_day_it_was_first_in_force(shown: Shown) -> None:
    shown.note_version("a", "days: 1\n", NOW)
    shown.note_version("b", "days: 2\n", NOW + timedelta(days=1))
    shown.note_version("a", "days: 3\n", NOW + timedelta(days=2))
    assert shown.versions() == [("b", said(NOW + timedelta(days=1)), "days: 2\n"), ("a", said(NOW), "days: 1\n")]
