"""Every error of tanba: one sentence on what is wrong and one hint on what to do next.

Both are English templates with `{placeholders}` and stand in `strings/errors/` in three languages; the doors (cli, web) show
them with `tanba.strings.explain`. Exit codes: 0 fine, 1 finding or refused, 2 misuse or bad input, 3 could not check.
"""

from pathlib import Path
from typing import Any

FINE, FINDING, MISUSE, COULD_NOT_CHECK = 0, 1, 2, 3


class TanbaError(Exception):
    """Base of all errors. `message` says what is wrong, `hint` what to do next, both in English; `where` begins the message."""

    exit_code = MISUSE
    where = ""

    def __init__(self, message: str, hint: str = "", **values: Any) -> None:
        """Templates are literals, `values` names, numbers and foreign messages; without values nothing is filled in."""
        self.template, self.hint_template, self.values = message, hint, values
        self.message = self.where + (message.format(**values) if values else message)
        self.hint = hint.format(**values) if values else hint
        super().__init__(self.message)

    def at(self, path: Path | str, line: int | None = None) -> "InputError":
        """The same error, found in a file."""
        return InputError(self.template, self.hint_template, path, line, **self.values)


class InputError(TanbaError):
    """What the user gave cannot be read. Carries the file and, where known, the line (1-based)."""

    def __init__(self, message: str, hint: str = "", path: Path | str | None = None, line: int | None = None, **values: Any) -> None:
        """`where` is `file:line: ` so that an editor can jump there."""
        self.path, self.line = path, line
        self.where = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(message, hint, **values)


class LawError(TanbaError):
    """The law data itself is wrong: a fault of tanba, refused by `make check`. For contributors, so in English only."""


class NotInForceError(TanbaError):
    """The day asked about lies before the law, or no edition covers it."""


class EvidenceError(TanbaError):
    """What was sealed does not fit: a proof, a signature, a digest or the ledger itself. `word` is the verdict (spec/receipt.md)."""

    exit_code = FINDING
    word = "altered"


class MissingEvidenceError(EvidenceError):
    """What should be there is not."""

    word = "missing"


class StoreError(TanbaError):
    """Bytes could not be kept or read: disk, permission, connection. What was acknowledged before stays."""

    exit_code = COULD_NOT_CHECK


class SuspendedError(TanbaError):
    """The system is stopped (art. 18(2)): nothing is served, marked or let through for it."""

    exit_code = FINDING


class NetworkError(TanbaError):
    """Somebody outside could not be asked, or did not answer as agreed."""

    exit_code = COULD_NOT_CHECK


class MissingExtraError(TanbaError):
    """An optional part is not installed; the hint gives the command."""

    exit_code = COULD_NOT_CHECK
