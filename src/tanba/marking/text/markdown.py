"""Markdown: a comment that machines read, a quoted line that people see, and an ID after each sentence outside of code.

Front matter stays as it is and stays first.
"""

import json
import re
from collections.abc import Sequence

from tanba.marking.text import disclosure, selectors
from tanba.marking.text.mark import Found, Mark, check_claims, join_reads, texts_in

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n(?:(?!---[ \t]*$).*\n)*+---[ \t]*(?:\r?\n|\Z)", re.MULTILINE)
_COMMENT = re.compile(r"<!-- tanba (\{[^<>\n]{0,4000}\}) -->(?:\r?\n)?")


_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
"""Comments and code: no warning for people."""


def mark(text: str, mark: Mark) -> str:
    """`text` with comment, line and IDs; a second time changes nothing."""
    front, body = _parted(text)
    if not any(claim.get("mark") == mark.token for claim in _claims(body)):
        comment = f"<!-- tanba {_commented(mark.fields())} -->"
        begin = _comments_end(body)
        body = f"{body[:begin]}{comment}\n{body[begin:]}"
    begin = _comments_end(body)
    warned = disclosure.put(body[begin:], mark.languages, mark.source, mark.place, before="> ")
    return front + body[:begin] + selectors.embed_id(warned, mark.id, mark.secret, markdown=True)


def read(text: str, secrets: Sequence[bytes]) -> Found:
    """What `text` bears."""
    body = _parted(text)[1]
    claims = _claims(body)
    ids = join_reads(check_claims(claims, secrets), selectors.read_ids(body, secrets))
    return Found(disclosure.present(_UNSEEN.sub("", body)), ids, tuple(claims))


def strip(text: str) -> str:
    """`text` without comments of ours, line and IDs."""
    front, body = _parted(text)
    return front + disclosure.strip(selectors.strip(body[_comments_end(body) :]))


def _parted(text: str) -> tuple[str, str]:
    front = _FRONT.match(text)
    end = front.end() if front else 0
    return text[:end], text[end:]


def _comments_end(body: str) -> int:
    """Where the comments of ours, at the beginning, end."""
    end = 0
    while found := _COMMENT.match(body, end):
        end = found.end()
    return end


def _claims(body: str) -> list[dict[str, str]]:
    found = []
    for each in _COMMENT.finditer(body, 0, _comments_end(body)):
        try:
            said = json.loads(each[1])
        except (ValueError, RecursionError):
            continue
        found.append(texts_in(said))
    return found


def _commented(fields: dict[str, str]) -> str:
    """JSON that cannot end a comment."""
    text = json.dumps(fields, ensure_ascii=False)
    return text.replace("<", r"\u003c").replace(">", r"\u003e").replace("--", r"-\u002d")
