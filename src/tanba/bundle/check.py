"""Check a bundle: every file, receipt, proof and signature, in the reader's trust. Lists all it found (spec/bundle.md)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tanba.bundle.container import Container
from tanba.bundle.index import read_index
from tanba.digest import canonical_json
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, EvidenceError, InputError, MissingEvidenceError
from tanba.ledger.checkpoint import Checkpoint, Signed
from tanba.ledger.entry import Entry
from tanba.ledger.merkle import verify_consistency
from tanba.ledger.note import Key, decode
from tanba.ledger.policy import parse as parse_policy
from tanba.seal import KEY_KIND, KEY_SCHEMA, Receipt, Trust, Verdict, measure, signed_by_trusted, verify

WORST = ("altered", "missing")
ORDER = (*WORST, "unattributed", "unwitnessed", "untimed", "erased", "verified")
OURS = ("index.json", "index.html", "trust/policy.txt", "trust/tsa.pem")
"""Files of the payload that are no artifact and no receipt."""


@dataclass(frozen=True, slots=True)
class Result:
    """One line: what it is about, the words for it, why, and the entry where there is one."""

    subject: str
    words: tuple[str, ...]
    reason: EvidenceError | None = None
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one bundle. `unchecked` are checkpoints of the reader's for which it holds no proof."""

    bundle: Sequence[Result]
    artifacts: Sequence[Result]
    signed: Signed
    unchecked: Sequence[Checkpoint] = ()

    @property
    def results(self) -> list[Result]:
        """All of them."""
        return [*self.bundle, *self.artifacts]

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that occurs, the worst first."""
        found = {word for result in self.results for word in result.words}
        return tuple(word for word in ORDER if word in found)

    def exit_code(self, accepted: Sequence[str] = ()) -> int:
        """As spec/bundle.md says."""
        words = set(self.words) - set(accepted)
        if words & set(WORST):
            return FINDING
        return COULD_NOT_CHECK if words - {"verified", "erased"} or self.unchecked else FINE


def check(path: Path, trust: Trust, known: Sequence[Checkpoint] = ()) -> Report:
    """Check a bundle. Raises InputError where the file is not of the form."""
    with Container(path) as bundle:
        index, newest, receipts, rotations = read_index(bundle)
        trust = trust if trust.policy.logs else replace(trust, claimed=_claimed(bundle))
        line = _Line(index, newest.checkpoint)
        newer, broken = _follow_keys(index, rotations, trust, line)
        trust = replace(trust, newer=newer)
        about = [Result(name, (word,)) for name, word in sorted(bundle.faults().items())]
        about += [*_unproved(bundle, index), *_claims(index), *broken, _ledger(newest, trust), *_kept(line, known)]
        artifacts = [_artifact(bundle, row, receipts[row["receipt"]], index, trust, line) for row in index["artifacts"]]
    return Report(about, artifacts, newest, [each for each in known if not line.proves(each)])


class _Line:
    """The one history of the ledger that the bundle tells: every checkpoint used must lie on it."""

    def __init__(self, index: Mapping[str, Any], newest: Checkpoint) -> None:
        self.newest = newest
        self.proofs = {each["size"]: [decode(text) or b"" for text in each["hashes"]] for each in index["consistency"]}

    def proves(self, other: Checkpoint) -> bool:
        """Whether there is something to check with."""
        known = other.size >= self.newest.size or other.size in self.proofs
        return other.origin == self.newest.origin and other.size > 0 and known

    def hold(self, other: Checkpoint) -> None:
        """Raises EvidenceError unless the newest checkpoint continues `other`."""
        if other.origin != self.newest.origin:
            raise EvidenceError("the checkpoint is of another ledger, {origin}", origin=other.origin)
        if not self.proves(other):
            raise MissingEvidenceError("the bundle has no proof from {size} entries to its newest checkpoint", size=other.size)
        verify_consistency(other.size, self.newest.size, self.proofs.get(other.size, []), other.root, self.newest.root)


def _artifact(
    bundle: Container, row: Mapping[str, Any], receipt: Receipt | EvidenceError, index: Mapping[str, Any], trust: Trust, line: _Line
) -> Result:
    subject = row["file"] or row["receipt"]
    try:
        if isinstance(receipt, EvidenceError):
            raise receipt
        content = bundle.measured(row["file"]) if row["file"] else None
        verdict = verify(receipt, trust, content)
        _same(row, index, verdict.entry)
        line.hold(verdict.signed.checkpoint)
    except EvidenceError as error:
        return Result(subject, (error.word,), error)
    erased = ("erased",) if content is None and "erased" not in verdict.words else ()
    return Result(subject, (*verdict.words, *erased), None, verdict)


def _same(row: Mapping[str, Any], index: Mapping[str, Any], entry: Entry) -> None:
    organisation, system = index["organisation"], index["system"]
    fits = row["kind"] == entry.kind
    fits &= organisation is None or organisation.get("bin") == entry.organisation
    fits &= system is None or system.get("slug") == entry.system
    if not fits:
        raise EvidenceError("the index says something else than the sealed entry")


def _unproved(bundle: Container, index: Mapping[str, Any]) -> Iterator[Result]:
    """Files beside those that a receipt stands for."""
    listed = {name for row in index["artifacts"] for name in (row["file"], row["receipt"])}
    for name in bundle.payload():
        if name not in listed and name not in OURS:
            yield Result(name, ("altered",), EvidenceError("no receipt stands for this file"))


def _claims(index: Mapping[str, Any]) -> Iterator[Result]:
    listed = {row["file"] for row in index["artifacts"]}
    for name in {name for claim in index["obligations"] for name in claim["artifacts"]}:
        if name not in listed:
            yield Result(name, ("missing",), MissingEvidenceError("{name} is not in the bundle", name=name))


def _ledger(newest: Signed, trust: Trust) -> Result:
    try:
        return Result(newest.checkpoint.origin, ("verified",) if signed_by_trusted(newest, trust) else ("unattributed",))
    except EvidenceError as error:
        return Result(newest.checkpoint.origin, (error.word,), error)


def _kept(line: _Line, known: Sequence[Checkpoint]) -> Iterator[Result]:
    for each in filter(line.proves, known):
        try:
            line.hold(each)
            yield Result(f"{each.origin} {each.size}", ("verified",))
        except EvidenceError as error:
            yield Result(f"{each.origin} {each.size}", (error.word,), error)


def _follow_keys(
    index: Mapping[str, Any], rotations: Sequence[Receipt | EvidenceError], trust: Trust, line: _Line
) -> tuple[dict[Key, int], list[Result]]:
    """({key that a trusted one handed over to: position of the entry}, what is wrong with the changes), oldest first."""
    found: dict[Key, int] = {}
    wrong = []
    for number, (change, receipt) in enumerate(zip(index["rotations"], rotations, strict=True)):
        try:
            if isinstance(receipt, EvidenceError):
                raise receipt
            old, new = _keys_of(change["artifact"])
            _check_change(change["artifact"], receipt, old, new)
            line.hold(receipt.proof.signed.checkpoint)
            size = receipt.proof.signed.checkpoint.size
            known = old in trust.policy.logs or (old in found and size > found[old])
            if known and receipt.proof.signed.by([old]):
                found[new] = receipt.proof.index
        except EvidenceError as error:
            wrong.append(Result(f"rotations/{number}", (error.word,), error))
    return found, wrong


def _check_change(artifact: str, receipt: Receipt, old: Key, new: Key) -> None:
    """Raises EvidenceError unless the receipt is of this change, in the ledger whose name both keys bear."""
    verdict = verify(receipt, Trust(), measure(artifact.encode()))
    of_key = (verdict.entry.kind, verdict.entry.artifact_schema) == (KEY_KIND, KEY_SCHEMA)
    if not of_key or receipt.artifact is None or {old.name, new.name} != {receipt.proof.signed.checkpoint.origin}:
        raise EvidenceError("is not a change of this ledger's key")


def _keys_of(artifact: str) -> tuple[Key, Key]:
    try:
        keys = json.loads(artifact)
        if canonical_json(keys) != artifact.encode() or keys.keys() != {"new", "old", "schema"} or keys["schema"] != KEY_SCHEMA:
            raise ValueError
        return Key.parse(keys["old"]), Key.parse(keys["new"])
    except (InputError, ValueError, TypeError, KeyError, AttributeError):
        raise EvidenceError("is not a change of this ledger's key") from None


def _claimed(bundle: Container) -> list[Key]:
    """Keys of ledgers and witnesses as the maker states them. Raises InputError."""
    if "trust/policy.txt" not in bundle:
        return []
    try:
        policy = parse_policy(bundle.read("trust/policy.txt").decode("utf-8", "replace"))
        return [*policy.logs, *policy.witness_keys]
    except InputError:
        raise bundle.refused("trust/policy.txt") from None
