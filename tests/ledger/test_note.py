"""Signed notes and keys: examples of C2SP's own texts, then everything that is almost one."""

import hashlib
import json
from base64 import b64decode, b64encode
from contextlib import suppress
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tanba.errors import EvidenceError, InputError
from tanba.ledger.note import LOG, LONGEST, MOST_LINES, WITNESS, Key, Note, Signer, decode, signature_of

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = """\
This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
POEM = """\
Ognuno sta solo sul cuor della terra
trafitto da un raggio di sole:

ed è subito sera.

— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=
"""
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
GO_SIGNED = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
GO_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"

names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"], exclude_characters="+"), min_size=1, max_size=20)
seeds = st.binary(min_size=32, max_size=32)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=60).map(lambda text: text + "\n")
ALICE, BOB = Signer("alice.example/log", LOG, b"a" * 32), Signer("bob.example/witness", WITNESS, b"b" * 32)
TEXT = "alice.example/log\n1\nroot\n"


def note_of(*signers: Signer, text: str = TEXT) -> Note:
    return Note(text, tuple(signer.line(text, 1_800_000_000) for signer in signers))


def test_the_example_of_the_specification() -> None:
    key, note = Key.parse(VKEY), Note.parse(NOTE)
    assert (key.name, key.kind, key.id.hex(), key.text) == ("example.com/foo", LOG, "530d903a", VKEY)
    assert note.text == "This is an example message.\n"
    assert note.signed_by([key]) == {key: None}
    assert str(note) == NOTE


def test_a_text_may_have_empty_lines() -> None:
    note = Note.parse(POEM)
    assert note.text.endswith("sole:\n\ned è subito sera.\n")
    assert (str(note), note.signed_by([Key.parse(VKEY)])) == (POEM, {})
    assert [each[:2] for each in map(signature_of, note.lines)] == [("quasimodo.example/salvatore", bytes.fromhex("367ba04b"))]


def test_what_go_signs_is_what_we_sign() -> None:
    """Key, secret and signature are those of golang.org/x/mod."""
    signer = Signer.parse(GO_SECRET)
    assert (signer.key.text, signer.text) == (GO_KEY, GO_SECRET)
    assert signer.line(GO_TEXT) == f"— PeterNeumann {GO_SIGNED}\n"
    assert Note(GO_TEXT, (signer.line(GO_TEXT),)).signed_by([Key.parse(GO_KEY)]) == {signer.key: None}


def test_a_cosignature_is_what_c2sp_says() -> None:
    """The message, the key's id and the time, put together by hand."""
    line = BOB.line(TEXT, 1_679_315_147)
    name, id_, signature = signature_of(line)
    public = BOB.key.public
    assert (name, id_) == (BOB.key.name, hashlib.sha256(b"bob.example/witness\n\x04" + public).digest()[:4])
    assert signature[:8] == (1_679_315_147).to_bytes(8, "big")
    assert len(signature) == 72
    by_hand = Signer("anything", LOG, b"b" * 32).line(f"cosignature/v1\ntime 1679315147\n{TEXT}")
    assert signature_of(by_hand)[2] == signature[8:]
    assert note_of(ALICE, BOB).signed_by([ALICE.key, BOB.key]) == {ALICE.key: None, BOB.key: 1_800_000_000}


@given(names, st.sampled_from([LOG, WITNESS]), seeds, texts, st.integers(0, 2**63 - 1))
def test_text_to_value_to_text_is_the_identity(name: str, kind: int, seed: bytes, text: str, moment: int) -> None:
    signer = Signer(name, kind, seed)
    assert Key.parse(signer.key.text) == signer.key
    assert Key.parse(signer.key.text).text == signer.key.text
    assert Signer.parse(signer.text + "\n").text == signer.text
    note = Note(text, (signer.line(text, moment),))
    assert Note.parse(str(note)) == note
    assert note.signed_by([signer.key]) == {signer.key: moment if kind == WITNESS else None}
    with pytest.raises(EvidenceError, match="does not fit"):
        Note(text + "\n", note.lines).signed_by([signer.key])


def test_no_part_of_a_key_is_a_key() -> None:
    for parse, whole in ((Key.parse, VKEY), (Signer.parse, GO_SECRET), (Key.parse, BOB.key.text)):
        for start, stop in combinations(range(len(whole) + 1), 2):
            if stop - start < len(whole):
                with pytest.raises(InputError):
                    parse(whole[start:stop])
        for at, letter in enumerate(whole):
            for other in {chr(ord(letter) + 1), chr(ord(letter) ^ 1), letter.swapcase(), "+", ""} - {letter}:
                with pytest.raises(InputError):
                    parse(whole[:at] + other + whole[at + 1 :])


def vkey(name: str, material: bytes) -> str:
    """With the id that belongs to it: only the name or the material is wrong."""
    id_ = hashlib.sha256(name.encode("utf-8", "surrogatepass") + b"\n" + material).hexdigest()[:8]
    return f"{name}+{id_}+{b64encode(material).decode()}"


