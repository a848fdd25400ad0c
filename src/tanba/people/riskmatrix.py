"""The matrix of a register as SVG: likelihood across, consequence upwards, risks by number. No script; words stand beside colours."""

from collections.abc import Callable, Sequence
from html import escape

from tanba.people.risks import SCALE, Risk, Score

CELL, LEFT, TOP, HIGH = 112, 150, 56, 74
"""Pixels: width of a cell, of the words beside it, of the title above, and height of a cell."""

COLOURS = {"low": "#dcebdf", "moderate": "#f6ecc5", "serious": "#f5cfae", "severe": "#e3a39c"}
INK, LINE = "#1f2933", "#ffffff"
MOST = 8
"""Numbers that one cell names; of the others it says how many."""


def draw(risks: Sequence[Risk], say: Callable[[str], str], title: str, residual: bool = True) -> str:
    """Each risk is named by its place in `risks`, from 1. `say` gives the text of a key under `risks.`; unscored risks are not drawn."""
    width, height = LEFT + CELL * len(SCALE), TOP + HIGH * len(SCALE) + 60
    cells = [_cell(x, y, _numbers(risks, x, y, residual), say) for y in SCALE for x in SCALE]
    sides = [_side(step, say) for step in SCALE]
    below = TOP + HIGH * len(SCALE) + 48
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}"><title>{escape(title)}</title>'
        f'<text x="0" y="20" font-size="16" font-weight="600">{escape(title)}</text>'
        f'<text x="0" y="{TOP - 8}">{escape(say("consequence"))} ↑</text>{"".join(cells + sides)}'
        f'<text x="{width}" y="{below}" text-anchor="end">{escape(say("likelihood"))} →</text></svg>'
    )


def _numbers(risks: Sequence[Risk], likelihood: int, consequence: int, residual: bool) -> list[int]:
    def score(risk: Risk) -> Score | None:
        return risk.residual if residual else risk.inherent

    found = [(number, score(risk)) for number, risk in enumerate(risks, 1)]
    return [number for number, each in found if each and (each.likelihood, each.consequence) == (likelihood, consequence)]


def _cell(likelihood: int, consequence: int, numbers: Sequence[int], say: Callable[[str], str]) -> str:
    level = Score(likelihood, consequence).level
    x, y = LEFT + CELL * (likelihood - 1), TOP + HIGH * (len(SCALE) - consequence)
    more = f" +{len(numbers) - MOST}" if len(numbers) > MOST else ""
    shown = [str(number) for number in numbers[:MOST]]
    rows = [" ".join(shown[:4]), " ".join(shown[4:]) + more]
    words = "".join(
        f'<text x="{x + 10}" y="{y + 42 + 20 * place}" font-size="15" font-weight="600">{row}</text>'
        for place, row in enumerate(rows)
        if row
    )
    return (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{HIGH}" fill="{COLOURS[level]}" stroke="{LINE}" stroke-width="2"/>'
        f'<text x="{x + 10}" y="{y + 18}" font-size="11">{escape(say(f"level_{level}"))}</text>{words}'
    )


def _side(step: int, say: Callable[[str], str]) -> str:
    """The short words of a step: what stands before the colon."""
    up, across = (say(f"{name}_{step}").partition(":")[0] for name in ("consequence", "likelihood"))
    y, x = TOP + HIGH * (len(SCALE) - step) + HIGH // 2, LEFT + CELL * (step - 1) + CELL // 2
    return (
        f'<text x="{LEFT - 8}" y="{y}" text-anchor="end" font-size="12">{step} {escape(up)}</text>'
        f'<text x="{x}" y="{TOP + HIGH * len(SCALE) + 20}" text-anchor="middle" font-size="12">{step} {escape(across)}</text>'
    )
