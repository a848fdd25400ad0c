"""What marking needs in a serving process: the register of marks, opened once for each workspace, keys, and the bounds of heavy work."""

import io
import threading
from pathlib import Path

from PIL import Image

from tanba.errors import InputError
from tanba.marking import home
from tanba.marking.formats.picture import MEDIA
from tanba.marking.keys import Issuer
from tanba.marking.register import Register
from tanba.workspace import current

LARGEST = 50_000_000
"""Bytes of one file."""

MARK_PIXELS, CHECK_PIXELS = 50_000_000, 40_000_000
"""Of all frames together: marking takes some 70 bytes for each, a check 20. Larger pictures are for the command line."""

_lock = threading.Lock()
_open: dict[Path, Register] = {}


def register() -> Register:
    """The register of marks of the current workspace; its file is made on first use."""
    path = current().create().marks
    with _lock:
        if path not in _open:
            _open[path] = Register(path)
        return _open[path]


def register_if_any() -> Register | None:
    """The same for pages that only read: they make no file."""
    return register() if current().marks.exists() else None


def issuer_if_any() -> Issuer | None:
    """Keys to read with, None where nothing was marked yet. Raises InputError."""
    return home.load_issuer(current()) if home.exists(current()) else None


def close() -> None:
    """Let go of every register of this process."""
    with _lock:
        while _open:
            _open.popitem()[1].close()


def refuse_huge(data: bytes, most: int) -> None:
    """Raises InputError where the header of a picture promises more pixels than the server takes; says nothing about what is no picture."""
    try:
        image = Image.open(io.BytesIO(data), formats=[name for name in MEDIA if name != "MPO"])
        frames = 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    except Exception:  # Pillow raises whatever a damaged file leads it to; who opens it next says what is wrong
        return
    if image.width * image.height * frames > most:
        raise InputError(
            "has {width} x {height} pixels in {frames} frames, more than {most} in all",
            "Make it smaller first.",
            width=image.width,
            height=image.height,
            frames=frames,
            most=most,
        )