def line_of(name: str, content: bytes) -> str:
    return f"— {name} {b64encode(content).decode()}\n"


@pytest.mark.parametrize("name", ["", "a b", "a\tb", "a\nb", "a\u00a0b", "a\u2028b", "a\u3000", "a\x00", "a\x1f", "n" * 201, "\ud800"])
def test_names_that_no_line_could_carry(name: str) -> None:
    with pytest.raises(InputError, match="is not a key"):
        Key.parse(vkey(name, b"\x01" + b"k" * 32))
    secret = Signer(name.replace("\ud800", ""), LOG, b"s" * 32).text.replace("+KEY+", "+KEY+\ud800" if "\ud800" in name else "+KEY+")
    with pytest.raises(InputError, match="is not a private key"):
        Signer.parse(secret)


@pytest.mark.parametrize("material", [b"", b"\x01", b"\x01" + b"k" * 31, b"\x01" + b"k" * 33, b"\x02" + b"k" * 32, b"\x06" + b"k" * 1312])
def test_keys_of_other_kinds_and_lengths(material: bytes) -> None:
    with pytest.raises(InputError, match="is not a key"):
        Key.parse(vkey("example.com/foo", material))
    assert Key.parse(vkey("example.com/foo", b"\x01" + b"k" * 32)).public == b"k" * 32


def test_a_secret_is_not_repeated() -> None:
    for wrong in (GO_SECRET[:-1], GO_SECRET.replace("c74f", "c74e"), GO_SECRET.replace("PRIVATE", "private")):
        with pytest.raises(InputError) as caught:
            Signer.parse(wrong)
        assert GO_SECRET[40:60] not in str(caught.value) + caught.value.hint
    assert GO_SECRET[40:60] not in repr(Signer.parse(GO_SECRET))


LINE = NOTE.splitlines(keepends=True)[2]
SIGNED = LINE.split()[2]
BAD = {
    "nothing": "",
    "only a text": "text\n",
    "no signature": "text\n\n",
    "no text": LINE,
    "no empty line": f"text\n{LINE}",
    "no newline at the end of the text": f"text\n{LINE}",
    "no newline at the end": f"text\n\n{LINE[:-1]}",
    "an empty line at the end": f"text\n\n{LINE}\n",
    "a line too many": f"text\n\n{LINE}unexpected\n",
    "a line too many before": f"text\n\nunexpected\n{LINE}",
    "carriage returns": f"text\n\n{LINE}".replace("\n", "\r\n"),
    "a control character in the text": f"te\x01xt\n\n{LINE}",
    "a tab in the text": f"te\txt\n\n{LINE}",
    "half a character": f"te\ud800xt\n\n{LINE}",
    "a control character in the name": f"text\n\n— exa\x01mple {SIGNED}\n",
    "half a character in the name": f"text\n\n— exa\ud800mple {SIGNED}\n",
    "a name with a space": f"text\n\n— Bad Name {SIGNED}\n",
    "a name with a wide space": f"text\n\n— Bad\u3000Name {SIGNED}\n",
    "a name with a line separator": f"text\n\n— Bad\u2028Name {SIGNED}\n",
    "a name with a plus": f"text\n\n— Bad+Name {SIGNED}\n",
    "no name": f"text\n\n—  {SIGNED}\n",
    "a hyphen for a dash": f"text\n\n- example.com/foo {SIGNED}\n",
    "an en dash": f"text\n\n\u2013 example.com/foo {SIGNED}\n",
    "no space after the dash": f"text\n\n—example.com/foo {SIGNED}\n",
    "two spaces": f"text\n\n— example.com/foo  {SIGNED}\n",
    "a space at the end": f"text\n\n— example.com/foo {SIGNED} \n",
    "three words": f"text\n\n— example.com/foo {SIGNED} {SIGNED}\n",
    "not base64": "text\n\n— example.com/foo !!!!\n",
    "base64 of URLs": "text\n\n— example.com/foo ________\n",
    "no padding": f"text\n\n— example.com/foo {SIGNED[:-1]}\n",
    "bits left over": f"text\n\n— example.com/foo {SIGNED[:-2]}N=\n",
    "only a key's id": "text\n\n" + line_of("example.com/foo", b"1234"),
    "less than a key's id": "text\n\n" + line_of("example.com/foo", b"123"),
    "no signature in a line": "text\n\n— example.com/foo \n",
    "too many lines": f"text\n\n{LINE * (MOST_LINES + 1)}",
    "too long": f"{'x' * LONGEST}\n\n{LINE}",
    "too long in bytes": f"{'ә' * (LONGEST // 2)}\n\n{LINE}",
}  # fmt: skip


@pytest.mark.parametrize("written", BAD.values(), ids=BAD.keys())
def test_almost_a_note(written: str) -> None:
    with pytest.raises(EvidenceError, match="is not a signed note"):
        Note.parse(written)


def test_as_much_as_a_note_may_hold() -> None:
    assert len(Note.parse(f"text\n\n{LINE * MOST_LINES}").lines) == MOST_LINES
    room = LONGEST - len(f"\n\n{LINE}".encode())
    assert len(str(Note.parse(f"{'x' * room}\n\n{LINE}")).encode()) == LONGEST


