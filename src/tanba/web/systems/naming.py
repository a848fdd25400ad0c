"""Slugs: short ASCII names that stay when a system is renamed."""

import re

from tanba.web.accounts.models import Organisation
from tanba.web.systems.models import System

ONE = str.maketrans("абвгдеёзийклмнопрстуфхыэәғқңөұүһі", "abvgdeeziiklmnoprstufhyeagqnouuhi", "ъь")
MORE = str.maketrans({"ж": "zh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"})


def latin(text: str) -> str:
    """Lower-case ASCII words joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold().translate(ONE).translate(MORE)).strip("-")[:60].strip("-")


def new_slug(organisation: Organisation, wanted: str) -> str:
    """A slug from `wanted` that the organisation does not use yet."""
    base = latin(wanted) or "system"
    taken = set(System.objects.filter(organisation=organisation, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for n in range(1, len(taken) + 2) if (slug := base if n == 1 else f"{base}-{n}") not in taken)
