"""Whom the workspace believes: PEM and DER files, and lists of revoked certificates, that an officer put into its folder `trust`."""

from collections.abc import Sequence
from pathlib import Path

from tanba.signing.certificates import read_roots
from tanba.signing.model import Roots
from tanba.workspace import current

ENDINGS = (".pem", ".crt", ".cer", ".crl")


def roots(trusted: Sequence[Path] = (), lists: Sequence[Path] = ()) -> Roots:
    """The files given, in place of those of the folder where there are any. Raises InputError."""
    folder = current().signature_roots
    own = sorted(each for each in folder.glob("*") if each.suffix.lower() in ENDINGS) if folder.is_dir() else []
    found = read_roots([*(trusted or own), *lists])
    if trusted and own:
        found = Roots(found.certificates, [*found.lists, *read_roots(each for each in own if each.suffix.lower() == ".crl").lists])
    return found
