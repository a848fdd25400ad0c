"""The outer form of a bundle: BagIt 1.0 (RFC 8493) in a ZIP file of one strict form.

Writing takes one file at a time, and gives the same bytes for the same files.
"""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tanba.bundle.strictzip import LARGEST, LARGEST_TOGETHER, MOST_FILES, MOST_UNPACKED, NAME, SMALL, members_of, unpacked
from tanba.digest import sha256
from tanba.errors import InputError, MissingEvidenceError
from tanba.files import replacing

BAGIT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
TAGS = ("bag-info.txt", "bagit.txt", "manifest-sha256.txt")
TAG_MANIFEST = "tagmanifest-sha256.txt"
LINE = re.compile(r"([0-9a-f]{64})  (\S+)")
LARGEST_TEXT = 32 << 20
"""Bytes of a file that is read as a whole."""


@contextmanager
def writing(path: Path, info: Mapping[str, str]) -> Iterator["Bag"]:
    """A bundle to add files to; leaving completes it. Raises InputError where it cannot be written; an existing file stays then."""
    try:
        with replacing(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=False) as archive:
            bag = Bag(archive, path, info)
            yield bag
            bag.complete()
    except zipfile.LargeZipFile:
        raise _too_large(path) from None
    except OSError as error:
        raise InputError("cannot be written ({problem})", "Choose another place with --output.", path, problem=error.strerror) from None


class Bag:
    """A bundle that is being written: of each file only the digest stays in memory. Files come in the order of their names."""

    def __init__(self, archive: zipfile.ZipFile, path: Path, info: Mapping[str, str]) -> None:
        """`path` is for messages. See `writing`."""
        self._archive, self._path = archive, path
        self._digests: dict[str, str] = {}
        self._octets = 0
        self._tags: dict[str, str] = {}
        self._write_tag("bag-info.txt", "".join(f"{key}: {value}\n" for key, value in info.items()).encode())
        self._write_tag("bagit.txt", BAGIT)

    def add(self, name: str, content: bytes) -> None:
        """A file of the payload, by its name below data/. Raises InputError where readers would refuse the bundle."""
        self._octets += len(content)
        if len(self._digests) + 5 > MOST_FILES or self._octets > LARGEST_TOGETHER or len(content) > LARGEST:
            raise _too_large(self._path)
        self._digests[f"data/{name}"] = sha256(content)
        self._write(f"data/{name}", content)

    def complete(self) -> None:
        """Add the manifests."""
        self._write_tag("manifest-sha256.txt", _manifest(self._digests))
        self._write(TAG_MANIFEST, _manifest(self._tags))

    def _write_tag(self, name: str, content: bytes) -> None:
        self._tags[name] = sha256(content)
        self._write(name, content)

    def _write(self, name: str, content: bytes) -> None:
        item = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        item.external_attr = 0o644 << 16
        self._archive.writestr(item, content, _method(content))


def _too_large(path: Path) -> InputError:
    return InputError("would be larger than a bundle may be", "Erase or withdraw what is not needed, and make it again.", path)


def _method(content: bytes) -> int:
    """Deflated, unless readers would take it for a bomb."""
    tight = len(content) > SMALL and len(zlib.compress(content, 6)) * MOST_UNPACKED < len(content) + MOST_UNPACKED * 64
    return zipfile.ZIP_STORED if tight else zipfile.ZIP_DEFLATED


def safe_name(name: str, otherwise: str) -> str:
    """A file name of the allowed characters: others become `_`."""
    stem, _, suffix = re.sub(r"[^a-zA-Z0-9._-]+", "_", name).rpartition(".")
    kept, ending = stem.strip("._-")[:60] or otherwise, suffix.strip("._-")[:15]
    return f"{kept}.{ending}" if stem and ending else (suffix.strip("._-")[:60] or otherwise)


