"""Checkpoints and proofs that stand alone: one form each, whatever is almost it is refused."""

from base64 import b64encode
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trees
from tanba.errors import EvidenceError
from tanba.ledger import merkle
from tanba.ledger.checkpoint import MOST_HASHES, PROOF, Checkpoint, Proof, Signed, hash_lines
from tanba.ledger.log import Log
from tanba.ledger.merkle import leaf_hash
from tanba.ledger.note import LOG, WITNESS, Key, Note, Signer

ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
SUM_KEY = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUM_NOTE = """\
go.sum database tree
6476701
mb8QLQIs0Z0yP5Cstq6guj87oXWeC9gEM8oVikmm9Wk=

— sum.golang.org Az3grsLX85Gz+s1SiTbgkuqxgItqFq7gsMUEyVnrsa9LM7Us9S+1xbFIGu95949rj4nPRYfvimWEPWL+o3GeoWwOoAw=
"""
SIGNER, WITNESSING = Signer("ledger.example/1", LOG, b"l" * 32), Signer("witness.example/1", WITNESS, b"w" * 32)

hashes = st.binary(min_size=32, max_size=32)
origins = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
numbers = st.integers(0, 2**53 - 1)
checkpoints = st.builds(Checkpoint, origins, numbers, hashes)


def signed(checkpoint: Checkpoint, *signers: Signer) -> Signed:
    return Signed(checkpoint, Note(checkpoint.text, tuple(each.line(checkpoint.text, 1_800_000_000) for each in signers or (SIGNER,))))


def test_the_example_of_the_specification() -> None:
    checkpoint = Checkpoint.parse(f"example.com/behind-the-sofa\n20852163\n{ROOT}\n")
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint.root.hex() == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"


def test_a_checkpoint_that_go_publishes() -> None:
    found = Signed.parse(SUM_NOTE)
    assert (found.checkpoint.origin, found.checkpoint.size) == ("go.sum database tree", 6476701)
    assert found.note.signed_by([Key.parse(SUM_KEY)]) == {Key.parse(SUM_KEY): None}
    assert found.by([Key.parse(SUM_KEY)]) == []  # its key bears another name than the ledger


@given(checkpoints)
def test_text_to_value_to_text_is_the_identity(checkpoint: Checkpoint) -> None:
    assert Checkpoint.parse(checkpoint.text) == checkpoint
    assert Checkpoint.parse(checkpoint.text).text == checkpoint.text
    whole = signed(checkpoint, SIGNER, WITNESSING)
    assert Signed.parse(str(whole)) == whole
    assert str(Signed.parse(str(whole))) == str(whole)


BAD = {
    "nothing": "",
    "one line": "ledger\n",
    "two lines": "ledger\n1\n",
    "no newline at the end": f"ledger\n1\n{ROOT}",
    "an empty line at the end": f"ledger\n1\n{ROOT}\n\n",
    "an extension": f"ledger\n1\n{ROOT}\nextension\n",
    "an origin that is empty": f"\n1\n{ROOT}\n",
    "a size that is empty": f"ledger\n\n{ROOT}\n",
    "no size": f"ledger\n{ROOT}\n",
    "words for a size": f"ledger\nbananas\n{ROOT}\n",
    "a size below nothing": f"ledger\n-1\n{ROOT}\n",
    "a sign before the size": f"ledger\n+1\n{ROOT}\n",
    "a nought before the size": f"ledger\n01\n{ROOT}\n",
    "nought twice": f"ledger\n00\n{ROOT}\n",
    "a size too large": f"ledger\n3438945738945739845734895735\n{ROOT}\n",
    "a size that not every reader of JSON keeps": f"ledger\n{2**53}\n{ROOT}\n",
    "a size with a point": f"ledger\n1.0\n{ROOT}\n",
    "a size with a line": f"ledger\n1_0\n{ROOT}\n",
    "hexadecimal": f"ledger\n0x1\n{ROOT}\n",
    "a space after the size": f"ledger\n1 \n{ROOT}\n",
    "Arabic digits": f"ledger\n١\n{ROOT}\n",
    "a root that is not base64": "ledger\n1\nThisIsn'tBase64\n",
    "a root without padding": f"ledger\n1\n{ROOT[:-1]}\n",
    "bits left over in the root": f"ledger\n1\n{ROOT[:-2]}J=\n",
    "a root too short": f"ledger\n1\n{b64encode(b'r' * 31).decode()}\n",
    "a root too long": f"ledger\n1\n{b64encode(b'r' * 33).decode()}\n",
    "an empty root": "ledger\n1\n\n",
    "a space after the root": f"ledger\n1\n{ROOT} \n",
    "carriage returns": f"ledger\r\n1\r\n{ROOT}\r\n",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD.keys())