def test_a_note_cut_anywhere_is_none() -> None:
    """Or is not signed any more: a text may have been cut at an empty line."""
    key = Key.parse(VKEY)
    for stop in range(len(NOTE)):
        with pytest.raises(EvidenceError):
            Note.parse(NOTE[:stop])
    for start in range(1, NOTE.index("\n\n")):
        with pytest.raises(EvidenceError, match="does not fit"):
            Note.parse(NOTE[start:]).signed_by([key])


def test_lines_of_unknown_keys_are_passed_over() -> None:
    """Another name, another id, another kind of key over the same bytes: none of them is ours, right or wrong."""
    note = note_of(ALICE, BOB)
    assert note.signed_by([ALICE.key]) == {ALICE.key: None}
    assert note.signed_by([]) == {}
    same_bytes = Signer("bob.example/witness", LOG, b"b" * 32)
    assert note.signed_by([same_bytes.key]) == {}
    wrong = Note(TEXT, (BOB.line(TEXT + "other\n"), ALICE.line(TEXT)))
    assert wrong.signed_by([ALICE.key]) == {ALICE.key: None}
    renamed = Note(TEXT, (ALICE.line(TEXT).replace("alice", "carol"),))
    assert renamed.signed_by([ALICE.key, Signer("carol.example/log", LOG, b"c" * 32).key]) == {}


def test_one_wrong_signature_of_a_known_key_refuses_all() -> None:
    good, wrong = ALICE.line(TEXT), ALICE.line("other\n")
    for lines in ((wrong,), (good, wrong), (wrong, good), (BOB.line(TEXT, 1), wrong)):
        with pytest.raises(EvidenceError, match=r"signature of alice.example/log does not fit"):
            Note(TEXT, lines).signed_by([ALICE.key, BOB.key])


@pytest.mark.parametrize("signer", [ALICE, BOB], ids=["log", "witness"])
def test_no_bit_of_a_signature_may_change(signer: Signer) -> None:
    name, id_, signature = signature_of(signer.line(TEXT, 1_800_000_000))
    for bit in range(len(signature) * 8):
        other = bytearray(signature)
        other[bit // 8] ^= 1 << bit % 8
        with pytest.raises(EvidenceError, match="does not fit"):
            Note(TEXT, (line_of(name, id_ + other),)).signed_by([signer.key])
    for cut in (signature[:-1], signature + b"\0", signature[:8], signature[:1], signature * 2):
        with pytest.raises(EvidenceError, match="does not fit"):
            Note(TEXT, (line_of(name, id_ + cut),)).signed_by([signer.key])


def test_a_public_key_that_is_no_point_signs_nothing() -> None:
    for public in (bytes(32), b"\xff" * 32, b"\x02" + bytes(31)):
        key = Key("alice.example/log", LOG, public)
        with pytest.raises(EvidenceError):
            Note(TEXT, (line_of(key.name, key.id + b"\x01" * 64),)).signed_by([Key.parse(key.text)])


def test_more_lines_but_one_of_each_key() -> None:
    """A witness that is asked again about the same checkpoint does not make the note longer; what it said first stands."""
    note = note_of(ALICE)
    for moment in range(1, 200):
        note = note.with_lines([BOB.line(TEXT, moment), ALICE.line(TEXT)])
    assert note.lines == (ALICE.line(TEXT), BOB.line(TEXT, 1))
    assert Note.parse(str(note)).signed_by([ALICE.key, BOB.key]) == {ALICE.key: None, BOB.key: 1}


@given(st.binary(max_size=12), st.text("ABC+/=ab01 \n-_", max_size=9))
def test_base64_has_one_form(data: bytes, text: str) -> None:
    assert decode(b64encode(data).decode()) == data
    found = decode(text)
    assert found is None or b64encode(found).decode() == text
    assert decode(text + "ә") is None


@given(st.text(max_size=80) | st.sampled_from(list(BAD.values())), st.integers(0, 120))
def test_noise_is_refused_and_never_crashes(noise: str, at: int) -> None:
    for parse in (Note.parse, Key.parse, Signer.parse):
        for written in (noise, NOTE[:at] + noise + NOTE[at:], VKEY[:at] + noise + VKEY[at:]):
            try:
                value = parse(written)
            except (EvidenceError, InputError):
                continue
            if isinstance(value, Note):
                assert str(value) == written
                with suppress(EvidenceError):  # noise within base64 may leave a well-formed note whose signature is wrong
                    value.signed_by([Key.parse(VKEY)])
            assert not isinstance(value, Key) or value.text == written


def test_a_note_may_travel_in_json() -> None:
    note = note_of(ALICE, text="таңба 😀\n")
    assert Note.parse(json.loads(json.dumps(str(note)))).signed_by([ALICE.key]) == {ALICE.key: None}
    assert b64decode(SIGNED)[:4].hex() == "530d903a"
