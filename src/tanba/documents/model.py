"""What a document is made of. Values only, every text {kk, ru, en}; a renderer is given the languages.

A statement (`Said`) carries the places of the law it rests on, each with its basis and whether its text was read. What is not known is a
statement too: a gap, which says what is missing and is printed as one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Text = Mapping[str, str]
"""{kk, ru, en}; a language may be missing where somebody wrote in one language only."""


@dataclass(frozen=True, slots=True)
class Source:
    """A place of the law; with an empty basis, a source in words.

    `read` is False where its text is only reported; `again`: a reported amendment asks to verify it again.
    """

    provision: str
    cited: Text
    basis: str
    read: bool
    again: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One statement, or, with `gap`, what is missing. `quoted`: words that stay in their own language whatever the document's is."""

    text: Text
    sources: tuple[Source, ...] = ()
    gap: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is numbered."""

    text: Text
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A statement by itself. `name` is that of a field a document must have, else empty."""

    said: Said
    name: str = ""


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """What is said otherwise in each language; readers of a language that is not there see nothing."""

    said: Mapping[str, Said]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A named value. `name` is what tests and must-have lists call it."""

    name: str
    label: Text
    said: Said


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and values below one another. `widths` are proportions of the two columns."""

    rows: tuple[Field, ...]
    widths: tuple[int, int] = (35, 65)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head. `widths` are proportions of the columns."""

    head: tuple[Text, ...]
    rows: tuple[tuple[Said, ...], ...]
    widths: tuple[int, ...]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts as bars, each with its numbers beside it. `series` names the parts of a bar; a row has one count for each."""

    name: str
    title: Text
    series: tuple[Text, ...]
    rows: tuple[tuple[Text, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Check:
    """A box, ticked or empty, and what it says."""

    said: Said
    checked: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A line for somebody's signature, name and date."""

    role: Text


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What makes a document a letter: number and date on the left, to whom on the right; above the title, and notes go below the text."""

    rows: tuple[Field, ...]
    to: Field


Block = Heading | Paragraph | ByLanguage | Fields | Table | Chart | Check | Signature | Letterhead


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of the ledger when the data were taken. `size`: entries; `root`: hexadecimal."""

    origin: str
    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Record:
    """What the ledger made of the digest. `time`: UTC as in the entry; `address`: that of the page that checks, or empty."""

    origin: str
    position: int
    id: str
    time: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document in all languages. `day` is that of the data, `digest` theirs (SHA-256, hexadecimal), `edition` names the law's text.

    `front` takes the place of what stands before the first section, or below a letter: no letter begins with the state of the ledger.
    `system` is the identifier of the system that the document is about.
    """

    name: str
    title: Text
    subject: Text
    blocks: tuple[Block, ...]
    day: str
    edition: tuple[Said, ...]
    digest: str
    checkpoint: Checkpoint | None = None
    organisation: Text | None = None
    front: tuple[Text, ...] | None = None
    record: Record | None = None
    system: str = ""


def statements(document: Document) -> Iterator[tuple[str, Said]]:
    """(name of the field or empty, statement) of everything that is said, in order."""
    for block in document.blocks:
        match block:
            case Paragraph() | Check():
                yield block.name, block.said
            case ByLanguage():
                yield from ((block.name, said) for said in block.said.values())
            case Letterhead():
                yield from ((row.name, row.said) for row in (*block.rows, block.to))
            case Fields():
                yield from ((row.name, row.said) for row in block.rows)
            case Table():
                yield from ((block.name, cell) for row in block.rows for cell in row)
            case Chart():
                yield from ((block.name, Said(label)) for label, _ in block.rows)
            case _:
                pass


def gaps(document: Document) -> list[Said]:
    """What is missing, in order."""
    return [said for _, said in statements(document) if said.gap]


def names(document: Document) -> set[str]:
    """Fields that are there, filled or as gaps."""
    return {name for name, _ in statements(document) if name}
