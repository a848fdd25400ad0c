"""What marking needs in a serving process: the register of marks, opened once for each workspace, keys, and the bounds of heavy work."""

import io
import threading
from pathlib import Path

from PIL import Image

from tanba.errors import InputError
from tanba.marking import home
from tanba.marking.formats.picture import MEDIA
from tanba.marking.keys import Issuer
from tanba.marking.kinds import media_type_of
from tanba.marking.register import Register
from tanba.web.marks import parts
from tanba.workspace import current

LARGEST = 50_000_000
"""Bytes of one file."""

MARK_PIXELS, CHECK_PIXELS = 50_000_000, 40_000_000
"""Of all frames together: marking takes some 70 bytes for each, a check 20. Larger pictures are for the command line."""

ACCEPTED = "image/jpeg,image/png,image/webp,image/tiff,image/gif,image/avif,.txt,.md,.html,.htm,.json"
"""What a browser offers to choose for marking."""

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
    return home.find_issuer(current())


def close() -> None:
    """Let go of every register of this process."""
    with _lock:
        while _open:
            _open.popitem()[1].close()


def refuse_huge(data: bytes, most: int) -> None:
    """Raises InputError where a picture promises more pixels, or has more parts, than the server takes, or shows none at all.

    Says nothing about other kinds of files: who opens them next does.
    """
    media_type = media_type_of(data)
    if media_type not in MEDIA.values():
        return
    if parts.too_many(data, media_type):
        raise InputError("is built of too many parts", "Save it anew in a picture editor.")
    width, height, frames = _promised(data)
    if width * height * frames > most:
        raise InputError(
            "has {width} x {height} pixels in {frames} frames, more than {most} in all",
            "Make it smaller first.",
            width=width,
            height=height,
            frames=frames,
            most=most,
        )


def _promised(data: bytes) -> tuple[int, int, int]:
    """What the header says. Raises InputError."""
    try:
        with Image.open(io.BytesIO(data), formats=[name for name in MEDIA if name != "MPO"]) as image:
            return image.width, image.height, 1 if image.format == "MPO" else getattr(image, "n_frames", 1)
    except Exception as error:  # Pillow raises whatever a damaged file leads it to
        problem = " ".join(str(error).split())[:160] or type(error).__name__
        raise InputError("cannot be read as a picture ({problem})", "Is the file whole?", problem=_without_object(problem)) from None


def _without_object(problem: str) -> str:
    """Pillow names the object in memory that it was given."""
    return problem.partition(" <_io")[0]