def test_almost_a_checkpoint(text: str) -> None:
    with pytest.raises(EvidenceError, match="is not a checkpoint"):
        Checkpoint.parse(text)
    with pytest.raises(EvidenceError, match=r"is not a (checkpoint|signed note)"):
        Signed.parse(f"{text}\n{SIGNER.line(text)}")


@given(st.text(max_size=40) | st.sampled_from(list(BAD.values())), st.integers(0, 90))
def test_noise_is_refused_or_read_as_it_is(noise: str, at: int) -> None:
    text = f"ledger\n1\n{ROOT}\n"
    for written in (noise, text[:at] + noise + text[at:]):
        try:
            found = Checkpoint.parse(written)
        except EvidenceError:
            continue
        assert found.text == written


def test_whose_signature_counts() -> None:
    """Of the keys that bear the ledger's name those that signed; a witness, however it is called, does not speak for the ledger."""
    checkpoint = Checkpoint("ledger.example/1", 7, b"r" * 32)
    older, stranger = Signer("ledger.example/1", LOG, b"o" * 32), Signer("ledger.example/2", LOG, b"s" * 32)
    for signers, keys, wanted in (
        ([SIGNER], [SIGNER, older], [SIGNER]),
        ([SIGNER, older], [older], [older]),
        ([older, SIGNER, WITNESSING], [SIGNER, older, WITNESSING, stranger], [older, SIGNER]),
        ([stranger, WITNESSING], [SIGNER, stranger, WITNESSING], []),
        ([SIGNER], [], []),
    ):
        found = signed(checkpoint, *signers).by([each.key for each in keys])
        assert found == [each.key for each in wanted]
    forged = Signed(checkpoint, Note(checkpoint.text, (SIGNER.line("other\n"),)))
    with pytest.raises(EvidenceError, match="does not fit"):
        forged.by([SIGNER.key])
    assert forged.by([older.key]) == []


proofs = st.builds(Proof, numbers, st.lists(hashes, max_size=MOST_HASHES).map(tuple), checkpoints.map(signed))


@given(proofs)
def test_proof_to_text_to_proof_is_the_identity(proof: Proof) -> None:
    assert Proof.parse(str(proof)) == proof
    assert str(Proof.parse(str(proof))) == str(proof)


H1, H2 = (b64encode(bytes([number]) * 32).decode() for number in (1, 2))
NOTE = str(signed(Checkpoint("ledger.example/1", 7, b"r" * 32)))
GOOD = f"{PROOF}\nindex 5\n{H1}\n{H2}\n\n{NOTE}"


def test_a_proof_line_by_line() -> None:
    proof = Proof.parse(GOOD)
    assert (PROOF, proof.index, proof.hashes) == ("c2sp.org/tlog-proof@v1", 5, (b"\x01" * 32, b"\x02" * 32))
    assert str(proof.signed) == NOTE
    assert hash_lines(proof.hashes) == f"{H1}\n{H2}\n"
    alone = Proof.parse(f"{PROOF}\nindex 0\n\n{NOTE}")
    assert (alone.index, alone.hashes) == (0, ())