class Container:
    """An opened bundle. Its form has been checked; contents are read one by one, in bounded pieces."""

    def __init__(self, path: Path) -> None:
        """Raises InputError where the file is not of the form, with the reason."""
        self.path = path
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise InputError("cannot be read ({problem})", "Check the path and its permissions.", path, problem=error.strerror) from None
        try:
            self._members = {member.name: member for member in members_of(self._file)}
            if "bagit.txt" not in self._members or self._read("bagit.txt") != BAGIT:
                raise ValueError("bagit.txt")
        except (ValueError, struct.error, OSError) as error:
            self._file.close()
            raise self.refused(str(error)) from None
        except BaseException:
            self._file.close()
            raise
        self.measure = cache(self._measure)

    def __enter__(self) -> "Container":
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the file."""
        self._file.close()

    def __contains__(self, name: str) -> bool:
        """Whether the payload holds a file."""
        return f"data/{name}" in self._members

    def payload(self) -> list[str]:
        """Names below data/."""
        return [name.removeprefix("data/") for name in self._members if name.startswith("data/")]

    def read(self, name: str) -> bytes:
        """A small file of the payload, by its name below data/. Raises MissingEvidenceError, InputError."""
        if name not in self:
            raise MissingEvidenceError("{name} is not in the bundle", name=name)
        return self._read(f"data/{name}")

    def measured(self, name: str) -> tuple[int, str]:
        """(size, SHA-256) of a file of the payload. Raises MissingEvidenceError, InputError."""
        if name not in self:
            raise MissingEvidenceError("{name} is not in the bundle", name=name)
        return self.measure(f"data/{name}")

    def faults(self) -> dict[str, str]:
        """{file: `altered` or `missing`}: what differs from the manifests."""
        found = self._compare(TAG_MANIFEST, set(TAGS))
        found |= self._compare("manifest-sha256.txt", {name for name in self._members if name.startswith("data/")})
        strays = self._members.keys() - {TAG_MANIFEST, *TAGS}
        return found | {name: "altered" for name in strays if not name.startswith("data/")}

    def refused(self, problem: str) -> InputError:
        """The error to raise about a form that is not one."""
        return InputError("is not a bundle: {problem}", "Ask for the file again, and compare its digest.", self.path, problem=problem)

    def _compare(self, manifest: str, due: set[str]) -> dict[str, str]:
        """What a manifest names and should name, against what is there."""
        named = self._named(manifest)
        found = {name: "missing" for name in named.keys() | due if name not in self._members}
        found |= {name: "altered" for name in due & self._members.keys() if name not in named}
        return found | {name: "altered" for name in named.keys() & self._members.keys() if self.measure(name)[1] != named[name]}

    def _named(self, manifest: str) -> dict[str, str]:
        if manifest not in self._members:
            raise self.refused(manifest)
        lines = self._read(manifest).decode("ascii", "replace").split("\n")
        matches = [LINE.fullmatch(line) for line in lines[:-1]]
        named = {match[2]: match[1] for match in matches if match}
        inside = named.keys() <= set(TAGS) if manifest == TAG_MANIFEST else all(name.startswith("data/") for name in named)
        if lines[-1] or len(named) != len(matches) or not inside or not all(map(NAME.fullmatch, named)):
            raise self.refused(manifest)
        return named

    def _measure(self, name: str) -> tuple[int, str]:
        digest = hashlib.sha256()
        for piece in self._pieces(name):
            digest.update(piece)
        return self._members[name].size, digest.hexdigest()

    def _read(self, name: str) -> bytes:
        if self._members[name].size > LARGEST_TEXT:
            raise self.refused(name)
        return b"".join(self._pieces(name))

    def _pieces(self, name: str) -> Iterator[bytes]:
        """Unpacked content, checked against size and CRC at its end. Raises InputError."""
        member, size, crc = self._members[name], 0, 0
        try:
            for piece in unpacked(self._file, member):
                size, crc = size + len(piece), zlib.crc32(piece, crc)
                if size > member.size:
                    raise ValueError(name)
                yield piece
            if (size, crc) != (member.size, member.crc):
                raise ValueError(name)
        except (ValueError, OSError, zlib.error):
            raise self.refused(name) from None


def _manifest(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()
