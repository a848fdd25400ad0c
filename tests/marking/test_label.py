"""The warning on a picture: large enough, clear enough, in its place, and found again."""

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from marking.conftest import packed, scene
from tanba.errors import InputError
from tanba.marking import label, sight
from tanba.marking.label import CONTRAST, PLACES, Pixels, Place
from tanba.strings import LANGUAGES, t

WORDS = [t(f"marking.label.{source}", language) for source in ("created", "altered") for language in LANGUAGES]
GROUNDS = {
    "white": np.full((400, 600, 3), 255, np.uint8),
    "black": np.zeros((400, 600, 3), np.uint8),
    "grey": np.full((400, 600, 3), 119, np.uint8),
    "scene": scene(600, 400),
    "noise": np.random.default_rng(2).integers(0, 256, (400, 600, 3), dtype=np.uint8),
    "stripes": np.tile(np.array([[[0] * 3], [[255] * 3]], np.uint8).repeat(4, 0), (50, 600, 1)),
}


@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("style", ["auto", "dark", "light"])
def test_it_can_be_read_on_any_ground(ground: str, place: Place, style: str) -> None:
    pixels = GROUNDS[ground].copy()
    drawn = label.draw(pixels, WORDS[:2], place, style)
    assert drawn.contrast >= CONTRAST
    assert drawn.letters >= 0.05 * 400
    assert (drawn.top < 200) is place.startswith("top")
    assert (drawn.left < 100) is place.endswith("left")
    outside = np.ones(pixels.shape[:2], bool)
    outside[drawn.top : drawn.top + drawn.height, drawn.left : drawn.left + drawn.width] = False
    assert np.array_equal(pixels[outside], GROUNDS[ground][outside])


@pytest.mark.parametrize("language", LANGUAGES)
def test_letters_are_as_high_as_they_say(language: str) -> None:
    mask = label.render((t("marking.label.created", language).upper(),), 40)
    rows = np.flatnonzero((mask > 128).any(axis=1))
    assert 40 <= rows[-1] - rows[0] + 1 <= 54  # Й and Ғ reach above and below


@pytest.mark.parametrize("word", WORDS)
def test_every_letter_is_in_the_font(word: str) -> None:
    """A letter that lacks is drawn as the same box."""
    lacking = np.asarray(label.render(("\uffff",), 30))
    for letter in set(word) - {" "}:
        drawn = label.render((letter,), 30)
        assert drawn.shape != lacking.shape or not np.array_equal(drawn, lacking), letter


@pytest.mark.parametrize("size", [(47, 400), (400, 47), (1, 1), (60, 48)])
def test_too_small_is_said(size: tuple[int, int]) -> None:
    with pytest.raises(InputError, match="too small for a warning"):
        label.draw(np.zeros((*size, 3), np.uint8), ["ЖИ жасаған", "Создано ИИ", "Made by AI"])


def test_lines_stand_below_one_another_where_a_row_is_too_long() -> None:
    row = label.draw(scene(900, 400), WORDS[:3])
    rows = label.draw(scene(300, 400), WORDS[:3])
    assert row.height < rows.height
    assert rows.width <= 300


def shown(words: list[str], width: int = 640, height: int = 480, seed: int = 5) -> Pixels:
    pixels = scene(width, height, seed)
    label.draw(pixels, words)
    return pixels


@pytest.mark.parametrize("word", WORDS)
def test_it_is_found_again(word: str) -> None:
    seen = sight.look(shown([word]), WORDS)
    assert seen
    assert seen.text == word
    assert seen.score > 0.75


ALIKE = [
    "Made by hand",
    "Made in Italy",
    "Not made by AI",
    "Not Made by AI",
    "Made by Al",
    "Создано для вас",
    "Создано ИП Иванов",
    "Изменено",
    "жасаған",
]


@pytest.mark.parametrize("phrase", ALIKE)
def test_other_words_in_the_same_letters_are_no_warning(phrase: str) -> None:
    image = Image.fromarray(scene(900, 600, 3))
    draw = ImageDraw.Draw(image)
    draw.rectangle((80, 480, 700, 570), fill=(16, 24, 32))
    draw.text((100, 500), phrase, font=ImageFont.truetype(str(label.FONT), 42), fill="white")
    seen = sight.look(np.asarray(image), WORDS, deep=True)
    assert seen is None or not seen.sure


@pytest.mark.parametrize("seed", range(8))
def test_pictures_without_it_have_none(seed: int) -> None:
    assert sight.look(scene(640, 480, seed), WORDS, deep=True) is None


@pytest.mark.parametrize("name", ["half", "poor", "cropped", "larger", "page"])
def test_it_is_found_after(name: str) -> None:
    pixels = shown(WORDS[:2])
    page = np.full((1000, 1400, 3), 240, np.uint8)
    page[200:680, 300:940] = pixels
    done = {
        "half": cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
        "poor": cv2.imdecode(np.frombuffer(packed(pixels, quality=20), np.uint8), cv2.IMREAD_COLOR_RGB),
        "cropped": pixels[150:, 180:],
        "larger": cv2.resize(pixels, None, fx=1.7, fy=1.7),
        "page": page,
    }[name]
    seen = sight.look(np.ascontiguousarray(done, np.uint8), WORDS, deep=name in ("cropped", "page"))
    assert seen
    assert seen.sure
    assert seen.text in WORDS[:2]


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3), (40, 40)])
def test_nothing_is_seen_in_slivers(size: tuple[int, int]) -> None:
    assert sight.look(np.zeros((*size, 3), np.uint8), WORDS, deep=True) is None


@pytest.mark.parametrize("turned", [False, True])
def test_a_strip_is_looked_at_from_both_ends(turned: bool) -> None:
    strip = scene(240, 4000, 2) if turned else scene(4000, 240, 2)
    drawn = label.draw(strip, WORDS[:1])
    seen = sight.look(strip, WORDS)
    assert seen
    assert seen.sure
    assert abs(seen.left - drawn.left) < 20
    assert abs(seen.top - drawn.top) < 20


def test_letters_of_a_large_picture_are_found_where_they_stand() -> None:
    large = cv2.resize(scene(640, 480, 5), (4000, 3000), interpolation=cv2.INTER_CUBIC).astype(np.uint8)
    drawn = label.draw(large, WORDS[:1])
    seen = sight.look(large, WORDS)
    assert seen
    assert seen.sure
    assert abs(seen.left - drawn.left) < 120
    assert abs(seen.letters - drawn.letters) < 10
