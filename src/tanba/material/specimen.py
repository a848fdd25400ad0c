"""The material of a system that has everything and answers nothing: what documents can say of any system stands in it."""

from typing import Any

from tanba.law.facts import SystemFile
from tanba.law.rulebook import Rulebook
from tanba.material.common import Whose
from tanba.material.system import material
from tanba.people.catalogue import principles
from tanba.people.risks import Register
from tanba.strings import LANGUAGES

TEXT = dict.fromkeys(LANGUAGES, "x")


def specimen(book: Rulebook) -> dict[str, Any]:
    """See `tanba.documents.offer`."""
    part = [{"name": "x"}]
    details = {"models": part, "data_libraries": part, "vendor": "x", "principles": dict.fromkeys(principles(), TEXT)}
    return material(book, SystemFile("x", TEXT, {}, details), Whose(TEXT), risks=Register("x"))
