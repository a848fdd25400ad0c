"""Pictures to mark, in kinds, and in two sets that share none: parameters were chosen on TUNING, figures are of HELD_BACK.

Files come from Debian's wallpaper packages (see PACKAGES); text pages, charts and gradients are drawn here, with other seeds per set.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Pixels = np.ndarray
Picture = tuple[str, str, Pixels]
"""Kind, name, RGB pixels."""

PACKAGES = "plasma-workspace-wallpapers gnome-backgrounds mate-backgrounds ukui-wallpapers lomiri-wallpapers-16.04 lomiri-wallpapers-20.04"
BACKGROUNDS, PLASMA = Path("/usr/share/backgrounds"), Path("/usr/share/wallpapers")
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf")
PIXELS = 1_000_000

TUNING = {
    "photo": [f"mate/nature/{name}.jpg" for name in (
        "Aqua", "Blinds", "Dune", "FreshFlower", "Garden", "GreenMeadow", "LadyBird", "RainDrops", "Storm", "TwoWings", "Wood",
        "YellowFlower",
    )],
    "graphic": ["Canopee", "Honeywave", "rhythm.jpg", "city.png", "calla.png", "gnome/truchet-l.webp"],
    "dark": ["mate/desktop/Ubuntu-Mate-Cold-no-logo.png", "MilkyWay", "gnome/wood-d.webp"],
    "flat": ["DarkestHour", "gnome/adwaita-l.webp", "fluent-color.png"],
}  # fmt: skip
HELD_BACK = {
    "photo": [
        "Bridge_by_Sander_Klootwijk.jpg", "Dragonfly_by_Bolly.jpg", "Kleiber_by_Lukas_Baubkus.jpg", "Picture_0B_by_freespace.jpg",
        "Picture_1A_by_freespace.jpg", "Wine_by_Jakkub_Mede.jpg", "aitzgorri_by_Aitzol_Berasategi.jpg", "free_by_Peter_Nerlich.jpg",
        "friends_by_Aitzol_Berasategi.jpg", "greentock_by_Peter_Nerlich.jpg", "life_by_Aitzol_Berasategi.jpg",
        "picosdeeuropa_by_Aitzol_Berasategi.jpg", "seeding_by_Clements_Engelhardt.jpg", "sunset_by_Aitzol_Berasategi.jpg",
        "Autumn", "BytheWater", "ColdRipple", "ColorfulCups", "EveningGlow", "FallenLeaf", "Grey", "Kite", "OneStandsOut", "Path",
    ],
    "graphic": [
        "Altai", "Cascade", "Cluster", "Elarun", "FlyingKonqui", "IceCold", "Kay", "Opal", "SafeLanding", "Shell", "goldfish.png",
        "firstgeneration.jpg", "desert.png", "gnome/grid-d.webp",
    ],
    "dark": ["mate/desktop/Ubuntu-Mate-Warm-no-logo.png", "Infinite-Sea_by_Aury88.jpg", "the-mouse.jpg", "mate/desktop/Stripes.png"],
    "flat": ["summer_1am", "PastelHills", "Fossa_by_Jasper_Roks.jpg", "umang_by_Abhishek_Mudgal.jpg", "Kokkini"],
}  # fmt: skip
SMALL = {
    "tuning": [(300, 450), (256, 256), (200, 150), (128, 128), (96, 96)],
    "held back": [(300, 448), (320, 240), (180, 180), (140, 200), (96, 128)],
}
"""Sizes (h, w) that photographs of the set are shrunk and cut to."""


def pictures(files: dict[str, list[str]], seed: int, sizes: list[tuple[int, int]]) -> Iterator[Picture]:
    """Every picture of a set that is there."""
    for kind, names in files.items():
        for name in names:
            if (path := _path(name)) is not None:
                yield kind, path.stem if path.parent.name != "images" else name, load(path)
    random = np.random.default_rng(seed)
    for number in range(4):
        yield "text", f"page {number}", _page(random, 14 + 4 * number, number % 2 == 0)
    yield "graphic", "chart", _chart(random)
    yield "flat", "gradient", _gradient(random)
    yield "flat", "sky", _sky(random)
    yield "dark", "night", _night(random)
    photos = [path for name in files["photo"] if (path := _path(name)) is not None]
    for number, (height, width) in enumerate(sizes * 2):
        if photos:
            path = photos[number % len(photos)]
            yield "small", f"{path.stem[:12]} {width}x{height}", _fitted(load(path), height, width)


def missing(files: dict[str, list[str]]) -> list[str]:
    """Names of files that are not installed."""
    return [name for names in files.values() for name in names if _path(name) is None]


def _path(name: str) -> Path | None:
    if "." in name:
        path = BACKGROUNDS / name
        return path if path.is_file() else None
    found = list((PLASMA / name / "contents/images").glob("*.*"))
    wide = sorted(
        (path for path in found if int(path.stem.split("x")[0]) > int(path.stem.split("x")[1])),
        key=lambda path: int(path.stem.split("x")[0]),
    )
    return wide[-1] if wide else None


def load(path: Path, pixels: int = PIXELS) -> Pixels:
    """An RGB picture of about so many pixels, on white where transparent."""
    image = Image.open(path).convert("RGBA")
    flat = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    out = np.asarray(flat)
    scale = (pixels / out.shape[0] / out.shape[1]) ** 0.5
    return cv2.resize(out, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)


def _fitted(pixels: Pixels, height: int, width: int) -> Pixels:
    """The middle, at the size asked for."""
    scale = max(height / pixels.shape[0], width / pixels.shape[1])
    out = cv2.resize(pixels, None, fx=scale + 1e-3, fy=scale + 1e-3, interpolation=cv2.INTER_AREA)
    top, left = (out.shape[0] - height) // 2, (out.shape[1] - width) // 2
    return np.ascontiguousarray(out[top : top + height, left : left + width])


def _page(random: np.random.Generator, size: int, titled: bool) -> Pixels:
    page = Image.new("RGB", (840, 1188), "white")
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), size) if FONT.is_file() else ImageFont.load_default(size)
    y = 60
    if titled:
        pen.text(
            (60, y), "Quarterly report", fill="black", font=font.font_variant(size=2 * size) if hasattr(font, "font_variant") else font
        )
        y += 4 * size
    while y < 1188 - 60 - size:
        words = ["".join(chr(97 + int(letter)) for letter in random.integers(0, 26, random.integers(2, 10))) for _ in range(30)]
        line = " ".join(words)
        while pen.textlength(line, font=font) > 720:
            line = line.rsplit(" ", 1)[0]
        pen.text((60, y), line if random.random() > 0.12 else line[:24], fill="black", font=font)
        y += int(1.5 * size) + (size if random.random() < 0.12 else 0)
    return np.asarray(page)


def _chart(random: np.random.Generator) -> Pixels:
    page = np.full((800, 1200, 3), 255, np.uint8)
    cv2.line(page, (100, 700), (1150, 700), (60, 60, 60), 2)
    for bar in range(9):
        height = int(random.integers(80, 600))
        colour = tuple(int(part) for part in random.integers(40, 220, 3))
        cv2.rectangle(page, (130 + 110 * bar, 700 - height), (210 + 110 * bar, 699), colour, -1)
        cv2.putText(page, str(height), (135 + 110 * bar, 740), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2, cv2.LINE_AA)
    return page


def _gradient(random: np.random.Generator) -> Pixels:
    y, x = np.mgrid[0:1:900j, 0:1:1200j][..., None]
    low, high, side = random.integers(60, 220, (3, 3))
    return np.clip(low + (high - low) * y + (side - low) * 0.4 * x, 0, 255).astype(np.uint8)


def _sky(random: np.random.Generator) -> Pixels:
    clouds = cv2.GaussianBlur(random.normal(0, 1, (900, 1200)).astype(np.float32), (0, 0), 60)
    shade = np.clip(clouds / clouds.std() * 14, -30, 50)[..., None] + np.linspace(-20, 30, 900)[:, None, None]
    return np.clip(np.array([140, 180, 225]) + shade + random.normal(0, 1.0, (900, 1200, 1)), 0, 255).astype(np.uint8)


def _night(random: np.random.Generator) -> Pixels:
    scene = np.full((900, 1200), 6, np.float32)
    for _ in range(60):
        spot = (int(random.integers(0, 1200)), int(random.integers(450, 900)))
        cv2.circle(scene, spot, int(random.integers(1, 6)), float(random.integers(60, 250)), -1)
    glow = scene + 2 * cv2.GaussianBlur(scene, (0, 0), 25)
    tint = np.array([1.0, 0.85, 0.6]) * glow[..., None] + random.normal(0, 1.5, (900, 1200, 3))
    return np.clip(tint, 0, 255).astype(np.uint8)


SETS: dict[str, Callable[[], Iterator[Picture]]] = {
    "tuning": lambda: pictures(TUNING, 1, SMALL["tuning"]),
    "held back": lambda: pictures(HELD_BACK, 2, SMALL["held back"]),
}
