"""Every error of tanba: one sentence on what is wrong and one hint on what to do next.

Messages are English and stable; the doors (cli, web) show them. Exit codes: 0 fine, 1 finding or refused, 2 misuse or bad
input, 3 could not check.
"""

from pathlib import Path

FINE, FINDING, MISUSE, COULD_NOT_CHECK = 0, 1, 2, 3


class TanbaError(Exception):
    """Base of all errors. `message` says what is wrong, `hint` what to do next."""

    exit_code = MISUSE

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep both sentences; `str(error)` is the message alone."""
        super().__init__(message)
        self.message = message
        self.hint = hint


class InputError(TanbaError):
    """What the user gave cannot be read. Carries the file and, where known, the line (1-based)."""

    def __init__(self, message: str, hint: str = "", path: Path | str | None = None, line: int | None = None) -> None:
        """Prefix the message with `file:line:` so that an editor can jump there."""
        where = f"{path}:{line}: " if path and line else f"{path}: " if path else ""
        super().__init__(where + message, hint)
        self.path = path
        self.line = line


class LawError(TanbaError):
    """The law data itself is wrong: a fault of tanba, refused by `make check`."""


class NotInForceError(TanbaError):
    """The day asked about lies before the law, or no edition covers it."""


class MissingExtraError(TanbaError):
    """An optional part is not installed; the hint gives the command."""

    exit_code = COULD_NOT_CHECK
