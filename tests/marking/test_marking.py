"""Mark, then verify: what was put on is found, also when most of it was taken off; and nothing is found where nothing was put."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from marking.conftest import NOW, opened, packed, scene
from tanba.errors import InputError
from tanba.marking import home, xmp
from tanba.marking.gate import judge
from tanba.marking.keys import Issuer
from tanba.marking.mark import Order, mark_file, record_of
from tanba.marking.markid import text_of
from tanba.marking.model import Statement
from tanba.marking.register import Register
from tanba.marking.standard import Standard
from tanba.marking.verify import Checked, verify
from tanba.workspace import Workspace

FORMATS = ["JPEG", "PNG", "WEBP", "TIFF", "GIF", "AVIF"]
ORDER = Order(Standard(), "created", "190140999998", "scorer")
PICTURE = scene(640, 480, 11)


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    made = Register(tmp_path / "marks.sqlite3")
    yield made
    made.close()


def states(checked: Checked) -> dict[str, str]:
    return {found.layer: found.state for found in checked.layers}


def check(data: bytes, issuer: Issuer | None, register: Register | None, deep: bool = False) -> Checked:
    return verify(data, "x", Standard(), issuer, register, deep)


@pytest.mark.parametrize("format", FORMATS)
def test_every_layer_is_found_again(format: str, issuer: Issuer, register: Register) -> None:
    marked, row = mark_file(packed(PICTURE, format), "a.bin", ORDER, issuer, register, NOW)
    checked = check(marked.content, issuer, register)
    assert states(checked) == {"c2pa": "valid", "metadata": "present", "watermark": "valid", "fingerprint": "present", "label": "present"}
    assert (checked.machine, checked.warning, list(checked.numbers)) == ("found", "found", [row.id])
    assert [(found.system, found.organisation) for found in checked.marks] == [("scorer", "190140999998")]
    assert judge(checked).passes is True
    assert marked.reasons == {}
    assert list(checked.as_json()["numbers"]) == [text_of(row.id)]
    assert checked.as_json()["conformity"] == "unknown"


def stripped(content: bytes, quality: int = 70, scale: float = 0.8) -> bytes:
    """As a messenger would send it: smaller, stored again, nothing beside the pixels."""
    image = opened(content).convert("RGB")
    return packed(np.asarray(image.resize((round(image.width * scale), round(image.height * scale)))), quality=quality)


def test_a_stripped_copy_is_found_by_its_pixels(issuer: Issuer, register: Register) -> None:
    marked, row = mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    checked = check(stripped(marked.content), issuer, register)
    assert states(checked) == {"c2pa": "absent", "metadata": "absent", "watermark": "valid", "fingerprint": "present", "label": "present"}
    assert list(checked.numbers) == [row.id]
    assert judge(checked).passes is True


def test_the_original_is_found_by_its_fingerprint_and_does_not_pass(issuer: Issuer, register: Register) -> None:
    _, row = mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    checked = check(packed(PICTURE), issuer, register)
    assert list(checked.numbers) == [row.id]
    assert judge(checked).reasons == ("no_mark", "no_warning")


@pytest.mark.parametrize("seed", range(4))
def test_pictures_without_marks_have_none(seed: int, issuer: Issuer, register: Register) -> None:
    mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    checked = check(packed(scene(640, 480, 100 + seed)), issuer, register, deep=seed == 0)
    assert set(states(checked).values()) == {"absent"}
    assert (checked.machine, checked.warning, list(checked.marks)) == ("not_found", "not_found", [])


def test_a_stranger_sees_what_is_signed_and_said_but_not_the_watermark(issuer: Issuer, register: Register, tmp_path: Path) -> None:
    marked, _ = mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    stranger = home.renew(Workspace(tmp_path / "other"), "Other")
    seen = states(check(marked.content, stranger, None))
    assert (seen["c2pa"], seen["metadata"], seen["watermark"], seen["label"]) == ("present", "present", "absent", "present")
    assert states(check(marked.content, None, None))["watermark"] == "unknown"


def test_a_second_issuer_leaves_the_first_mark(issuer: Issuer, register: Register, tmp_path: Path) -> None:
    first, row = mark_file(packed(PICTURE, "PNG"), "a.png", ORDER, issuer, register, NOW)
    other = home.renew(Workspace(tmp_path / "other"), "Other")
    theirs = Register(tmp_path / "theirs.sqlite3")
    both, second = mark_file(first.content, "a.png", Order(replace(Standard(), layers=("c2pa", "watermark"))), other, theirs, NOW)
    theirs.close()
    checked = check(both.content, issuer, register)
    assert row.id in checked.numbers
    assert states(checked)["watermark"] == "valid"
    details = next(found.details for found in checked.layers if found.layer == "c2pa")
    assert (details["manifests"], details["ours"]["id"]) == (2, text_of(second.id))


def test_marking_again_has_one_number_in_every_layer(issuer: Issuer, register: Register) -> None:
    once, _ = mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    twice, row = mark_file(once.content, "a.jpg", ORDER, issuer, register, NOW)
    checked = check(twice.content, issuer, register)
    by_layer = {found.layer: list(found.ids) for found in checked.layers}
    assert by_layer["c2pa"] == by_layer["metadata"] == by_layer["watermark"] == [row.id]


def test_after_a_renewal_old_marks_are_read(tmp_path: Path, register: Register) -> None:
    workspace = Workspace(tmp_path / "w")
    marked, row = mark_file(packed(PICTURE), "a.jpg", ORDER, home.renew(workspace, ""), register, NOW)
    checked = check(stripped(marked.content), home.renew(workspace, ""), register)
    assert list(checked.numbers) == [row.id]


def test_a_watermark_copied_onto_another_picture_is_seen(issuer: Issuer, register: Register) -> None:
    """The difference between marked and plain, added to another picture."""
    order = replace(ORDER, standard=replace(Standard(), layers=("watermark",)))
    marked, row = mark_file(packed(PICTURE, "PNG"), "a.png", order, issuer, register, NOW)
    difference = np.asarray(opened(marked.content).convert("RGB")).astype(int) - PICTURE
    unlike = 255 - scene(640, 480, 99)[::-1]  # drawn scenes resemble one another
    forged = np.clip(unlike.astype(int) + 2 * difference, 0, 255).astype(np.uint8)
    checked = check(packed(forged, "PNG"), issuer, register)
    assert states(checked)["watermark"] in ("invalid", "absent")
    assert judge(checked).passes is False
    if row.id in checked.numbers:
        assert "false_watermark" in judge(checked).reasons


def test_one_changed_byte_is_no_longer_signed(issuer: Issuer, register: Register) -> None:
    marked, _ = mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    changed = bytearray(marked.content)
    changed[-300] ^= 1
    checked = check(bytes(changed), issuer, register)
    assert states(checked)["c2pa"] == "invalid"
    assert "false_c2pa" in judge(checked).reasons


def test_altered_pictures_say_so_and_keep_their_origin(issuer: Issuer, register: Register) -> None:
    marked, _ = mark_file(packed(PICTURE), "a.jpg", replace(ORDER, source="altered"), issuer, register, NOW)
    checked = check(marked.content, issuer, register)
    found = {each.layer: each.details for each in checked.layers}
    assert found["c2pa"]["sources"] == ["http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"]
    assert found["label"]["text"] in ("ЖИ өзгерткен", "Изменено ИИ")


def test_a_camera_s_manifest_is_no_mark(issuer: Issuer, register: Register) -> None:
    from tanba import c2pa_io

    captured = {"action": "c2pa.created", "digitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"}
    actions = {"label": "c2pa.actions.v2", "data": {"actions": [captured]}}
    definition = {"claim_generator_info": [{"name": "camera"}], "assertions": [actions]}
    signed, _ = c2pa_io.sign(packed(PICTURE), "image/jpeg", definition, issuer.credential)
    assert check(signed, issuer, register).machine == "not_found"


def test_what_a_standard_leaves_out_is_left_out(issuer: Issuer, register: Register) -> None:
    for layer in ("c2pa", "metadata", "watermark", "label"):
        order = replace(ORDER, standard=replace(Standard(), layers=(layer,)))
        marked, _ = mark_file(packed(PICTURE, "PNG"), "a.png", order, issuer, register, NOW)
        found = states(check(marked.content, issuer, None))
        assert {name for name in ("c2pa", "metadata", "watermark", "label") if found[name] in ("valid", "present")} == {layer}


def test_a_small_picture_goes_without_what_does_not_fit_and_says_so(issuer: Issuer, register: Register) -> None:
    marked, row = mark_file(packed(scene(40, 30)), "a.jpg", ORDER, issuer, register, NOW)
    assert set(marked.reasons) == {"label", "watermark"}
    checked = check(marked.content, issuer, register)
    assert judge(checked).passes is False
    assert list(checked.numbers) == [row.id]
    assert set(record_of(marked, row)["missing"]) == {"label", "watermark"}


def test_a_warning_shows_on_a_transparent_picture(issuer: Issuer, register: Register) -> None:
    clear = np.dstack([PICTURE, np.zeros((480, 640), np.uint8)])
    marked, _ = mark_file(packed(clear, "PNG"), "a.png", ORDER, issuer, register, NOW)
    assert marked.warning
    alpha = np.asarray(opened(marked.content))[..., 3]
    top, left = marked.warning["top"], marked.warning["left"]
    assert alpha[top + 3, left + 3] == 255
    assert alpha[5, 5] == 0


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_every_frame_is_marked(format: str, issuer: Issuer, register: Register) -> None:
    frames = [Image.fromarray(scene(320, 240, seed)) for seed in range(3)]
    out = io.BytesIO()
    frames[0].save(out, format, save_all=True, append_images=frames[1:], duration=100, loop=0)
    marked, row = mark_file(out.getvalue(), "a", ORDER, issuer, register, NOW)
    image = opened(marked.content)
    for number in range(3):
        image.seek(number)
        checked = check(packed(np.asarray(image.convert("RGB")), "PNG"), issuer, register)
        assert (checked.warning, row.id in checked.numbers) == ("found", True), number


DAMAGED = {"empty": b"", "bytes": b"\x00\x01\xff", "cut": packed(PICTURE)[:5000], "zeros": b"\x89PNG\r\n\x1a\n" + bytes(100)}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_verify_never_raises_and_a_gate_never_passes_what_it_cannot_read(data: bytes, issuer: Issuer, register: Register) -> None:
    checked = check(data, issuer, register, deep=True)
    assert set(states(checked).values()) <= {"absent", "unknown", "invalid"}
    assert judge(checked).passes is not True
    with pytest.raises(InputError):
        mark_file(data, "a.jpg", ORDER, issuer, register, NOW)


def test_bits_flipped_anywhere_end_in_a_report(issuer: Issuer, register: Register) -> None:
    rng = np.random.default_rng(8)
    for format in FORMATS:
        content = mark_file(packed(scene(160, 120), format), "a", ORDER, issuer, register, NOW)[0].content
        for _ in range(12):
            changed = bytearray(content)
            for at in rng.integers(0, len(content), 4):
                changed[at] ^= 1 << int(rng.integers(8))
            check(bytes(changed), issuer, register).as_json()


def test_a_warning_that_nobody_sees_is_none(issuer: Issuer, register: Register) -> None:
    marked, _ = mark_file(packed(PICTURE, "PNG"), "a.png", ORDER, issuer, register, NOW)
    pixels = np.asarray(opened(marked.content).convert("RGB"))
    clear = packed(np.dstack([pixels, np.zeros(pixels.shape[:2], np.uint8)]), "PNG")
    assert check(clear, issuer, register).warning == "not_found"
    plain = [Image.fromarray(scene(640, 480, seed)) for seed in range(5)]
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "WEBP", save_all=True, append_images=plain, duration=[10, *[500] * 5], lossless=True)
    assert check(out.getvalue(), issuer, register).warning == "not_found"


def test_pages_of_a_tiff_stay(issuer: Issuer, register: Register) -> None:
    out = io.BytesIO()
    Image.fromarray(PICTURE).save(out, "TIFF", save_all=True, append_images=[Image.fromarray(scene(640, 480, 5))])
    marked, _ = mark_file(out.getvalue(), "a.tif", ORDER, issuer, register, NOW)
    assert getattr(opened(marked.content), "n_frames", 1) == 2
    assert (set(marked.reasons), check(marked.content, issuer, register).warning) == ({"c2pa"}, "found")


def test_a_number_that_a_file_only_names_is_no_proof(issuer: Issuer, register: Register) -> None:
    marked, row = mark_file(packed(PICTURE), "a.jpg", ORDER, issuer, register, NOW)
    packet = xmp.add(None, Statement(row.id, NOW))
    copied = check(packed(255 - scene(640, 480, 99)[::-1], xmp=packet), issuer, register)
    assert (list(copied.numbers), copied.bindings) == ([row.id], {row.id: "claimed"})
    assert check(marked.content, issuer, register).bindings == {row.id: "proved"}
    assert check(stripped(marked.content), issuer, register).bindings == {row.id: "proved"}
    assert check(packed(PICTURE), issuer, register).bindings == {row.id: "alike"}