BAD_PROOFS = {
    "nothing": "",
    "another head": GOOD.replace("@v1", "@v2"),
    "no head": GOOD.removeprefix(f"{PROOF}\n"),
    "only a head": f"{PROOF}\n",
    "a space before": f" {GOOD}",
    "no index": f"{PROOF}\n\n{NOTE}",
    "no index but hashes": f"{PROOF}\n{H1}\n\n{NOTE}",
    "words for an index": GOOD.replace("index 5", "index five"),
    "an index below nothing": GOOD.replace("index 5", "index -5"),
    "a nought before the index": GOOD.replace("index 5", "index 05"),
    "an index too large": GOOD.replace("index 5", "index 99999999999999999"),
    "two spaces": GOOD.replace("index 5", "index  5"),
    "an index alone": GOOD.replace("index 5", "5"),
    "the index twice": GOOD.replace("index 5", "index 5\nindex 5"),
    "extra data": GOOD.replace("index 5", "extra YQ==\nindex 5"),
    "extra data after": GOOD.replace("index 5", "index 5\nextra YQ=="),
    "a hash that is not base64": GOOD.replace(H1, "!!notbase64!!"),
    "a hash too short": GOOD.replace(H1, b64encode(b"x" * 31).decode()),
    "a hash too long": GOOD.replace(H1, b64encode(b"x" * 64).decode()),
    "a hash without padding": GOOD.replace(H1, H1[:-1]),
    "a space after a hash": GOOD.replace(H1, f"{H1} "),
    "too many hashes": GOOD.replace(H1, "\n".join([H1] * MOST_HASHES)),
    "an empty line between": GOOD.replace(H2, f"\n{H2}"),
    "no empty line": GOOD.replace(f"{H2}\n\n", f"{H2}\n"),
    "two empty lines": GOOD.replace(f"{H2}\n\n", f"{H2}\n\n\n"),
    "no checkpoint": GOOD.removesuffix(NOTE),
    "half a checkpoint": GOOD[: GOOD.index("— ")],
    "no newline at the end": GOOD[:-1],
    "more after it": f"{GOOD}\n",
    "carriage returns": GOOD.replace("\n", "\r\n"),
    "half a character": GOOD.replace("ledger.example", "ledger\ud800example"),
}


@pytest.mark.parametrize("written", BAD_PROOFS.values(), ids=BAD_PROOFS.keys())
def test_almost_a_proof(written: str) -> None:
    assert written != GOOD
    with pytest.raises(EvidenceError):
        Proof.parse(written)


@given(st.integers(0, len(GOOD)), st.integers(0, 5), st.text(max_size=5))
def test_a_changed_proof_is_refused_or_read_as_it_is(at: int, cut: int, other: str) -> None:
    written = GOOD[:at] + other + GOOD[at + cut :]
    try:
        proof = Proof.parse(written)
        by = proof.signed.by([SIGNER.key])
    except EvidenceError:
        return
    assert str(proof) == written
    assert not by or proof.signed.checkpoint.text == NOTE[: NOTE.index("\n\n") + 1]


def test_a_proof_of_a_ledger_stands_alone(tmp_path: Path) -> None:
    """Written out, read by somebody else who has the entry and the key, and verified."""
    store = trees.Place("sqlite", str(tmp_path / "ledger")).open()
    log = Log(store, SIGNER)
    log.append_many([(trees.event(number), None) for number in range(300)])
    for position in (0, 1, 255, 256, 299):
        proof, entry = Proof.parse(str(log.prove(position))), log.entry(position)
        assert proof.signed.by([SIGNER.key]) == [SIGNER.key]
        checkpoint = proof.signed.checkpoint
        merkle.verify_inclusion(leaf_hash(entry), proof.index, checkpoint.size, proof.hashes, checkpoint.root)
    store.close()
