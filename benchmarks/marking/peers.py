"""Other invisible marks, as their packages offer them. None is needed by tanba."""

from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

import cv2
import numpy as np

Pixels = np.ndarray


class Peer(Protocol):
    """A mark of `bits` bits."""

    bits: int

    def embed(self, pixels: Pixels, bits: np.ndarray) -> Pixels: ...

    def passes(self, pixels: Pixels, bits: np.ndarray) -> bool: ...


class InvisibleWatermark:
    """invisible-watermark 0.2, default settings."""

    bits = 32

    def __init__(self, method: str) -> None:
        from imwatermark import WatermarkDecoder, WatermarkEncoder

        self._method, self._encoder, self._decoder = method, WatermarkEncoder(), WatermarkDecoder("bits", self.bits)
        if method == "rivaGan":
            WatermarkEncoder.loadModel()

    def embed(self, pixels: Pixels, bits: np.ndarray) -> Pixels:
        self._encoder.set_watermark("bits", [int(bit) for bit in bits])
        return np.ascontiguousarray(self._encoder.encode(np.ascontiguousarray(pixels[:, :, ::-1]), self._method)[:, :, ::-1])

    def passes(self, pixels: Pixels, bits: np.ndarray) -> bool:
        return _close(lambda: self._decoder.decode(np.ascontiguousarray(pixels[:, :, ::-1]), self._method), bits, 2)


class BlindWatermark:
    """blind-watermark 0.4, default settings."""

    bits = 64

    def __init__(self) -> None:
        import blind_watermark

        blind_watermark.bw_notes.close()
        self._class = blind_watermark.WaterMark

    def embed(self, pixels: Pixels, bits: np.ndarray) -> Pixels:
        mark = self._class(password_img=1, password_wm=1)
        mark.read_img(img=np.ascontiguousarray(pixels[:, :, ::-1]))
        mark.read_wm(bits.astype(bool), mode="bit")
        return cv2.cvtColor(np.clip(np.round(mark.embed()), 0, 255).astype(np.uint8), cv2.COLOR_BGR2RGB)

    def passes(self, pixels: Pixels, bits: np.ndarray) -> bool:
        mark = self._class(password_img=1, password_wm=1)
        image = np.ascontiguousarray(pixels[:, :, ::-1])
        return _close(lambda: np.asarray(mark.extract(embed_img=image, wm_shape=self.bits, mode="bit")) > 0.5, bits, 9)


def _close(read: Callable[[], Any], bits: np.ndarray, wrong: int) -> bool:
    """Whether at most so many bits are wrong; a peer that raises has not read its mark."""
    try:
        found = np.asarray(read()).astype(int)
    except Exception:
        return False
    return found.shape == bits.shape and int((found != bits).sum()) <= wrong


PEERS: dict[str, Callable[[], Peer]] = {
    **{f"invisible-watermark {method}": partial(InvisibleWatermark, method) for method in ("dwtDct", "dwtDctSvd", "rivaGan")},
    "blind-watermark": BlindWatermark,
}
