"""`tanba documents sign | check`: a signature into a PDF; signatures of a file, and whether the ledger knows it."""

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanba.cli.drawn import receipt_of
from tanba.cli.inputs import common
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, EvidenceError, InputError
from tanba.files import put_whole
from tanba.strings import t

SCHEMA = "tanba.signatures/1"
LARGEST = 60_000_000
CODES = {"bad": FINDING, "good": FINE, "open": COULD_NOT_CHECK}


def arguments(verbs: Any, say: Callable[[str], str]) -> None:
    """Declare both verbs of `tanba documents`."""
    sign = verbs.add_parser("sign", help=say("documents.sign.help"), description=say("documents.sign.help"), add_help=False)
    sign.add_argument("file", type=Path, metavar="FILE.pdf", help=say("documents.sign.file.help"))
    sign.add_argument("--key", type=Path, required=True, metavar="KEY.p12", help=say("documents.key.help"))
    sign.add_argument("--password-file", type=Path, default=None, metavar="FILE", help=say("documents.password.help"))
    sign.add_argument("-o", "--output", type=Path, required=True, metavar="OUT.pdf", help=say("documents.signed.help"))
    sign.add_argument("--visible", action="store_true", help=say("documents.visible.help"))
    sign.add_argument("--reason", default="", metavar="TEXT", help=say("documents.reason.help"))
    sign.add_argument("--location", default="", metavar="TEXT", help=say("documents.location.help"))
    check = verbs.add_parser("check", help=say("documents.check.help"), description=say("documents.check.help"), add_help=False)
    check.add_argument("file", type=Path, metavar="FILE", help=say("documents.check.file.help"))
    check.add_argument("--signature", type=Path, default=None, metavar="FILE.cms", help=say("documents.signature.help"))
    check.add_argument("--trust", type=Path, action="append", default=[], metavar="PEM", help=say("documents.trust.help"))
    check.add_argument("--crl", type=Path, action="append", default=[], metavar="FILE", help=say("documents.crl.help"))
    check.add_argument("--json", action="store_true", help=say("documents.json.help"))
    for each in (sign, check):
        common(each, say, argparse.SUPPRESS)


def _sign(options: argparse.Namespace) -> int:
    from tanba.cli.evidence import read_bytes
    from tanba.signing.keyfile import read_key
    from tanba.signing.pdfsign import How, sign

    now, content = datetime.now(UTC), read_bytes(options.file, LARGEST)
    try:
        key = read_key(read_bytes(options.key, 1 << 20), _password(options.password_file), now)
    except InputError as error:
        raise error if error.path else error.at(options.key) from None
    said = [t("signatures.stamp", options.lang, name=key.person.name), " · ".join(filter(None, (options.reason, options.location)))]
    issuer = f"{now:%Y-%m-%d %H:%M} UTC · {key.person.issuer}, № {key.person.serial}"
    how = How(options.reason, options.location, [line for line in (*said, issuer) if line] if options.visible else ())
    try:
        made = sign(content, key, how, now, _authority())
    except InputError as error:
        raise error.at(options.file) from None
    put_whole(options.output, made)
    print(t("signatures.signed", options.lang, path=options.output, name=key.person.name))
    return FINE


def _password(path: Path | None) -> str:
    """The first line of a file, or what is typed; empty where nobody can type."""
    from tanba.cli.evidence import read_text

    if path:
        return read_text(path).partition("\n")[0].rstrip("\r")
    return getpass.getpass("PKCS#12: ") if sys.stdin.isatty() else ""


def _authority() -> Callable[[bytes], bytes] | None:
    """How the workspace's time-stamping authority is asked; None where there is none."""
    from tanba.net import post
    from tanba.workspace import current

    address = current().config().timestamp_authority
    return (lambda asked: post(address, asked, "application/timestamp-query").body) if address else None


def _check(options: argparse.Namespace) -> int:
    from tanba.cli.evidence import read_bytes
    from tanba.digest import sha256

    content = read_bytes(options.file, LARGEST)
    beside = read_bytes(options.signature, LARGEST) if options.signature else None
    found, ledger = _signatures(options, content, beside), _ledger(options, content)
    if options.json:
        said = {"digest": sha256(content), "file": options.file.name, "ledger": ledger, "schema": SCHEMA}
        print(json.dumps({**said, "signatures": [as_json(each) for each in found]}, ensure_ascii=False, indent=1, sort_keys=True))
    else:
        print("\n".join(_told(options, found, ledger)))
    codes = [CODES[each.state] for each in found] + ([FINDING] if ledger and ledger["word"] == "altered" else [])
    if FINDING in codes:
        return FINDING
    known = ledger is not None and ledger["word"] != "unattributed"
    return max(codes, default=FINE if known else COULD_NOT_CHECK)


