"""Which kind of medium a file is, by its first bytes: what a name says is not believed."""

PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
)
HEIF = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
BRANDS = {b"avif": "image/avif", b"avis": "image/avif", **dict.fromkeys(HEIF, "image/heic")}
"""Major brands of ISO base media files (ISO/IEC 23008-12; AV1 Image File Format)."""


def media_type_of(data: bytes) -> str:
    """The media type, `` where it is none that is known here."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        brands = [data[8:12], *(data[at : at + 4] for at in range(16, min(int.from_bytes(data[:4], "big"), 64), 4))]
        return next((BRANDS[brand] for brand in brands if brand in (b"avif", b"avis")), BRANDS.get(brands[0], ""))
    return next((media for start, media in PICTURES if data.startswith(start)), "")
