"""Receipts: only the register makes one, any change is refused, and each refusal says which it is."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import EvidenceError, InputError
from tanba.people import receipt
from tanba.people.receipt import Claims, Signer, read, said, verify

NOW = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)
SIGNER, OTHER = Signer(b"\1" * 32), Signer(b"\2" * 32)
KEYS = (SIGNER.public,)
CLAIMS = Claims(
    *("0198c0de", "shown", "notice", "system-1", "user-1", "text", "kk", "a1b2c3d4e5f6", "0" * 64, "service"),
    *(said(NOW), said(NOW + timedelta(days=180))),
)
TOKEN = SIGNER.sign(CLAIMS)


def test_a_receipt_says_what_was_signed_and_is_written_in_one_way() -> None:
    assert read(TOKEN, KEYS) == CLAIMS
    assert SIGNER.sign(read(TOKEN, KEYS)) == TOKEN
    verify(CLAIMS, NOW, system="system-1", user="user-1", version="a1b2c3d4e5f6")


def test_a_former_key_still_reads_its_receipts() -> None:
    assert read(TOKEN, (OTHER.public, SIGNER.public)) == CLAIMS


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_any_changed_character_is_refused(at: int, letter: str) -> None:
    changed = TOKEN[:at] + letter + TOKEN[at + 1 :]
    if changed != TOKEN:
        with pytest.raises(receipt.ForgedError):
            read(changed, KEYS)


@given(st.integers(0, len(TOKEN) - 1))
def test_a_receipt_cut_short_is_refused(length: int) -> None:
    for cut in (TOKEN[:length], TOKEN[length + 1 :]):
        with pytest.raises(receipt.ForgedError):
            read(cut, KEYS)


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda data: base64.urlsafe_b64encode(data).decode() + ".AAAA"))
def test_anything_else_is_refused_and_never_breaks(token: str) -> None:
    with pytest.raises(receipt.ForgedError):
        read(token, KEYS)


FIELDS = ("id", "system", "user", "channel", "version")


@given(st.sampled_from(FIELDS), st.text("abc-1", min_size=1, max_size=9))
def test_other_claims_under_an_old_signature_are_refused(field: str, value: str) -> None:
    changed = replace(CLAIMS, **{field: value})
    signature = TOKEN.partition(".")[2]
    with pytest.raises(receipt.ForgedError):
        read(f"{base64.urlsafe_b64encode(bytes(changed)).decode().rstrip('=')}.{signature}", KEYS)


@pytest.mark.parametrize(
    "token", [OTHER.sign(CLAIMS), TOKEN + "=", TOKEN.replace(".", "=."), f" {TOKEN}", TOKEN + "\n", "", ".", "x" * 5000]
)
def test_what_another_key_signed_or_another_spelling_is_refused(token: str) -> None:
    with pytest.raises(receipt.ForgedError):
        read(token, KEYS)


@pytest.mark.parametrize(
    ("asked", "now", "word"),
    [
        ({"system": "system-2"}, NOW, "others"),
        ({"user": "user-2"}, NOW, "others"),
        ({}, NOW - timedelta(minutes=3), "early"),
        ({}, NOW + timedelta(days=180), "expired"),
        ({"version": "ffffffffffff"}, NOW, "former"),
    ],
    ids=["of another system", "of another user", "clock in the future", "expired to the second", "of a former text"],
)
def test_a_genuine_receipt_that_does_not_count_is_refused_with_the_word_for_it(asked: dict[str, str], now: datetime, word: str) -> None:
    with pytest.raises(EvidenceError) as refused:
        verify(CLAIMS, now, **{"system": "system-1", "user": "user-1", **asked})
    assert refused.value.word == word


def test_clocks_two_minutes_apart_are_no_reason_to_refuse() -> None:
    verify(CLAIMS, NOW - timedelta(minutes=2), system="system-1", user="user-1")


@pytest.mark.parametrize("user", ["", "a@b.kz", "870101300123", "+77010000000", "x" * 65, "а-кириллица", None, "a b", "<b>"])
def test_a_user_is_a_pseudonym_and_no_number_or_address_of_a_person(user: Any) -> None:
    with pytest.raises(InputError, match="pseudonym"):
        replace(CLAIMS, user=user)


@pytest.mark.parametrize(
    "change", [{"act": "seen"}, {"language": "de"}, {"text": "0"}, {"via": "x"}, {"time": "today"}, {"expires": said(NOW)}]
)
def test_claims_outside_their_form_are_not_made(change: dict[str, str]) -> None:
    with pytest.raises(InputError, match="is not a receipt"):
        replace(CLAIMS, **change)


def test_a_batch_holds_one_commitment_for_each_receipt_and_nothing_of_a_person() -> None:
    content = receipt.batch("b-1", [("0" * 64, TOKEN), ("1" * 64, TOKEN)])
    assert receipt.commitment("0" * 64, TOKEN).encode() in content
    assert b"user-1" not in content
    assert b"system-1" not in content
    assert receipt.commitment("0" * 64, TOKEN) != receipt.commitment("1" * 64, TOKEN)