def _signatures(options: argparse.Namespace, content: bytes, beside: bytes | None) -> list[Any]:
    """Of a CMS beside the file, of the PDF, or of a CMS that holds its content. A file of another kind has none."""
    from tanba.signing import check
    from tanba.signing.home import roots

    believed, now = roots(options.trust, options.crl), datetime.now(UTC)
    try:
        return check(content, beside, believed, now)
    except InputError as error:
        raise error.at(options.signature or options.file) from None


def _ledger(options: argparse.Namespace, content: bytes) -> dict[str, Any] | None:
    """What the receipt beside the file says, else the register of the workspace; None where neither knows it."""
    path = receipt_of(options.file)
    return _by_receipt(path, content) if path.exists() else _by_register(content)


def _by_receipt(path: Path, content: bytes) -> dict[str, Any]:
    from tanba.cli.evidence import read_bytes
    from tanba.seal import Receipt, measure, verify

    try:
        receipt = Receipt.parse(read_bytes(path, 1 << 20))
        verdict = verify(receipt, _own(), measure(content))
    except EvidenceError as error:
        return {"position": None, "time": None, "withdrawn": False, "word": error.word}
    word = "unattributed" if "unattributed" in verdict.words else "sealed"
    return {"position": receipt.proof.index, "time": verdict.entry.time, "withdrawn": False, "word": word}


def _own() -> Any:
    """Trust in the keys of the workspace's ledger, where there is one."""
    from tanba.ledger.home import exists, open_ledger
    from tanba.ledger.policy import Policy
    from tanba.seal import Trust
    from tanba.workspace import current

    if not exists(current()):
        return Trust()
    log = open_ledger(current())
    try:
        return Trust(Policy(dict.fromkeys(log.keyring.keys, "")))
    finally:
        log.store.close()


def _by_register(content: bytes) -> dict[str, Any] | None:
    from tanba.workspace import current

    if not current().has_register():
        return None
    from tanba.digest import sha256
    from tanba.web.start import prepare

    prepare()
    from tanba.web.documents.recording import find

    return find(sha256(content))


def as_json(signed: Any) -> dict[str, Any]:
    """One signature; numbers of persons are masked."""
    from tanba.signing.model import masked

    person = signed.person
    return {
        "algorithm": signed.algorithm,
        "bin": person.bin if person else "",
        "findings": list(signed.findings),
        "iin": masked(person.iin) if person else "",
        "issuer": person.issuer if person else "",
        "name": person.name if person else "",
        "organisation": person.organisation if person else "",
        "reason": signed.reason,
        "serial": person.serial if person else "",
        "stamped": signed.stamped.isoformat() if signed.stamped else None,
        "state": signed.state,
        "stated": signed.stated.isoformat() if signed.stated else None,
    }


def _told(options: argparse.Namespace, found: Sequence[Any], ledger: dict[str, Any] | None) -> list[str]:
    lang = options.lang
    lines = [f"{options.file}: {t('signatures.count', lang, count=len(found))}"]
    for number, each in enumerate(found, 1):
        row = as_json(each)
        who = ", ".join(filter(None, (row["name"], row["organisation"], f"{t('signatures.bin', lang)} {row['bin']}" if row["bin"] else "")))
        lines.append(f"  {number}. {who or t('signatures.nobody', lang)}: {t(f'signatures.state_{each.state}', lang)}")
        lines.append(f"     {_about(each, row, lang)}")
        lines += [f"     ! {t(f'signatures.finding_{code}', lang)}" for code in each.findings]
    return [*lines, f"  {_sealed(ledger, lang)}"]


def _about(signed: Any, row: dict[str, Any], lang: str) -> str:
    time = signed.stamped or signed.stated
    when = f"{time:%Y-%m-%d %H:%M} UTC" if time else "–"
    key = "stamped_on" if signed.stamped else "stated_on"
    parts = (row["algorithm"], t(f"signatures.{key}", lang, time=when), t("signatures.issued_by", lang, issuer=row["issuer"] or "–"))
    return "; ".join(filter(None, (*parts, f"{t('signatures.iin', lang)} {row['iin']}" if row["iin"] else "", row["reason"])))


def _sealed(ledger: dict[str, Any] | None, lang: str) -> str:
    if ledger is None:
        return t("signatures.not_sealed", lang)
    word = "withdrawn" if ledger["withdrawn"] else ledger["word"]
    return t(f"signatures.ledger_{word}", lang, time=(ledger["time"] or "")[:19].replace("T", " "))


DOING = {"check": _check, "sign": _sign}
"""Verbs by their names."""
