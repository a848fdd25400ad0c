"""Every form an export has: its name, the file it is called by, its media type; and `written`, which makes it."""

from collections.abc import Iterable, Iterator
from itertools import chain

from tanba.errors import InputError
from tanba.export.catalog import catalog
from tanba.export.component import component_definition
from tanba.export.model import Subject, Whole
from tanba.export.results import assessment_plan, assessment_results
from tanba.export.table import Row, as_csv, as_json, as_xlsx, rows_of
from tanba.law.rulebook import Rulebook

JSON = "application/json"
TABLES = {
    "json": ("obligations.json", JSON),
    "csv": ("obligations.csv", "text/csv; charset=utf-8"),
    "xlsx": ("obligations.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
OSCAL = {
    "oscal-catalog": ("catalog.json", JSON),
    "oscal-component": ("component-definition.json", JSON),
    "oscal-plan": ("assessment-plan.json", JSON),
    "oscal-results": ("assessment-results.json", JSON),
}
FORMS = TABLES | OSCAL
"""OSCAL's names are those by which the files refer to one another."""

WITHOUT_SYSTEMS = ("oscal-catalog", "oscal-plan")
"""Forms that say nothing of single systems."""


def written(
    form: str,
    whole: Whole,
    book: Rulebook,
    subjects: Iterable[Subject],
    lang: str,
    everything: bool = False,
    following: str | None = None,
) -> Iterator[bytes]:
    """The file piece by piece; `lang` is that of CSV, XLSX and of OSCAL's own texts. Raises InputError where results have no system."""
    match form:
        case "oscal-catalog":
            return iter([catalog(book, lang)])
        case "oscal-plan":
            return assessment_plan(whole, book, lang)
        case "oscal-component":
            return component_definition(whole, book, subjects, lang)
        case "oscal-results":
            return assessment_results(whole, book, _some(subjects), lang)
        case _:
            return written_rows(form, whole, book, rows_of(book, subjects, everything), lang, following)


def written_rows(form: str, whole: Whole, book: Rulebook, rows: Iterable[Row], lang: str, following: str | None = None) -> Iterator[bytes]:
    """The table of these rows."""
    if form == "csv":
        return as_csv(book, rows, lang)
    return iter([as_xlsx(whole, book, rows, lang)]) if form == "xlsx" else as_json(whole, book, rows, following)


def _some(subjects: Iterable[Subject]) -> Iterator[Subject]:
    found = iter(subjects)
    first = next(found, None)
    if first is None:
        raise InputError("there is no system whose results could be written", "Name at least one system; the catalog needs none.")
    return chain([first], found)
