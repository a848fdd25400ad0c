"""Slugs: short ASCII names that stay when a system is renamed."""

import re

from tanba.web.accounts.models import Organisation
from tanba.web.systems.models import System

LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        "a b v g d e e zh z i i k l m n o p r s t u f h ts ch sh sch  y  e yu ya a g q n o u u h i".split(" "),
        strict=True,
    )
)


def latin(text: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    spelled = "".join(LATIN.get(letter, letter) for letter in text.casefold())
    return re.sub(r"[^a-z0-9]+", "-", spelled).strip("-")[:60].strip("-")


def new_slug(organisation: Organisation, wanted: str) -> str:
    """A slug from `wanted` that the organisation does not use yet."""
    base = latin(wanted) or "system"
    taken = set(System.objects.filter(organisation=organisation, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
