"""What is embedded in a text and what is found in one: the same for every kind of text."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tanba.errors import InputError
from tanba.marking.text import disclosure
from tanba.marking.text.disclosure import Place, Source
from tanba.marking.text.selectors import Read, check_tokens, token

_HALF = re.compile("[\ud800-\udfff]")

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
SOURCE_TYPES: dict[Source, str] = {"created": f"{IPTC}trainedAlgorithmicMedia", "altered": f"{IPTC}compositeWithTrainedAlgorithmicMedia"}
"""IPTC NewsCodes, Digital Source Type: the identifiers begin with http."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark: which entry of the issuer's register it points to, and what it says to people and machines.

    `id`: 64 bits. `secret`: the issuer's, of any length. `languages`: kk, ru, en in the order of the line. `time`: with its zone.
    """

    id: int
    secret: bytes = field(repr=False)
    languages: tuple[str, ...]
    source: Source = "created"
    place: Place = "start"
    issuer: str = ""
    time: datetime | None = None

    def __post_init__(self) -> None:
        """Raises InputError where a text could not be marked with it."""
        token(self.id, self.secret)
        disclosure.line(self.languages)
        if self.time is not None and self.time.tzinfo is None:
            raise InputError("the time of a mark needs its zone")

    @property
    def token(self) -> str:
        """The ID with its check, 24 hexadecimal digits (spec/text-mark.md)."""
        return token(self.id, self.secret).hex()

    @property
    def stamp(self) -> str:
        """The time in UTC by the second, RFC 3339; empty where there is none."""
        return self.time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if self.time else ""

    def fields(self) -> dict[str, str]:
        """What machines read beside the text; what is not known is left out."""
        said = {"mark": self.token, "digitalSourceType": SOURCE_TYPES[self.source], "issuer": self.issuer, "time": self.stamp}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True)
class Found:
    """What a text bears: `languages` of the warning, `ids` that a known secret makes, `claims` as they are written, checked by nobody."""

    languages: tuple[str, ...] = ()
    ids: tuple[Read, ...] = ()
    claims: tuple[Mapping[str, str], ...] = ()

    @property
    def readable_by_machines(self) -> bool:
        """An ID that was checked, or a claim of a digital source type of AI."""
        return bool(self.ids) or any(source_of(claim.get("digitalSourceType", "")) for claim in self.claims)


def texts_in(said: Mapping[str, object]) -> dict[str, str]:
    """The members that are texts; what holds half of a character, as JSON can write it, is none."""
    return {name: value for name, value in said.items() if isinstance(value, str) and not _HALF.search(name + value)}


def source_of(url: str) -> Source | None:
    """What an IPTC source type says, also where it was written with https; None for any other."""
    name = url.replace("https://", "http://", 1)
    return next((source for source, known in SOURCE_TYPES.items() if known == name), None)


def check_claims(claims: Iterable[Mapping[str, str]], secrets: Sequence[bytes]) -> list[Read]:
    """The IDs among `claims`, under `mark`, that a secret makes."""
    tokens: Counter[bytes] = Counter()
    for claim in claims:
        text = claim.get("mark", "")
        if len(text) == 24 and text.isascii() and text.isalnum():
            try:
                tokens[bytes.fromhex(text)] += 1
            except ValueError:
                continue
    return check_tokens(tokens, secrets)


def join_reads(*lists: Iterable[Read]) -> tuple[Read, ...]:
    """Reads of several places as one list: an ID counts as often as it stands in all of them."""
    counts: Counter[tuple[int, int]] = Counter()
    for reads in lists:
        for read in reads:
            counts[read.issuer, read.id] += read.copies
    return tuple(Read(issuer, number, count) for (issuer, number), count in counts.most_common())
