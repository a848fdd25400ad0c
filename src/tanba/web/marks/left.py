"""Marks that a process which died left unsealed."""

from django.utils import timezone

from tanba.markseal import seal_left
from tanba.storage.home import open_objects
from tanba.web.evidence import ledger
from tanba.web.evidence.rounds import claim
from tanba.web.marks import desk
from tanba.workspace import current


def seal_when_due() -> None:
    """One round, once an hour."""
    register = desk.register_if_any()
    if register and claim("marks"):
        seal_left(register, ledger.log(), open_objects(current()), timezone.now())
