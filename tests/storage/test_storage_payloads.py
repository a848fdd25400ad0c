"""Sealing: bound to key and subject, of one form, and gone with the key."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import InputError
from tanba.storage import AlteredError
from tanba.storage import payloads as module
from tanba.storage.memory import ErasableMemory
from tanba.storage.payloads import HEAD, NONCE, ErasedError, Payloads, seal, unseal

KEY, SUBJECT = bytes(range(32)), "0199c5f0-7d10-7c45-8f6a-2b7c1d4e5f60"
SEALED = seal(KEY, SUBJECT, b"content")


class Shelf:
    """A payload storage with its parts within reach."""

    def __init__(self) -> None:
        self.stores: dict[str, ErasableMemory] = {}
        self.keys: dict[str, bytes] = {}
        self.payloads = Payloads(lambda subject: self.stores.setdefault(subject, ErasableMemory()), self.keys)


@given(st.binary(max_size=200), st.text("abc-123", min_size=1, max_size=64))
def test_sealing_and_unsealing(content: bytes, subject: str) -> None:
    sealed = seal(KEY, subject, content)
    assert unseal(KEY, subject, sealed) == content
    assert len(sealed) == len(HEAD) + NONCE + len(content) + 16


def test_the_form_as_documented() -> None:
    rest = SEALED.removeprefix(b"tanba.payload/1\n")
    assert AESGCM(KEY).decrypt(rest[:12], rest[12:], b"tanba.payload/1\n" + SUBJECT.encode()) == b"content"


@given(st.integers(0, len(SEALED) * 8 - 1))
def test_no_bit_may_change(bit: int) -> None:
    changed = bytearray(SEALED)
    changed[bit // 8] ^= 1 << bit % 8
    assert unseal(KEY, SUBJECT, bytes(changed)) is None


@pytest.mark.parametrize("length", range(len(SEALED)))
def test_nothing_may_be_cut_off(length: int) -> None:
    assert unseal(KEY, SUBJECT, SEALED[:length]) is None


def test_another_key_or_subject_does_not_open_it() -> None:
    assert unseal(bytes(32), SUBJECT, SEALED) is None
    assert unseal(KEY, SUBJECT[:-1], SEALED) is None


def test_a_payload_laid_under_another_subject_is_altered() -> None:
    shelf = Shelf()
    digest = shelf.payloads.put("a", b"of a")
    shelf.payloads.put("b", b"of b")
    shelf.stores["b"].put(shelf.stores["a"].get(digest))
    shelf.keys["b"] = shelf.keys["a"]
    with pytest.raises(AlteredError, match=digest):
        shelf.payloads.get("b", digest)


def test_each_subject_has_a_key_and_erasing_one_leaves_the_others() -> None:
    shelf = Shelf()
    digests = {subject: shelf.payloads.put(subject, b"x") for subject in "abc"}
    assert len(set(shelf.keys.values())) == 3
    assert {len(key) for key in shelf.keys.values()} == {32}
    shelf.payloads.erase("b")
    assert shelf.payloads.get("a", digests["a"]) == shelf.payloads.get("c", digests["c"]) == b"x"
    assert not list(shelf.stores["b"].list())


def test_without_the_key_an_old_copy_is_noise() -> None:
    shelf = Shelf()
    digest = shelf.payloads.put("a", b"Aigerim")
    backup = shelf.stores["a"].get(digest)
    shelf.payloads.erase("a")
    shelf.stores["a"].put(backup)
    with pytest.raises(ErasedError):
        shelf.payloads.get("a", digest)
    shelf.payloads.put("a", b"comes back later")
    with pytest.raises(AlteredError):
        shelf.payloads.get("a", digest)


def test_an_interrupted_erasure_has_dropped_the_key_and_can_be_finished() -> None:
    class Failing(ErasableMemory):
        def delete(self, digest: str) -> None:
            raise OSError

    shelf = Shelf()
    shelf.stores["a"] = Failing()
    digest = shelf.payloads.put("a", b"x")
    with pytest.raises(OSError):  # noqa: PT011
        shelf.payloads.erase("a")
    with pytest.raises(ErasedError):
        shelf.payloads.get("a", digest)
    whole = ErasableMemory()
    whole.objects = shelf.stores["a"].objects
    shelf.stores["a"] = whole
    shelf.payloads.erase("a")
    assert not whole.objects


@pytest.mark.parametrize("subject", ["", "..", "a/b", "a.b", "a@b.kz", "a" * 65, "Әсел", "a\n", "a\0"])
def test_a_subject_is_a_plain_name(subject: str) -> None:
    shelf = Shelf()
    for attempt in (
        lambda: shelf.payloads.put(subject, b""),
        lambda: shelf.payloads.get(subject, "0" * 64),
        lambda: shelf.payloads.delete(subject, "0" * 64),
        lambda: shelf.payloads.erase(subject),
    ):
        with pytest.raises(InputError, match="cannot name"):
            attempt()
    assert not shelf.stores
    assert not shelf.keys


def test_a_payload_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 3)
    shelf = Shelf()
    shelf.payloads.put("a", b"123")
    with pytest.raises(InputError, match="is larger than 3 bytes"):
        shelf.payloads.put("a", b"1234")
