"""Check a bundle: every file, receipt, proof and signature, in the reader's trust. Lists all it found (spec/bundle.md)."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tanba.bundle.container import Container
from tanba.bundle.make import SCHEMA
from tanba.digest import canonical_json
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, EvidenceError, InputError
from tanba.ledger.checkpoint import Checkpoint, Signed
from tanba.ledger.entry import Entry
from tanba.ledger.merkle import verify_consistency
from tanba.ledger.note import Key, decode
from tanba.seal import Receipt, Trust, Verdict, signed_by_trusted, verify

WORST = ("altered", "missing")
KEYS = {"artifacts", "checkpoint", "consistency", "made", "obligations", "organisation", "rotations", "schema", "system"}


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

    results: Sequence[Result]
    signed: Signed
    index: Mapping[str, Any]
    unchecked: Sequence[Checkpoint] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that occurs, the worst first."""
        found = {word for result in self.results for word in result.words}
        order = (*WORST, "unattributed", "unwitnessed", "untimed", "erased", "verified")
        return tuple(word for word in order if word in found)

    def exit_code(self, accepted: Sequence[str] = ()) -> int:
        """As spec/bundle.md says."""
        words = set(self.words) - set(accepted)
        if words & set(WORST):
            return FINDING
        return COULD_NOT_CHECK if words - {"verified", "erased"} or self.unchecked else FINE


def check(path: Path, trust: Trust, known: Sequence[Checkpoint] = ()) -> Report:
    """Check a bundle. Raises InputError where the file is not of the form."""
    with Container(path) as bundle:
        index = _index(bundle)
        signed = _newest(bundle, index)
        trust = replace(trust, newer=_newer(index, trust))
        line = _Line(index, signed.checkpoint)
        results = [Result(name, (word,)) for name, word in sorted(bundle.faults().items())]
        results += [_ledger(signed, trust), *_kept(line, known)]
        results += [_artifact(bundle, row, index, trust, line) for row in index["artifacts"]]
    unchecked = [each for each in known if each.origin == signed.checkpoint.origin and not line.proves(each)]
    return Report(results, signed, index, unchecked)


class _Line:
    """The one history of the ledger that the bundle tells: every checkpoint used must lie on it."""

    def __init__(self, index: Mapping[str, Any], newest: Checkpoint) -> None:
        self.newest = newest
        self.proofs = {each["size"]: [decode(text) or b"" for text in each["hashes"]] for each in index["consistency"]}

    def proves(self, other: Checkpoint) -> bool:
        """Whether there is something to check with."""
        return other.size >= self.newest.size or other.size == 0 or other.size in self.proofs

    def hold(self, other: Checkpoint) -> None:
        """Raises EvidenceError unless the newest checkpoint continues `other`."""
        if other.origin != self.newest.origin:
            raise EvidenceError("the checkpoint is of another ledger, {origin}", origin=other.origin)
        if other.size:
            verify_consistency(other.size, self.newest.size, self.proofs.get(other.size, []), other.root, self.newest.root)


def _artifact(bundle: Container, row: Mapping[str, Any], index: Mapping[str, Any], trust: Trust, line: _Line) -> Result:
    subject = row["file"] or row["receipt"]
    try:
        receipt = Receipt.parse(bundle.read(row["receipt"]))
        content = bundle.read(row["file"]) if row["file"] else None
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
    fits &= not organisation or not entry.organisation or organisation.get("bin") == entry.organisation
    fits &= not system or not entry.system or system.get("slug") == entry.system
    if not fits:
        raise EvidenceError("the index says something else than the sealed entry")


def _ledger(signed: Signed, trust: Trust) -> Result:
    try:
        words = ("verified",) if signed_by_trusted(signed, trust) else ("unattributed",)
    except EvidenceError as error:
        return Result(signed.checkpoint.origin, (error.word,), error)
    return Result(signed.checkpoint.origin, words)


def _kept(line: _Line, known: Sequence[Checkpoint]) -> Iterator[Result]:
    for each in known:
        if line.proves(each):
            try:
                line.hold(each)
                yield Result(f"{each.origin} {each.size}", ("verified",))
            except EvidenceError as error:
                yield Result(f"{each.origin} {each.size}", (error.word,), error)


def _newer(index: Mapping[str, Any], trust: Trust) -> dict[Key, int]:
    """Keys that trusted keys handed over to, oldest first."""
    found: dict[Key, int] = {}
    for change in index["rotations"]:
        try:
            receipt = Receipt.from_json(change["receipt"])
            keys = json.loads(change["artifact"])
            old, new = Key.parse(keys["old"]), Key.parse(keys["new"])
            verify(receipt, trust, change["artifact"].encode())
            position = receipt.proof.index
            if Entry.parse(receipt.entry).kind == "ledger.key" and _handed_over(receipt, old, found, trust):
                found[new] = position
        except (EvidenceError, InputError, ValueError, TypeError, KeyError):
            continue
    return found


def _handed_over(receipt: Receipt, old: Key, found: Mapping[Key, int], trust: Trust) -> bool:
    signed = receipt.proof.signed
    known = old in trust.policy.logs or (old in found and signed.checkpoint.size > found[old])
    return known and bool(signed.by([old]))


def _newest(bundle: Container, index: Mapping[str, Any]) -> Signed:
    try:
        return Signed.parse(index["checkpoint"])
    except EvidenceError:
        raise _refused(bundle, "checkpoint") from None


def _index(bundle: Container) -> dict[str, Any]:
    """The index, its form checked. Raises InputError."""
    if "index.json" not in bundle:
        raise _refused(bundle, "index.json")
    written = bundle.read("index.json")
    try:
        index = json.loads(written)
        if canonical_json(index) != written:
            raise ValueError
        _check_shape(index)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refused(bundle, "index.json") from None
    return dict(index)


def _check_shape(index: Any) -> None:
    """Raises ValueError, TypeError, KeyError or AttributeError on another form than spec/bundle.md gives."""
    fits = index.keys() == KEYS and index["schema"] == SCHEMA and isinstance(index["checkpoint"], str) and isinstance(index["made"], str)
    for row in index["artifacts"]:
        fits &= row.keys() == {"description", "file", "kind", "receipt"}
        fits &= all(isinstance(row[key], str) for key in ("description", "kind", "receipt")) and isinstance(row["file"], str | None)
    for each in index["consistency"]:
        fits &= (
            each.keys() == {"hashes", "size"}
            and type(each["size"]) is int
            and all(len(decode(text) or b"") == 32 for text in each["hashes"])
        )
    for each in index["obligations"]:
        fits &= each.keys() == {"artifacts", "provision", "status"} and each["status"] in ("open", "evidenced", "met")
        fits &= set(each["artifacts"]) <= {row["file"] for row in index["artifacts"]}
    for each in index["rotations"]:
        fits &= each.keys() == {"artifact", "receipt"}
    for key in ("organisation", "system"):
        fits &= index[key] is None or all(isinstance(value, str) for value in index[key].values())
    if not fits:
        raise ValueError


def _refused(bundle: Container, problem: str) -> InputError:
    return InputError("is not a bundle: {problem}", "Ask for the file again, and compare its digest.", bundle.path, problem=problem)
