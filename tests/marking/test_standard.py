"""The channel standard: read strictly, and named by what it says."""

from typing import Any

import pytest

from tanba.errors import InputError
from tanba.marking.standard import Standard, languages, parse


def test_what_is_not_said_is_ours() -> None:
    assert parse({}) == Standard()
    assert parse({}).words("created") == ["ЖИ жасаған", "Создано ИИ"]
    assert parse({}).words("altered") == ["ЖИ өзгерткен", "Изменено ИИ"]


def test_what_is_said_holds() -> None:
    wording = {"created": {"en": "Generated"}}
    found = parse({"languages": ["en", "kk"], "place": "top-left", "size": 0.08, "wording": wording, "aigc": True})
    assert found.words("created") == ["Generated", "ЖИ жасаған"]
    assert (found.place, found.size, found.aigc) == ("top-left", 0.08, True)


def test_every_difference_has_another_version() -> None:
    said: list[dict[str, Any]] = [{}, {"size": 0.06}, {"languages": ["kk"]}, {"languages": ["ru", "kk"]}, {"aigc": True}, {"style": "dark"}]
    assert len({parse(each).version for each in said}) == len(said)
    assert parse({"size": 0.05}).version == parse({}).version


@pytest.mark.parametrize(
    "said",
    [
        {"langauges": ["kk"]},
        {"languages": []},
        {"languages": ["kk", "kk"]},
        {"languages": ["de"]},
        {"languages": "kk"},
        {"place": "centre"},
        {"size": 0.01},
        {"size": 1},
        {"size": 0.5},
        {"size": True},
        {"style": "pink"},
        {"wording": {"created": {"kk": ""}}},
        {"wording": {"made": {}}},
        {"wording": {"created": "x"}},
        {"wording": {"created": {"kk": "x" * 100}}},
        {"layers": ["wall"]},
        {"aigc": "yes"},
        {"everything": 1},
    ],
)
def test_refused(said: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        parse(said)


def test_a_near_name_is_offered() -> None:
    with pytest.raises(InputError) as found:
        parse({"langauges": ["kk"]})
    assert "'languages'" in found.value.hint


def test_languages_on_the_command_line() -> None:
    assert languages("kk+ru") == ("kk", "ru")
    for wrong in ("", "kk,ru", "de", "kk+kk", "+"):
        with pytest.raises(InputError):
            languages(wrong)
