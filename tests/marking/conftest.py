"""Pictures drawn by code, and keys made once."""

import io
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tanba.marking import home
from tanba.marking.keys import Issuer
from tanba.workspace import Workspace

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Issuer:
    """Keys of one organisation."""
    return home.renew(Workspace(tmp_path_factory.mktemp("issuer")), "Qarlygash")


def scene(width: int = 640, height: int = 480, seed: int = 1) -> np.ndarray:
    """Something between a photograph and a drawing: hills of light, grain, a dark disc."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = sum(np.sin(x / rng.uniform(20, 90) + y / rng.uniform(-90, 90) + rng.uniform(0, 6)) for _ in range(6))
    base = 128 + 16 * waves + rng.normal(0, 6, (height, width))
    base[(x - width * 0.3) ** 2 + (y - height * 0.4) ** 2 < (min(width, height) * 0.18) ** 2] *= 0.4
    tint = np.stack([base * 1.05, base, base * 0.85 + 20], axis=2)
    return np.clip(tint, 0, 255).astype(np.uint8)


def packed(pixels: np.ndarray, format: str = "JPEG", **options: Any) -> bytes:
    """The pixels as a file."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, format, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    """The file as Pillow sees it."""
    return Image.open(io.BytesIO(data))
