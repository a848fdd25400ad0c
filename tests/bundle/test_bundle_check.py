"""`tanba bundle check` against the stand-alone checkers: the same table of cases, the same hostile files, the same words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tanba.bundle.check import Report, check
from tanba.errors import EvidenceError, InputError
from tanba.ledger.checkpoint import Signed
from tanba.ledger.policy import parse
from tanba.ledger.timestamp import read_roots
from tanba.seal import Receipt, Trust, measure, verify
from verify.both import Given
from verify.cases import Case, cases, scene
from verify.test_verify_hostile import hostile

BUNDLES = [case for case in cases() if case.data[:2] == b"PK"]
ASCII_KEYS_ONLY = "receipt, keys in the order of UTF-16"  # sealed JSON of the product has ASCII keys: to it this is no receipt
RECEIPTS = [case for case in cases() if case.data[:2] != b"PK" and case.name != ASCII_KEYS_ONLY and not case.given.known]


def trust_of(given: Given, folder: Path) -> Trust:
    roots = folder / "roots.pem"
    roots.write_bytes(given.tsa or b"")
    policy = parse(given.policy.decode()) if given.policy else Trust().policy
    return Trust(policy, read_roots(roots) if given.tsa else ())


def run(data: bytes, given: Given, folder: Path) -> Report:
    path = folder / "bundle.zip"
    path.write_bytes(data)
    trust = trust_of(given, folder)
    kept = [Signed.parse(note.decode()) for note in given.known]
    for each in kept:
        each.by(trust.policy.logs)
    return check(path, trust, [each.checkpoint for each in kept])


def words(results: object) -> Iterator[set[str]]:
    for result in results:  # type: ignore[attr-defined]
        yield set(result.words)


@pytest.mark.parametrize("case", BUNDLES, ids=lambda case: case.name)
def test_the_table_of_bundles(case: Case, tmp_path: Path) -> None:
    if case.exit == 2:
        with pytest.raises((InputError, EvidenceError)):
            run(case.data, case.given, tmp_path)
        return
    report = run(case.data, case.given, tmp_path)
    assert list(words(report.artifacts)) == [set(each) for each in case.artifacts]
    about = {word for result in report.bundle for word in result.words} - {"verified"}
    graver = about & {"altered", "missing"} or about  # where something is wrong, the stand-alone checkers say nothing of the rest
    assert graver == set(case.bundle or ()) - {"verified"}, report.bundle
    assert report.exit_code(case.given.accept) == case.exit


@pytest.mark.parametrize("case", RECEIPTS, ids=lambda case: case.name)
def test_the_table_of_receipts(case: Case, tmp_path: Path) -> None:
    content = None if case.given.content is None else measure(case.given.content)
    trust = trust_of(case.given, tmp_path)
    if case.exit == 2:
        with pytest.raises(InputError):
            Receipt.parse(case.data)
    elif case.exit == 1:
        with pytest.raises(EvidenceError):
            verify(Receipt.parse(case.data), trust, content)
    else:
        assert set(verify(Receipt.parse(case.data), trust, content).words) == set(case.artifacts[0])


@pytest.mark.parametrize("name", hostile())
def test_hostile_files_are_refused(name: str, tmp_path: Path) -> None:
    data = hostile()[name]
    for given in (scene().given, Given()):
        if name.startswith("claimed policy") and given.policy:
            continue
        with pytest.raises(InputError):
            run(data, given, tmp_path) if data[:2] == b"PK" or name not in receipts_alone() else Receipt.parse(data)


def receipts_alone() -> set[str]:
    return {name for name, data in hostile().items() if data[:1] == b"{"}
