"""The index of a bundle for people: one page, three languages, no scripts. It says how to check, and proves nothing itself."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from typing import Any

from tanba.ledger.entry import Entry
from tanba.seal import Receipt
from tanba.strings import LANGUAGES, kind_word, t

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #c9d1d9;padding:.4rem;text-align:left;vertical-align:top}
td,th{overflow-wrap:anywhere}
section{border-top:4px solid #0b6e6e;margin-top:2.5rem}pre{background:#f3f5f7;padding:.7rem;overflow-x:auto}div{overflow-x:auto}
"""

COMMAND = "python tanba_verify.py BUNDLE.zip --policy policy.txt --tsa roots.pem"


def page(index: Mapping[str, Any], receipts: Sequence[Receipt], missing: Collection[str] = ()) -> str:
    """A whole HTML document, UTF-8. `missing` are files that the index names and the bundle does not hold."""
    entries = [Entry.parse(receipt.entry) for receipt in receipts]
    title = escape(_title(index))
    body = "".join("".join(_section(index, entries, missing, language)) for language in LANGUAGES)
    links = " · ".join(f'<a href="#{language}" lang="{language}">{t("bundle.language", language)}</a>' for language in LANGUAGES)
    return (
        f'<!doctype html>\n<html lang="kk"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body><h1>{title}</h1><nav>{links}</nav>\n{body}</body></html>\n"
    )


def _title(index: Mapping[str, Any]) -> str:
    named = [(index[key] or {}).get("name", "") for key in ("system", "organisation")]
    return " – ".join(name for name in named if name) or "tanba"


def _section(index: Mapping[str, Any], entries: Sequence[Entry], missing: Collection[str], language: str) -> Iterator[str]:
    yield f'<section id="{language}" lang="{language}"><h2>{t("bundle.title", language)}</h2>'
    yield f"<p>{t('bundle.about', language)}</p><p>{t('bundle.how', language)}</p>"
    yield f"<pre>{COMMAND}</pre><p>{t('bundle.limits', language)}</p>"
    yield f"<h3>{t('bundle.artifacts', language)}</h3>"
    rows = zip(index["artifacts"], entries, strict=True)
    yield _table(language, ("what", "time", "file"), (_cells(row, entry, missing, language) for row, entry in rows))
    if index["obligations"]:
        yield f"<h3>{t('bundle.obligations', language)}</h3>"
        yield _table(language, ("provision", "status", "file"), (_claim_cells(claim, language) for claim in index["obligations"]))
    yield f"<h3>{t('bundle.checkpoint', language)}</h3><pre>{escape(index['checkpoint'])}</pre></section>\n"


def _cells(row: Mapping[str, Any], entry: Entry, missing: Collection[str], language: str) -> tuple[str, ...]:
    kind = kind_word(entry.kind, language)
    what = f"{escape(kind)}<br>{escape(row['description'])}" if row["description"] else escape(kind)
    file = _link(row["file"]) if row["file"] else t("bundle.erased", language)
    return what, escape(entry.time), f"{escape(row['file'])}: {t('ledger.word_missing', language)}" if row["file"] in missing else file


def _claim_cells(claim: Mapping[str, Any], language: str) -> tuple[str, ...]:
    status = t(f"obligations.status_{claim['status']}", language)
    return escape(claim["provision"]), status, "<br>".join(map(_link, claim["artifacts"]))


def _link(file: str) -> str:
    return f'<a href="{escape(file)}">{escape(file)}</a>'


def _table(language: str, heads: Sequence[str], rows: Iterator[tuple[str, ...]]) -> str:
    head = "".join(f"<th>{t(f'bundle.{name}', language)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
