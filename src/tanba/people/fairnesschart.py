"""A picture of measured rates: for each group a dot and its interval. SVG, drawn by hand: no library, no script, readable when printed."""

from collections.abc import Mapping
from html import escape

from tanba.people.fairness import ALL, SMALL, Rate

WIDTH, ROW, HEAD, SIDE = 720, 26, 56, 210
"""Pixels: of the picture, of one group, above the rows, and of the names."""

INK, FAINT, DOT, WEAK = "#1f2933", "#c6cdd4", "#00665c", "#8a5a00"
TICKS = (0, 25, 50, 75, 100)


def chart(measured: Mapping[str, Mapping[str, Rate]], name: str, title: str, everybody: str, few: str) -> str:
    """One rate of every group. `few` is written beside groups with fewer than `SMALL` cases, so that colour is not needed to see it."""
    height = HEAD + ROW * len(measured) + 30
    rows = [
        _row(group or everybody, rates[name], HEAD + ROW * number, group == ALL, few)
        for number, (group, rates) in enumerate(measured.items())
    ]
    ticks = [_tick(each, height) for each in TICKS]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}"><title>{escape(title)}</title>'
        f'<text x="0" y="20" font-size="16" font-weight="600">{escape(title)}</text>{"".join(ticks + rows)}</svg>'
    )


def _tick(percent: int, height: int) -> str:
    x = _x(percent / 100)
    return (
        f'<line x1="{x}" x2="{x}" y1="{HEAD - 8}" y2="{height - 24}" stroke="{FAINT}"/>'
        f'<text x="{x}" y="{height - 8}" text-anchor="middle">{percent} %</text>'
    )


def _row(group: str, rate: Rate, top: int, bold: bool, few: str) -> str:
    middle = top + ROW // 2
    weight = ' font-weight="600"' if bold else ""
    words = [f'<text x="0" y="{middle + 4}"{weight}>{escape(_short(group))}</text>']
    if rate.value is None or rate.interval is None:
        return words[0] + f'<text x="{SIDE}" y="{middle + 4}">–</text>'
    low, high = rate.interval
    colour, note = (WEAK, few) if rate.of < SMALL else (DOT, "")
    words.append(f'<line x1="{_x(low)}" x2="{_x(high)}" y1="{middle}" y2="{middle}" stroke="{colour}" stroke-width="3"/>')
    words.append(f'<circle cx="{_x(rate.value)}" cy="{middle}" r="6" fill="{colour}"/>')
    words.append(
        f'<text x="{WIDTH}" y="{middle + 4}" text-anchor="end">{100 * rate.value:.1f} % ({rate.hits}/{rate.of}) {escape(note)}</text>'
    )
    return "".join(words)


def _x(share: float) -> float:
    return round(SIDE + share * (WIDTH - SIDE - 190), 1)


def _short(name: str) -> str:
    return name if len(name) <= 28 else name[:27] + "…"
