"""Two pictures drawn by code, with the warning as it would stand on them: what a change of the standard looks like."""

import io
from base64 import b64encode
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from tanba.errors import InputError
from tanba.marking import label
from tanba.marking.model import Source
from tanba.marking.standard import Standard
from tanba.web.language import say, told

WIDTH, HEIGHT = 640, 420
LIGHT = ((226, 240, 250), (250, 247, 236), (255, 214, 120), (176, 205, 178), (140, 178, 150))
DARK = ((14, 22, 48), (52, 44, 84), (226, 226, 214), (28, 40, 58), (16, 26, 40))
"""Sky above and below, sun or moon, hills behind and in front."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture as a data address, or why the warning cannot stand on it."""

    ground: str
    source: Source
    address: str = ""
    problem: str = ""
    alt: str = ""


def samples(standard: Standard) -> list[Sample]:
    """A light picture made by AI, and a dark one altered by it."""
    return [_sample("light", "created", standard), _sample("dark", "altered", standard)]


def _sample(ground: str, source: Source, standard: Standard) -> Sample:
    pixels = scene(LIGHT if ground == "light" else DARK)
    try:
        if "label" in standard.layers:
            label.draw(pixels, standard.words(source), standard.place, standard.style, standard.size)
    except InputError as error:
        return Sample(ground, source, problem=told(error)[0])
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", optimize=True)
    words = ", ".join(standard.words(source)) if "label" in standard.layers else "–"
    alt = say("marking_pages.sample_alt", ground=say(f"marking_pages.sample_{ground}"), words=words)
    return Sample(ground, source, f"data:image/png;base64,{b64encode(out.getvalue()).decode()}", alt=alt)


def scene(colours: tuple[tuple[int, int, int], ...]) -> label.Pixels:
    """Hills under a sky."""
    above, below, disc, behind, front = colours
    share = np.linspace(0, 1, HEIGHT)[:, None, None]
    sky = np.broadcast_to(np.array(above) * (1 - share) + np.array(below) * share, (HEIGHT, WIDTH, 3))
    image = Image.fromarray(sky.astype(np.uint8))
    canvas = ImageDraw.Draw(image)
    canvas.ellipse((420, 60, 510, 150), fill=disc)
    for colour, base, height, length in ((behind, 270, 45, 95), (front, 340, 30, 140)):
        line = [(x, base - height * float(np.sin(x / length + base))) for x in range(0, WIDTH + 8, 8)]
        canvas.polygon([(0, HEIGHT), *line, (WIDTH, HEIGHT)], fill=colour)
    return np.array(image)
