"""Provisions that pages of marking rest on, in the edition of today."""

from django.utils import timezone

from tanba.law.load import load
from tanba.law.model import Provision


def in_force(*paths: str) -> list[Provision]:
    """The edition of each that is in force today, the newest where none is."""
    today, law = timezone.localdate(), load("kz")
    editions = [law.editions(path) for path in paths]
    return [next((each for each in found if each.start <= today and (not each.end or today < each.end)), found[-1]) for found in editions]
