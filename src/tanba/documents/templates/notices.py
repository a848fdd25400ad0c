"""What people are told about a system (art. 21(1), 7(1)): version in force, since when, every text of every channel. Pure."""

from collections.abc import Mapping
from typing import Any

from tanba.documents.known import Known, joined, same, section, table, words
from tanba.documents.model import Block, Field, Fields, Heading, Paragraph, Said
from tanba.documents.templates.letters import signed
from tanba.strings import LANGUAGES, t

CHANNELS = ("text", "voice", "email", "bot", "label", "leaflet")
MUST = ("name", "organisation", "page", "version", "since", "languages", *CHANNELS, "versions")
TOLD, LIMITS, BEFORE = "230-VIII/21/1", "230-VIII/7/1", "practice/user-notice"


def blocks(known: Known) -> list[Block]:
    """Whose, which version, what is law and what is practice, the texts, versions before."""
    policy = known.part("notices")
    made = section("section_notice_version", Fields((*_whose(known), *_version(known, policy))))
    made += section("section_notice_basis", *(Paragraph(known.said(known.material["law"][path]["must"], path)) for path in _places(known)))
    made += [Heading(words("section_notice_texts"))]
    for channel in CHANNELS:
        made += [Heading(_channel(channel), 2), _texts(known, policy, channel)]
    rows = [(Said(same(each["version"])), _since(known, each["since"])) for each in policy["versions"]] if policy else []
    missing = known.gap(words("gap_versions"), TOLD)
    made += section("section_notice_versions", table(("notice_version", "since"), rows, (1, 1), missing, "versions"))
    return [*made, signed("responsible")]


def _places(known: Known) -> list[str]:
    return [path for path in (TOLD, LIMITS, BEFORE) if path in known.material["law"]]


def _whose(known: Known) -> tuple[Field, ...]:
    return (
        Field("name", words("name"), known.given(known.system["name"], "gap_name", TOLD)),
        Field("organisation", words("organisation"), known.given(known.organisation["name"], "gap_organisation", TOLD)),
    )


def _version(known: Known, policy: Mapping[str, Any] | None) -> tuple[Field, ...]:
    if not policy:
        return tuple(
            Field(name, words(f"notice_{name}"), known.gap(words("gap_notices"), TOLD))
            for name in ("page", "version", "since", "languages")
        )
    languages = joined((words(f"language_{each}") for each in policy["languages"]), ", ")
    return (
        Field("page", words("notice_page"), known.given(policy["page"], "gap_page", LIMITS)),
        Field("version", words("notice_version"), Said(same(policy["version"]))),
        Field("since", words("notice_since"), _since(known, policy["since"])),
        Field("languages", words("notice_languages"), Said(languages)),
        Field("days", words("notice_days"), Said(words("notice_for", count=policy["days"]))),
    )


def _since(known: Known, day: str) -> Said:
    return known.given(day, "gap_since", TOLD)


def _texts(known: Known, policy: Mapping[str, Any] | None, channel: str) -> Block:
    """Each text in its own language, whatever the document's is."""
    if not policy:
        return Paragraph(known.gap(words("gap_notices"), TOLD), channel)
    found = next(each for each in policy["channels"] if each["name"] == channel)
    sources = () if found["whole"] else known.sources(TOLD)
    rows = [
        Field(channel, words(f"language_{lang}"), Said({lang: text}, sources, not found["whole"], quoted=True))
        for lang, text in found["texts"].items()
    ]
    return Fields(tuple(rows), (30, 70))


def _channel(name: str) -> dict[str, str]:
    return {each: t(f"notice.channel_{name}", each)[:1].upper() + t(f"notice.channel_{name}", each)[1:] for each in LANGUAGES}
