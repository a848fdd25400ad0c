"""A document as one HTML page that needs nothing else: no script, a style for paper. Pure."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tanba.documents.qr import svg

STYLE = """
@page{size:A4;margin:20mm 10mm 20mm 30mm}.two{page:wide}@page wide{size:A4 landscape;margin:20mm 10mm 20mm 30mm}
body{font:11pt/1.4 "Libertinus Serif","Noto Serif","Times New Roman",serif;color:#1a1a1a;max-width:46rem;margin:2rem auto;padding:0 1rem;
overflow-wrap:anywhere}body.two{max-width:76rem}h1,h2,h3{line-height:1.2;break-after:avoid}h1{font-size:1.6em;margin:.2em 0}
h2{font-size:1.2em;margin:1.4em 0 .4em}h3{font-size:1em;margin:1em 0 .3em}
table{border-collapse:collapse;width:100%;table-layout:fixed;margin:.4em 0}
th,td{border:1px solid #b5b5b5;padding:.3em .5em;text-align:left;vertical-align:top}th{background:#f2f2f2}tr{break-inside:avoid}
.source,.notes,footer{color:#555;font-size:.82em}.source{display:block}.gap{background:#fff3cd;border-left:3px solid #9a6700;padding:0 .3em}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:2rem}.box{font-family:"DejaVu Sans Mono","Segoe UI Symbol",monospace}
.chart{table-layout:auto}.chart svg{display:block;width:100%;height:.9em}.chart .count{text-align:right;white-space:nowrap;width:1%}
.chart caption{text-align:left;font-weight:bold;padding:.3em 0}.shade{display:inline-block;width:.7em;height:.7em;margin-right:.4em}
.letterhead{display:grid;grid-template-columns:3fr 2fr;gap:2rem;margin:1em 0 2em}.letterhead p{margin:0}
.signature{display:grid;grid-template-columns:2fr 1fr 1.4fr .8fr;gap:1rem;align-items:end;margin-top:2.2em;break-inside:avoid}
.signature span+span{border-top:1px solid #1a1a1a;font-size:.8em;color:#555}
.proof{display:flex;gap:1.2rem;align-items:flex-start;break-inside:avoid}.proof svg{width:32mm;height:32mm;flex:none}
@media print{body{margin:0;padding:0 1px;max-width:none}}
"""


def html(page: Mapping[str, Any]) -> bytes:
    """`page` from `layout.laid`; UTF-8."""
    languages = page["languages"]
    title = escape(page["header"][0])
    body = [
        _both([f'<p class="source" lang="{lang}">{escape(name)}</p>' for lang, name in zip(languages, page["organisation"], strict=True)])
    ]
    body += [_letterhead(page["letterhead"], languages)] if page["letterhead"] else []
    body += [_both([f'<h1 lang="{lang}">{escape(text)}</h1>' for lang, text in zip(languages, page["title"], strict=True)])]
    body += [_both([f'<p lang="{lang}">{escape(text)}</p>' for lang, text in zip(languages, page["subject"], strict=True)])]
    body += [DRAW[block["kind"]](block, languages) for block in page["blocks"]]
    foot = _both([f'<p lang="{lang}">{escape(text)}</p>' for lang, text in zip(languages, page["footer"], strict=True)])
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
    kind = ' class="two"' if len(languages) > 1 else ""
    made = f'<!doctype html>\n<html lang="{languages[0]}"><head>{head}<style>{STYLE}</style></head>\n<body{kind}>\n'
    return (made + "\n".join(body) + f"\n<footer>{foot}</footer>\n</body></html>\n").encode()


def _both(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else '<div class="pair"><div>' + "</div><div>".join(parts) + "</div></div>"


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _said(cell: Mapping[str, str]) -> str:
    text = _lines(cell["text"])
    text = f'<span class="gap"><strong>{escape(cell["gap"])}:</strong> {text}</span>' if cell["gap"] else text
    return text + (f' <span class="source">{escape(cell["source"])}</span>' if cell["source"] else "")


def _notes(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    return _both([f'<p class="notes" lang="{lang}">{_lines(chr(10).join(lines))}</p>' for lang, lines in _each(block["cells"], languages)])


def _proof(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    text = _notes(block, languages)
    if not block["address"]:
        return text
    label = " · ".join(block["alt"])
    return f'<div class="proof"><div role="img" aria-label="{escape(label)}">{svg(block["address"])}</div><div>{text}</div></div>'


def _letterhead(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    sides = []
    for lang, rows, to in zip(languages, block["rows"], block["to"], strict=True):
        left = "<br>".join(f"{_said(label)}: {_said(cell)}" for label, cell in rows)
        sides.append(f'<div class="letterhead" lang="{lang}"><p>{left}</p><p>{_said(to)}</p></div>')
    return _both(sides)


def _heading(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    tag = f"h{block['level'] + 1}"
    return _both([f'<{tag} lang="{lang}">{escape(text)}</{tag}>' for lang, text in _each(block["texts"], languages)])


def _paragraph(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    return _both([f'<p lang="{lang}">{_said(cell)}</p>' for lang, cell in _each(block["cells"], languages)])


def _check(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    box = "☑" if block["checked"] else "☐"
    return _both([f'<p lang="{lang}"><span class="box">{box}</span> {_said(cell)}</p>' for lang, cell in _each(block["cells"], languages)])


def _signature(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    made = [(lang, text, words) for (lang, text), words in zip(_each(block["texts"], languages), block["words"], strict=True)]
    lines = [(lang, escape(text), "".join(f"<span>{escape(word)}</span>" for word in words)) for lang, text, words in made]
    return _both([f'<div class="signature" lang="{lang}"><span>{text}</span>{words}</div>' for lang, text, words in lines])


def _table(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    """Two languages stand in one table, so that their rows stay beside one another."""
    share = [width / sum(block["widths"]) / len(languages) * 100 for width in block["widths"]] * len(languages)
    columns = "".join(f'<col style="width:{width:.1f}%">' for width in share)
    head = "".join(_cell("th", lang, escape(text)) for lang, texts in _each(block["head"], languages) for text in texts)
    rows = ["".join(_cell("td", lang, _said(cell)) for lang, cells in _each(row, languages) for cell in cells) for row in block["rows"]]
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return f"<table><colgroup>{columns}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _chart(block: Mapping[str, Any], languages: Sequence[str]) -> str:
    """A table with a bar in each row: the numbers stand beside it for whoever cannot see it."""
    shades = [f'<span class="shade" style="background:#{shade}"></span>' for shade in block["shades"]]
    heads = [f'<th scope="col" class="count">{shade}{_below(texts, languages)}</th>'
             for shade, texts in zip(shades, block["series"], strict=True)]  # fmt: skip
    rows = "".join(_bar_row(row, block, languages) for row in block["rows"])
    caption = f"<caption>{_below(block['titles'], languages)}</caption>"
    return f'<table class="chart">{caption}<thead><tr><td></td><td></td>{"".join(heads)}</tr></thead><tbody>{rows}</tbody></table>'


def _bar_row(row: Mapping[str, Any], block: Mapping[str, Any], languages: Sequence[str]) -> str:
    starts = [sum(row["counts"][:i]) for i in range(len(row["counts"]))]
    parts = "".join(
        f'<rect x="{100 * start / block["whole"]:.2f}" width="{100 * count / block["whole"]:.2f}" height="10" fill="#{shade}"/>'
        for start, count, shade in zip(starts, row["counts"], block["shades"], strict=True)
    )
    bar = f'<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">{parts}</svg>'
    counts = "".join(f'<td class="count">{count}</td>' for count in row["counts"])
    return f'<tr><th scope="row">{_below(row["labels"], languages)}</th><td style="width:45%">{bar}</td>{counts}</tr>'


def _below(texts: Sequence[str], languages: Sequence[str]) -> str:
    return "<br>".join(f'<span lang="{lang}">{escape(text)}</span>' for lang, text in _each(texts, languages))


def _cell(tag: str, lang: str, inside: str) -> str:
    scope = ' scope="col"' if tag == "th" else ""
    return f'<{tag} lang="{lang}"{scope}>{inside}</{tag}>'


def _each(texts: Sequence[Any], languages: Sequence[str]) -> list[tuple[str, Any]]:
    return list(zip(languages, texts, strict=True))


DRAW = {
    "chart": _chart,
    "check": _check,
    "heading": _heading,
    "notes": _notes,
    "paragraph": _paragraph,
    "proof": _proof,
    "signature": _signature,
    "table": _table,
}
