"""Manifests: signed, read again, trusted by whom they should be, broken by one byte."""

import multiprocessing
from typing import Any

import pytest

from marking.conftest import NOW, packed, scene
from tanba import c2pa_io
from tanba.errors import InputError
from tanba.marking.keys import Issuer, new_authority
from tanba.marking.model import SOURCE_TYPES

KINDS = [(name.upper(), f"image/{name}") for name in ("jpeg", "png", "webp", "tiff", "gif", "avif")]
CREATED = {"action": "c2pa.created", "digitalSourceType": SOURCE_TYPES["created"]}
OPENED = {"action": "c2pa.opened", "parameters": {"ingredientIds": [c2pa_io.PARENT]}}
SMALL = scene(96, 64)


def definition(*actions: dict[str, Any]) -> dict[str, Any]:
    return {"claim_generator_info": [{"name": "tanba"}], "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": list(actions)}}]}


@pytest.mark.parametrize(("format", "media_type"), KINDS)
def test_signed_and_read_again(format: str, media_type: str, issuer: Issuer) -> None:
    plain = packed(SMALL, format)
    assert c2pa_io.read(plain, media_type) is None
    signed, store = c2pa_io.sign(plain, media_type, definition(CREATED), issuer.credential)
    assert len(signed) - len(plain) < 6000  # no thumbnail
    ours, stranger = c2pa_io.read(signed, media_type, issuer.roots), c2pa_io.read(signed, media_type, new_authority("", NOW).certificate)
    assert ours
    assert stranger
    assert (ours.state, ours.issuer, list(ours.problems)) == ("trusted", "Qarlygash", [])
    assert stranger.state == "valid"
    assert ours.assertions["c2pa.actions.v2"]["actions"][0]["digitalSourceType"] == SOURCE_TYPES["created"]
    if media_type == "image/png":
        assert store in signed


@pytest.mark.parametrize(("format", "media_type"), KINDS)
def test_one_changed_byte_makes_it_invalid(format: str, media_type: str, issuer: Issuer) -> None:
    signed = bytearray(c2pa_io.sign(packed(SMALL, format), media_type, definition(CREATED), issuer.credential)[0])
    plain = packed(SMALL, format)
    at = signed.find(plain[len(plain) // 2 : len(plain) // 2 + 16])  # of the picture, whose bytes stand there as before
    assert at > 0
    signed[at] ^= 1
    found = c2pa_io.read(bytes(signed), media_type, issuer.roots)
    assert found
    assert found.state == "invalid"
    assert found.problems


def test_what_was_there_becomes_an_ingredient(issuer: Issuer) -> None:
    first, _ = c2pa_io.sign(packed(SMALL), "image/jpeg", definition(CREATED), issuer.credential)
    again, _ = c2pa_io.sign(packed(SMALL), "image/jpeg", definition(OPENED), issuer.credential, parent=first)
    found = c2pa_io.read(again, "image/jpeg", issuer.roots)
    assert found
    assert (found.state, found.count, len(found.ingredients)) == ("trusted", 2, 1)


@pytest.mark.parametrize("cut", [0, 1, 3, 20, 400, 2000])
def test_damaged_files_are_refused_or_invalid(cut: int, issuer: Issuer) -> None:
    signed, _ = c2pa_io.sign(packed(SMALL), "image/jpeg", definition(CREATED), issuer.credential)
    found = c2pa_io.read(signed[:cut], "image/jpeg", issuer.roots)
    assert found is None or found.state == "invalid"
    with pytest.raises(InputError, match="takes no C2PA manifest"):
        c2pa_io.sign(b"\xff\xd8"[:cut] + b"nonsense", "image/png", definition(CREATED), issuer.credential)


def test_a_process_made_by_fork_signs_too(issuer: Issuer) -> None:
    """Native objects do not survive a fork: the child makes its own."""
    c2pa_io.sign(packed(SMALL), "image/jpeg", definition(CREATED), issuer.credential)
    context = multiprocessing.get_context("fork")
    reading, writing = context.Pipe(duplex=False)

    def work() -> None:
        writing.send(c2pa_io.sign(packed(SMALL), "image/jpeg", definition(CREATED), issuer.credential)[0])

    child = context.Process(target=work)
    child.start()
    signed = reading.recv()
    child.join(20)
    found = c2pa_io.read(signed, "image/jpeg", issuer.roots)
    assert found
    assert found.state == "trusted"
