"""What the verbs of evidence share: the ledger of the workspace, the reader's trust, and how verdicts are shown."""

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tanba.errors import EvidenceError, InputError
from tanba.files import read_upto
from tanba.strings import explain, t


def trust_arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """`--policy` and `--tsa`: whom the reader believes."""
    parser.add_argument("--policy", type=Path, metavar="FILE", default=None, help=say("evidence.policy.help"))
    parser.add_argument("--tsa", type=Path, metavar="PEM", default=None, help=say("evidence.tsa.help"))


def accept_argument(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """`--accept`: words that do not fail the check."""
    parser.add_argument("--accept", metavar="WORDS", default="", help=say("evidence.accept.help"))


def accepted(options: argparse.Namespace) -> list[str]:
    """The words of `--accept`. Raises InputError."""
    words = [word for word in options.accept.split(",") if word]
    for word in words:
        if word not in ("unwitnessed", "untimed"):
            raise InputError("--accept: {word!r} cannot be accepted", "Known: unwitnessed, untimed.", word=word)
    return words


def trust(options: argparse.Namespace) -> Any:
    """The reader's `Trust`, from the files given. Raises InputError."""
    from tanba.ledger.policy import Policy, parse
    from tanba.ledger.timestamp import read_roots
    from tanba.seal import Trust

    policy = Policy()
    if options.policy:
        try:
            policy = parse(read_text(options.policy))
        except InputError as error:
            raise error.at(options.policy, error.line) from None
    return Trust(policy, read_roots(options.tsa) if options.tsa else ())


def checkpoints(paths: Sequence[Path], keys: Iterable[Any] = ()) -> list[Any]:
    """Checkpoints kept in files; a wrong signature of one of `keys` refuses. Raises InputError."""
    from tanba.ledger.checkpoint import Signed

    found = []
    for path in paths:
        try:
            signed = Signed.parse(read_text(path))
            signed.by(keys)
            found.append(signed.checkpoint)
        except EvidenceError as error:
            raise error.at(path) from None
    return found


def read_text(path: Path) -> str:
    """A small text file. Raises InputError."""
    return read_bytes(path, 1 << 20).decode("utf-8", "replace")


def read_bytes(path: Path, limit: int = 1 << 30) -> bytes:
    """A file as it is. Raises InputError."""
    content = read_upto(path, limit)
    if len(content) > limit:
        raise InputError("is larger than {limit:,} bytes", "This does not look like the expected file.", path, limit=limit)
    return content


def words(found: Sequence[str], lang: str) -> str:
    """Verdict words for people."""
    return ", ".join(t(f"ledger.word_{word}", lang) for word in found)


def reason(error: EvidenceError | None, lang: str) -> str:
    """Why, in the reader's language."""
    return explain(error, lang)[0] if error else ""
