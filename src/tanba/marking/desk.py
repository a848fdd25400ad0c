"""Marking as a library: standard, keys and register of one workspace, opened together.

with open_desk(current()) as desk:
    marked, row = desk.mark(data, "advert.jpg", system="image-studio")
    desk.verify(marked.content, "advert.jpg").machine == "found"

Nothing is sealed here: that is for the doors (`tanba mark`, the register's pages).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tanba.errors import InputError
from tanba.marking import home
from tanba.marking.keys import Issuer
from tanba.marking.mark import Order, mark_file
from tanba.marking.model import Marked, Source
from tanba.marking.register import Mark, Register
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.marking.verify import Checked, verify
from tanba.suspension import Suspensions
from tanba.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """What marking and checking need: the standard, keys and the register where there are some, and which systems are stopped."""

    standard: Standard
    issuer: Issuer | None
    register: Register | None
    stops: Suspensions

    def mark(self, data: bytes, name: str, *, source: Source = "created", bin: str = "", system: str = "") -> tuple[Marked, Mark]:
        """(the marked file, its row in the register).

        Raises InputError where the file cannot be marked, SuspendedError where the system is stopped, StoreError.
        """
        self.stops.refuse_stopped(bin, system)
        if self.issuer is None or self.register is None:
            raise InputError("there are no marking keys in this workspace yet", "`tanba keys init` makes them.")
        return mark_file(data, name, Order(self.standard, source, bin, system), self.issuer, self.register, datetime.now(UTC))

    def read(self, data: bytes, name: str, *, deep: bool = False) -> Checked:
        """What the file bears by itself, without looking anything up: no register is asked, so no error is raised."""
        return verify(data, name, self.standard, self.issuer, None, deep)

    def verify(self, data: bytes, name: str, *, deep: bool = False) -> Checked:
        """What the file bears, and what the register knows of it. Raises StoreError only, where the register cannot be read."""
        return verify(data, name, self.standard, self.issuer, self.register, deep)


@contextmanager
def open_desk(workspace: Workspace, policy: Path | None = None, *, make_keys: bool = True) -> Iterator[Desk]:
    """Open them; with `make_keys` on first use. `policy` names a standard in place of the workspace's. Raises InputError, StoreError."""
    standard = load_standard(workspace, policy)
    issuer = home.open_issuer(workspace) if make_keys else home.find_issuer(workspace)
    register = Register(workspace.marks) if make_keys or workspace.marks.exists() else None
    stops = Suspensions(workspace.state)
    try:
        yield Desk(standard, issuer, register, stops)
    finally:
        stops.close()
        if register:
            register.close()
