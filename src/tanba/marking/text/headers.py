"""HTTP headers beside a body of any kind.

`AI-Disclosure` follows draft-abaris-aicdh-01, an individual Internet-Draft of 2026 and no standard; it is a dictionary of RFC 9651.
`X-Tanba-Mark` is ours: the ID with its check. Headers are lost as soon as a body is saved; they go with a mark in it, never instead.
"""

import re
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from tanba.marking.text.disclosure import Source
from tanba.marking.text.mark import SOURCE_TYPES, Found, Mark, check_claims

DISCLOSURE, TOKEN = "AI-Disclosure", "X-Tanba-Mark"
MODES: dict[Source, str] = {"created": "ai-originated", "altered": "ai-modified"}
"""The draft's modes; its `machine-generated` claims that no person took part, which a mark does not know."""
_READ: dict[str, Source] = {"ai-originated": "created", "machine-generated": "created", "ai-modified": "altered"}

_MODE = re.compile(r"(?:^|[,;])\s*mode=([a-z-]+)")


def headers(mark: Mark) -> dict[str, str]:
    """The two headers of a response whose body is marked with `mark`."""
    said = [f"mode={MODES[mark.source]}"]
    if mark.issuer:
        said.append(f"provider={_string(mark.issuer)}")
    if mark.time:
        said.append(f"date=@{int(mark.time.timestamp())}")
    return {DISCLOSURE: ", ".join(said), TOKEN: mark.token}


def read(fields: Mapping[str, str], secrets: Sequence[bytes]) -> Found:
    """What the headers say; their names in any case. They warn no person."""
    known = {name.lower(): value for name, value in fields.items()}
    claim: dict[str, str] = {}
    mode = _MODE.search(known.get(DISCLOSURE.lower(), ""))
    if mode and (source := _READ.get(mode[1])):
        claim["digitalSourceType"] = SOURCE_TYPES[source]
    if token := known.get(TOKEN.lower(), "").strip():
        claim["mark"] = token
    return Found((), tuple(check_claims([claim], secrets)), (claim,) if claim else ())


def _string(text: str) -> str:
    """A string of RFC 9651: plain (3.3.3) where it is ASCII, else a display string (3.3.8)."""
    if text.isascii() and text.isprintable():
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    kept = "".join(map(chr, range(0x20, 0x7F))).replace("%", "").replace('"', "")
    return f'%"{re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), quote(text.encode("utf-8", "replace"), safe=kept))}"'
