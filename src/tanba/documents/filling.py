"""A company's own form filled in for one system: values go in as text, within bounds of rows and size."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from tanba.documents.companyform import Reading, form_of, read, read_source, sandbox
from tanba.documents.docxfile import DocxFile
from tanba.documents.layout import worded
from tanba.documents.model import Said
from tanba.documents.offer import Offer, fields, rows
from tanba.errors import InputError
from tanba.strings import LANGUAGES

MAX_ROWS = 20_000
"""Rows that all loops of one form go through together."""
MAX_FILLED = 30_000_000
"""Letters of one part after filling."""


class Words(str):
    """A text that a form prints. One that is a gap counts as nothing in a condition."""

    gap = False

    def __bool__(self) -> bool:
        """Whether something is said."""
        return not self.gap and len(self) > 0


@dataclass(slots=True)
class Steps:
    """How many rows may still be gone through."""

    left: int = MAX_ROWS


class Rows(list[dict[str, Words]]):
    """A list of a form. Going through it takes from what all loops may take. `gap`: its one row says what is missing."""

    def __init__(self, every: list[dict[str, Words]], steps: Steps, gap: bool, fields: Mapping[str, Words]) -> None:
        """The counter is shared by all lists of a form; `fields` are those of the document that has the list's name."""
        super().__init__(every)
        self.steps, self.gap, self.fields = steps, gap, fields

    def __getitem__(self, name: Any) -> Any:
        """A field of that document."""
        return self.fields[name]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return not self.gap

    def __len__(self) -> int:
        """A row that says what is missing is not counted."""
        return 0 if self.gap else super().__len__()

    def __iter__(self) -> Iterator[dict[str, Words]]:
        """Raises InputError when the form goes through too many."""
        for each in super().__iter__():
            self.steps.left -= 1
            if self.steps.left < 0:
                raise InputError("the loops of the form go through more than {limit:,} rows", "Put no loop into another.", limit=MAX_ROWS)
            yield each


def fill(file: DocxFile, offer: Offer, material: Mapping[str, Any], language: str) -> tuple[bytes, int]:
    """The DOCX, and how many of the fields it uses are gaps. Raises InputError where the form cannot be filled."""
    found = read(file, offer)
    if found.problems:
        first = found.problems[0]
        raise InputError(
            "{count} places of the form cannot be filled, the first is {tag!r}",
            "`tanba documents template check` and the page of templates name each.",
            count=len(found.problems),
            tag=first.tag,
        )
    values, gaps = context(offer, material, language, found)
    form = _filled(file, offer, values)
    made = BytesIO()
    form.save(made)
    return made.getvalue(), gaps


def context(offer: Offer, material: Mapping[str, Any], language: str, found: Reading) -> tuple[dict[str, Any], int]:
    """All names with their words, and how many that the form uses are gaps."""
    said = {name: [Said(label, gap=True)] for name, label in offer.fields.items()} | fields(material)
    values: dict[str, Any] = {}
    for name, each in said.items():
        begin, _, rest = name.rpartition(".")
        place = values.setdefault(begin, {}) if begin else values
        place |= _in_every_language(rest, each, language)
    steps, lists = Steps(), rows(material)
    for name, every in lists.items():
        shown = [
            {key: text for column, each in row.items() for key, text in _in_every_language(column, [each], language).items()}
            for row in every
        ]
        values[name] = Rows(shown, steps, len(every) == 1 and next(iter(every[0].values())).gap, values.get(name, {}))
    gaps = [each for name in found.used for each in said.get(name, ())]
    gaps += [row[column] for name in found.used for begin, _, column in [name.partition("[].")] if column for row in lists[begin]]
    return values, sum(each.gap for each in gaps)


def _in_every_language(name: str, said: list[Said], language: str) -> dict[str, Words]:
    texts = {each: _words(said, each) for each in LANGUAGES}
    return {name: texts[language]} | {f"{name}_{each}": text for each, text in texts.items()}


def _words(said: list[Said], language: str) -> Words:
    made = Words("\n".join(worded(each, language) for each in said))
    made.gap = any(each.gap for each in said)
    return made


def _filled(file: DocxFile, offer: Offer, values: Mapping[str, Any]) -> Any:
    from lxml import etree

    form, language = form_of(file), sandbox()

    def render(source: str, part: Any, context: Mapping[str, Any], jinja_env: Any = None) -> str:
        """What is filled is what was read: the same text goes through the same reading once more."""
        again = Reading(offer)
        read_source(again, "", source)
        if again.problems:
            raise InputError("the form cannot be read", "Save it in Word once more.")
        pieces, size = [], 0
        for piece in language.from_string(source).generate(context):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_FILLED:
                raise InputError("the filled form is larger than {limit:,} bytes", "Put no loop into another.", limit=MAX_FILLED)
        made: str = form.resolve_listing("".join(pieces))
        try:
            etree.fromstring(made.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
        except etree.XMLSyntaxError:
            raise InputError(
                "a loop or a condition of the form begins in one cell or row and ends in another",
                "Put the beginning and the end of a loop into rows of their own.",
            ) from None
        return made

    form.render_xml_part, form.render_properties = render, lambda *_: None
    form.render(values, language, autoescape=True)
    return form
