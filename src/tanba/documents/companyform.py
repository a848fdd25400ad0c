"""A company's own form: a DOCX with fields in the words of Jinja, read before anything is filled in.

Little of that language is let in: names that are offered, loops over lists that are offered, conditions on such names, and a few filters.
Everything else (calls, attributes that begin with "_", arithmetic, imports, macros) is refused with its place. Values are never read as
part of a form.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from io import BytesIO
from typing import Any

from tanba.documents.docxfile import DocxFile, parsed
from tanba.documents.offer import SHOWS, Offer
from tanba.documents.wordtext import W
from tanba.errors import InputError
from tanba.strings import LANGUAGES

MAX_XML = 3_000_000
"""Bytes of one part with fields."""
MAX_TAGS, MAX_TAG, MAX_DEPTH = 2_000, 300, 20
FILTERS = ("capitalize", "default", "length", "lower", "title", "trim", "upper")
WORDS = ("for", "endfor", "if", "elif", "else", "endif")
LOOP = ("index", "first", "last", "length")
TAG = re.compile(r"\{\{.{0,300}?\}\}|\{%.{0,300}?%\}|\{#.{0,300}?#\}", re.S)
HALF = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
STATEMENT = re.compile(r"\{%[-+]?(?:tr|tc|p|r)?\s*(\w*)")
WHOLE = re.compile(r"\{\{(?:tr|tc|p|r)\s")
"""What docxtpl puts in the place of a row, a paragraph or a run: our values are text alone."""
FILLED = re.compile(r"word/(document|header\d*|footer\d*|footnotes)\.xml")


@dataclass(frozen=True, slots=True)
class Problem:
    """`kind`: unknown, forbidden, unclosed, broken or unfilled; `place`: the part; `near`: names that may be meant."""

    kind: str
    place: str
    tag: str
    near: tuple[str, ...] = ()


@dataclass(slots=True)
class Reading:
    """What was found in a form. `used`: full names of fields and columns without their language, as `passport.purpose`, `risks[].title`."""

    offer: Offer
    problems: list[Problem] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    @property
    def unused(self) -> list[str]:
        """Fields that a document must have, of documents whose fields the form uses, and that it does not show."""
        begun = {name.partition(".")[0] for name in self.used} & set(self.offer.must)
        shown = {SHOWS.get(name, name.rpartition(".")[2]) for name in self.used if "[]" not in name}
        listed = {name.partition("[]")[0] for name in self.used if "[]" in name}
        missing = ((document, name) for document in sorted(begun) for name in self.offer.must[document])
        return [f"{document}.{name}" for document, name in missing if name not in shown and SHOWS.get(name) not in listed]


def read(file: DocxFile, offer: Offer) -> Reading:
    """Everything that is wrong, and what is used. Raises InputError where a part is too large to be a form."""
    found = Reading(offer)
    for name, part in file.parts.items():
        if name.startswith("word/") and name.endswith(".xml") and not name.startswith(("word/theme", "word/_rels")):
            _read_texts(found, name, part)
    wrong = {each.place for each in found.problems}
    form = form_of(file)
    for name, source in form.sources():
        if name not in wrong:  # docxtpl takes minutes for some texts whose tags do not end
            read_source(found, name, form.patch_xml(source))
    return found


def form_of(file: DocxFile) -> Any:
    """The form as docxtpl reads it, with `sources`: (part, its XML)."""
    from docxtpl import DocxTemplate

    class Form(DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
        def sources(self) -> Iterable[tuple[str, str]]:
            self.init_docx()
            yield "document", self.get_xml()
            for uri in (self.HEADER_URI, self.FOOTER_URI):
                for _, part in self.get_headers_footers(uri):
                    yield _place(part.partname), self.get_part_xml(part)
            for name, part in file.parts.items():
                if name == "word/footnotes.xml":
                    yield "footnotes", part.decode()

    return Form(BytesIO(file.content))


def _place(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".xml")


def _read_texts(found: Reading, name: str, part: bytes) -> None:
    """A tag begins and ends in one paragraph, is short, and stands where values are filled in."""
    if len(part) > MAX_XML:
        raise InputError(
            "the part {name!r} is larger than {limit:,} bytes", "Split the file, or make its pictures smaller.", name=name, limit=MAX_XML
        )
    texts, place = _paragraphs(parsed(name, part)), _place(name)
    begun = sum(text.count(each) for text in texts for each in ("{{", "{%", "{#"))
    if begun > MAX_TAGS:
        raise InputError("the form has more than {limit:,} fields", "Split it into several forms.", limit=MAX_TAGS)
    tags = [tag for text in texts for tag in TAG.findall(text)]
    found.problems += [Problem("unclosed", place, text[:MAX_TAG]) for text in texts if HALF.search(TAG.sub("", text))]
    found.problems += [Problem("unfilled", place, tag) for tag in tags if not FILLED.fullmatch(name)]
    found.problems += [Problem("forbidden", place, tag) for tag in (*filter(_is_foreign, tags), *_too_deep(tags))]


def _paragraphs(root: Any) -> list[str]:
    """The letters of each paragraph, without those of paragraphs that stand in it."""
    texts: dict[Any, list[str]] = {}
    for text in root.iter(f"{W}t"):
        texts.setdefault(next(text.iterancestors(f"{W}p"), None), []).append(text.text or "")
    return ["".join(pieces) for pieces in texts.values()]


def _is_foreign(tag: str) -> bool:
    word = STATEMENT.match(tag)
    return bool(WHOLE.match(tag)) or bool(word and word[1] not in WORDS)


def _too_deep(tags: Iterable[str]) -> list[str]:
    """The first loop or condition that stands in too many others."""
    depth = 0
    for tag in tags:
        word = STATEMENT.match(tag)
        depth += {"for": 1, "if": 1, "endfor": -1, "endif": -1}.get(word[1], 0) if word else 0
        if depth > MAX_DEPTH:
            return [tag]
    return []


def read_source(found: Reading, place: str, source: str) -> None:
    """The XML of one part as it will be filled, by what Jinja makes of it."""
    from jinja2 import TemplateSyntaxError

    pieces = [piece.replace("\n", " ") for piece in re.split(f"({TAG.pattern})", source, flags=re.S)]
    try:
        tree = sandbox().parse("\n".join(pieces))
    except TemplateSyntaxError as error:
        tag = next((each for each in reversed(pieces[: error.lineno]) if TAG.fullmatch(each)), "")
        found.problems.append(Problem("broken", place, tag))
        return
    _Reader(found, place, pieces).block(tree.body, {})


def sandbox() -> Any:
    """The language of forms: sandboxed, every value escaped, an unknown name is an error."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Goes through the tree of one part. A scope maps variables of loops to their lists."""

    found: Reading
    place: str
    pieces: list[str]

    def block(self, body: Iterable[Any], scope: Mapping[str, str]) -> None:
        from jinja2 import nodes

        for node in body:
            match node:
                case nodes.Output():
                    for each in node.nodes:
                        if not isinstance(each, nodes.TemplateData):
                            self.printed(each, scope)
                case nodes.For(target=nodes.Name(name=target), iter=nodes.Name(name=listed), test=None, recursive=False):
                    if listed in self.found.offer.lists and not target.startswith("_") and target != "loop":
                        self.block(node.body, {**scope, target: listed, "loop": ""})
                    else:
                        self.unknown(node, listed, self.found.offer.lists)
                    self.block(node.else_, scope)
                case nodes.If():
                    self.asked(node.test, scope)
                    for part in (node.body, node.elif_, node.else_):
                        self.block(part, scope)
                case _:
                    self.wrong("forbidden", node)

    def printed(self, node: Any, scope: Mapping[str, str]) -> None:
        """A name, or a filter over one; a list can only be counted."""
        from jinja2 import nodes

        if isinstance(node, nodes.Filter) and node.node is not None:
            plain = all(isinstance(each, nodes.Const) for each in node.args) and not (node.kwargs or node.dyn_args or node.dyn_kwargs)
            if node.name not in FILTERS or not plain:
                return self.wrong("forbidden", node)
            if node.name == "length" and isinstance(node.node, nodes.Name) and node.node.name in self.found.offer.lists:
                return None
            return self.printed(node.node, scope)
        return self.named(node, scope)

    def asked(self, node: Any, scope: Mapping[str, str]) -> None:
        """Names, lists, and not, and, or over them."""
        from jinja2 import nodes

        match node:
            case nodes.Not():
                self.asked(node.node, scope)
            case nodes.And() | nodes.Or():
                self.asked(node.left, scope)
                self.asked(node.right, scope)
            case nodes.Name(name=name) if name in self.found.offer.lists:
                pass
            case _:
                self.named(node, scope)

    def named(self, node: Any, scope: Mapping[str, str]) -> None:
        """A field, or a column of a row."""
        from jinja2 import nodes

        match node:
            case nodes.Name(name=name):
                begin, rest, name = "", "", name
            case nodes.Getattr(node=nodes.Name(name=begin), attr=rest):
                name = f"{begin}.{rest}"
            case _:
                return self.wrong("forbidden", node)
        if name.startswith("_") or rest.startswith("_"):
            return self.wrong("forbidden", node)
        offer = self.found.offer
        if begin == "loop" and begin in scope:
            return None if rest in LOOP else self.unknown(node, name, [f"loop.{each}" for each in LOOP])
        bare = without_language(name)
        if begin in scope:
            column = without_language(rest)
            if column not in offer.lists[scope[begin]]:
                return self.unknown(node, name, [f"{begin}.{each}" for each in offer.lists[scope[begin]]])
            bare = f"{scope[begin]}[].{column}"
        elif bare not in offer.fields:
            return self.unknown(node, name, offer.fields)
        self.found.used.add(bare)
        return None

    def unknown(self, node: Any, name: str, known: Iterable[str]) -> None:
        """With the names that may be meant: those that look alike, or the same field of a document."""
        every = list(known)
        last = name.rpartition(".")[2]
        same = [each for each in every if each.rpartition(".")[2] == last]
        alike = get_close_matches(without_language(name), every, n=3, cutoff=0.6)
        self.wrong("unknown", node, tuple(dict.fromkeys([*alike, *same] if "." in name else [*same, *alike]))[:3])

    def wrong(self, kind: str, node: Any, near: tuple[str, ...] = ()) -> None:
        self.found.problems.append(Problem(kind, self.place, self.pieces[node.lineno - 1], near))


def without_language(name: str) -> str:
    """`passport.purpose_kk` is `passport.purpose`."""
    head, _, tail = name.rpartition("_")
    return head if tail in LANGUAGES and head else name
