"""The outer form of a bundle: BagIt 1.0 (RFC 8493) in a ZIP file of one strict form. Writing gives the same bytes for the same files."""

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

from tanba.digest import sha256
from tanba.errors import InputError, MissingEvidenceError

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAGS = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
NAME = re.compile(r"(?=.{1,200}$)[a-zA-Z0-9_-][a-zA-Z0-9._-]*(/[a-zA-Z0-9_-][a-zA-Z0-9._-]*)*", re.ASCII)
LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
MOST_FILES, LARGEST, LARGEST_TOGETHER, MOST_UNPACKED, SMALL = 10_000, 1 << 30, 4 << 30, 1_000, 1 << 20
_LOCAL = struct.Struct("<4s5H3I2H")


def write(path: Path, payload: Mapping[str, bytes], info: Mapping[str, str]) -> None:
    """A bundle with `payload` (names below data/). Raises InputError where the file cannot be written; an existing one stays then."""
    files = {f"data/{name}": content for name, content in payload.items()}
    files["manifest-sha256.txt"] = _manifest(files)
    files["bagit.txt"] = BAGIT
    files["bag-info.txt"] = "".join(f"{key}: {value}\n" for key, value in info.items()).encode()
    files["tagmanifest-sha256.txt"] = _manifest({name: files[name] for name in TAGS})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            item = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            item.external_attr = 0o644 << 16
            archive.writestr(item, files[name], zipfile.ZIP_DEFLATED)
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(packed.getvalue())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError("cannot be written ({problem})", "Choose another place with --output.", path, problem=error.strerror) from None


def safe_name(name: str, otherwise: str) -> str:
    """A file name of the allowed characters: others become `_`."""
    found = re.sub(r"[^a-zA-Z0-9._-]+", "_", name).lstrip("._-")[:80]
    return found or otherwise


class Container:
    """An opened bundle. Its form has been checked; contents are read one by one."""

    def __init__(self, path: Path) -> None:
        """Raises InputError where the file is not of the form, with the reason."""
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
            self._items = {item.filename: item for item in self._archive.infolist()}
            with path.open("rb") as file:
                _check_form(self._archive, file)
        except OSError as error:
            raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None
        except (zipfile.BadZipFile, ValueError, struct.error, NotImplementedError) as error:
            raise self._refused(str(error)) from None
        if self._read("bagit.txt") != BAGIT:
            raise self._refused("bagit.txt")

    def __enter__(self) -> "Container":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        self._archive.close()

    def __contains__(self, name: str) -> bool:
        """Whether the payload holds a file."""
        return f"data/{name}" in self._items

    def read(self, name: str) -> bytes:
        """A file of the payload, by its name below data/. Raises MissingEvidenceError, InputError."""
        if name not in self:
            raise MissingEvidenceError("{name} is not in the bundle", name=name)
        return self._read(f"data/{name}")

    def faults(self) -> dict[str, str]:
        """{file: `altered` or `missing`}: what differs from the manifests."""
        found = self._compare("tagmanifest-sha256.txt", set(TAGS))
        found |= self._compare("manifest-sha256.txt", {name for name in self._items if name.startswith("data/")})
        strays = self._items.keys() - {"tagmanifest-sha256.txt", *TAGS}
        return found | {name: "altered" for name in strays if not name.startswith("data/")}

    def _compare(self, manifest: str, present: set[str]) -> dict[str, str]:
        named = self._named(manifest)
        found = {name: "missing" for name in named if name not in self._items}
        found |= dict.fromkeys(present - named.keys(), "altered")
        return found | {name: "altered" for name in named.keys() & self._items.keys() if sha256(self._read(name)) != named[name]}

    def _named(self, manifest: str) -> dict[str, str]:
        if manifest not in self._items:
            raise self._refused(manifest)
        lines = self._read(manifest).decode("ascii", "replace").split("\n")
        matches = [LINE.fullmatch(line) for line in lines[:-1]]
        named = {match[2]: match[1] for match in matches if match}
        if lines[-1] or len(named) != len(matches):
            raise self._refused(manifest)
        return named

    def _read(self, name: str) -> bytes:
        try:
            return self._archive.read(self._items[name])
        except (KeyError, zipfile.BadZipFile, zipfile.zlib.error, EOFError, OSError) as error:  # type: ignore[attr-defined]
            raise self._refused(f"{name}: {error}") from None

    def _refused(self, problem: str) -> InputError:
        return InputError("is not a bundle: {problem}", "Ask for the file again, and compare its digest.", self.path, problem=problem)


def _manifest(files: Mapping[str, bytes]) -> bytes:
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()


def _check_form(archive: zipfile.ZipFile, file: io.BufferedReader) -> None:
    """Raises ValueError with the reason.

    Entries follow one another without gaps, and what stands before each says the same as the directory.
    """
    items = archive.infolist()
    _check_names([item.filename for item in items])
    if archive.comment or sum(item.file_size for item in items) > LARGEST_TOGETHER:
        raise ValueError("size")
    at = 0
    for item in items:
        _check_item(item)
        file.seek(at)
        signature, _, flags, method, _, _, crc, packed, size, name, extra = _LOCAL.unpack(file.read(_LOCAL.size))
        same = (flags, method, crc, packed, size) == (item.flag_bits, item.compress_type, item.CRC, item.compress_size, item.file_size)
        if signature != b"PK\3\4" or item.header_offset != at or extra or not same or file.read(name) != item.filename.encode():
            raise ValueError(item.filename)
        at += _LOCAL.size + name + packed
    if at != archive.start_dir:
        raise ValueError("gap")


def _check_names(names: list[str]) -> None:
    if len(names) > MOST_FILES or len({name.lower() for name in names}) != len(names) or names != sorted(names):
        raise ValueError("names")
    for name in names:
        if not NAME.fullmatch(name):
            raise ValueError(repr(name[:80]))


def _check_item(item: zipfile.ZipInfo) -> None:
    kind = item.external_attr >> 28
    bomb = item.file_size > SMALL and item.file_size > MOST_UNPACKED * max(item.compress_size, 1)
    if (
        item.flag_bits
        or item.compress_type not in (0, 8)
        or item.extra
        or item.comment
        or kind not in (0, 8)
        or item.file_size > LARGEST
        or bomb
    ):
        raise ValueError(item.filename)
