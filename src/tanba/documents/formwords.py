"""What was found in a company's form, in words: the command line and the register say the same. Pure."""

from collections.abc import Iterator

from tanba.documents.companyform import Problem, Reading
from tanba.documents.docxfile import DocxFile
from tanba.strings import t

PLACES = ("document", "header", "footer", "footnotes")


def lines(file: DocxFile, found: Reading, lang: str) -> Iterator[str]:
    """How many fields it uses, each problem, what was taken out, what it does not show."""
    if found.used or not found.problems:
        yield t("companyform.uses", lang, count=len(found.used)) if found.used else t("companyform.no_fields", lang)
    yield from (f"✗ {problem(each, lang)}" for each in found.problems)
    yield from (t("companyform.removed", lang, kind=kind, target=target) for kind, target in file.removed)
    if found.unused:
        yield t("companyform.unused", lang, names=", ".join(found.unused))


def problem(found: Problem, lang: str) -> str:
    """Where, what, and which names may be meant."""
    near = f"; {t('companyform.near', lang, names=', '.join(found.near))}" if found.near else ""
    return f"{_place(found.place, lang)}: {t(f'companyform.problem_{found.kind}', lang, tag=found.tag)}{near}"


def _place(part: str, lang: str) -> str:
    kind = part.rstrip("0123456789")
    return t(f"companyform.place_{kind}", lang) if kind in PLACES else t("companyform.place_other", lang, part=part)
