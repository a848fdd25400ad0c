"""Counsel's confirmations of provisions: who read the primary text, and when. One JSON line each, appended and never changed."""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tanba.errors import InputError
from tanba.law.model import Law, Provision

SCHEMA = "tanba.confirmation/1"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`provision` is a full id; `at` an ISO date-time in UTC; `remark` what counsel wants remembered.

    `organisation` is the register's id of whose counsel it is; empty for a workspace used by the command line alone.
    """

    provision: str
    by: str
    at: str
    remark: str = ""
    organisation: str = ""
    schema: str = SCHEMA


class Confirmations:
    """The file of confirmations in a workspace."""

    def __init__(self, path: Path) -> None:
        """`path` need not exist yet."""
        self.path = path

    def add(self, confirmation: Confirmation) -> None:
        """Append and flush to disk. Raises InputError where that is not allowed."""
        line = json.dumps(asdict(confirmation), ensure_ascii=False, sort_keys=True) + "\n"
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line.encode("utf-8", "replace"))
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise InputError(
                "cannot be written ({problem})",
                "Nothing was changed. Check the folder's permissions and free space.",
                self.path,
                problem=error.strerror,
            ) from None

    def __iter__(self) -> Iterator[Confirmation]:
        """Oldest first. Raises InputError on a line that is not one."""
        if not self.path.exists():
            return
        # Not `splitlines`: JSON leaves U+2028 and U+0085 as they are, and a remark may hold them.
        for number, line in enumerate(self.path.read_text(encoding="utf-8").removesuffix("\n").split("\n"), 1):
            try:
                yield Confirmation(**json.loads(line))
            except (TypeError, ValueError):
                raise InputError("not a confirmation", "Move the damaged line elsewhere; nothing was changed.", self.path, number) from None


def find(law: Law, name: str) -> Provision:
    """The provision a person means: a full id, `kz/230-VIII/21/2`, `230-VIII/21/2`, or `21/2` of the AI law; the newest edition.

    Raises InputError.
    """
    wanted, _, edition = name.removeprefix(f"{law.jurisdiction}/").partition("@")
    statute = next(act.name for act in law.acts.values() if act.basis == "statute")
    for path in (wanted, f"{statute}/{wanted}"):
        editions = [p for p in law.editions(path) if not edition or p.start.isoformat() == edition]
        if editions:
            return editions[-1]
    raise InputError("no provision {name!r}", "`tanba law list` shows them all; write for example 21/2 or CoAO/641-1/1/1.", name=name)
