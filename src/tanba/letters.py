"""User agreements and notifications of incidents as documents, in one language: what the hall people says, drawn by the hall documents."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from tanba.digest import canonical_json, sha256
from tanba.documents.model import Block, Document, Field, Fields, Heading, Paragraph, Said, Source
from tanba.law.rulebook import Rulebook
from tanba.law.words import bare
from tanba.people.agreement import gaps, lines
from tanba.people.drafts import Draft
from tanba.strings import t


def agreement(book: Rulebook, made: Mapping[str, Any], lang: str, day: str, effective: str = "") -> Document:
    """`made` is tanba.agreement/1, `day` that of the facts, `effective` the first day in force, empty for a draft."""
    blocks: list[Block] = []
    for section in made["sections"]:
        said = _statements(book, section, lang)
        if said:
            blocks.append(Heading({lang: section["heading"][lang]}))
            blocks += [Paragraph(each) for each in said]
    state = t("agreement.effective", lang, day=effective) if effective else t("agreement.draft", lang)
    count = len(gaps(made, lang))
    front = [f"{state} {t('agreement.as_of', lang, day=day, version=made['version'])}"]
    front += [t("agreement.gaps", lang, count=count)] if count else []
    return _document("agreement", t("kinds.user-agreement", lang), made["name"], blocks, day, [*front, t("words.disclaimer", lang)], lang)


def notification(draft: Draft, lang: str, day: str) -> Document:
    """A draft of a notification, or of the order to suspend, as it stands on a day."""
    rows = tuple(Field("", {lang: line.label}, Said({lang: line.text}, _named(line.source, lang), line.gap)) for line in draft.lines)
    remarks = [each for each in draft.remarks if each != t("drafts.remark", lang)]  # it speaks of the brackets that texts have for gaps
    said = [*remarks, t("documents.letter_remark", lang, gap=t("documents.gap", lang))]
    blocks: list[Block] = [Fields(rows), *(Paragraph(Said({lang: remark})) for remark in said)]
    return _document("notification", draft.title, {lang: draft.addressee}, blocks, day, [t("words.disclaimer", lang)], lang)


def _document(name: str, title: str, subject: Mapping[str, str], blocks: list[Block], day: str, front: list[str], lang: str) -> Document:
    title = title[:1].upper() + title[1:]
    said = {"blocks": [asdict(block) for block in blocks], "front": front, "subject": dict(subject), "title": title}
    fronts = tuple({lang: text} for text in front)
    return Document(name, {lang: title}, subject, tuple(blocks), day, (), sha256(canonical_json(said)), front=fronts)


def _statements(book: Rulebook, section: Mapping[str, Any], lang: str) -> list[Said]:
    """What readers of the language see; a line that is a source only belongs to the one before."""
    found: list[Said] = []
    for line in lines(section, lang):
        sources = _place(book, line)
        if line["text"][lang]:
            found.append(Said({lang: line["text"][lang]}, sources, line["gap"]))
        elif found:
            found[-1] = Said(found[-1].text, (*found[-1].sources, *sources), found[-1].gap)
    return found


def _place(book: Rulebook, line: Mapping[str, Any]) -> tuple[Source, ...]:
    path = bare(line["source"])
    place = book.provisions.get(path)
    if not place:
        return ()
    return (Source(place.id, line["cited"], place.basis, place.text_read, path in book.changed),)


def _named(source: str, lang: str) -> tuple[Source, ...]:
    """A source that a draft names in words, with its basis where it has one."""
    return (Source("", {lang: source}, "", True),) if source else ()
