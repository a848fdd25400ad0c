"""Makes the vectors beside it, with fixed keys, salts and times: `python spec/vectors/make.py`. The tests make them again and compare."""

import base64
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from tanba.bundle.make import Claim, Contents, Item, make
from tanba.digest import commit
from tanba.ledger.entry import complete, prepare, stamp
from tanba.ledger.log import Log
from tanba.ledger.merkle import leaf_hash
from tanba.ledger.note import LOG, WITNESS, Signer
from tanba.ledger.policy import parse
from tanba.ledger.store.sqlite import SqliteStore
from tanba.marking.text.fingerprint import fingerprints
from tanba.marking.text.selectors import embed_id, token
from tanba.marking.text.wrapper import embed_manifest, read_manifest, room
from tanba.seal import Artifact, Author, Opening, commitment_of, measure, ready, receipt
from tanba.trace.batch import Proof as DecisionProof
from tanba.trace.batch import content_of
from tanba.trace.model import Decision, Origin, body_of, salt
from tanba.trace.model import parse as parse_body
from tanba.trace.spool import Spool
from tanba.trace.subjects import pseudonym

HERE = Path(__file__).parent
LEDGER, WITNESSED = Signer("ledger.example/1", LOG, bytes(range(32))), Signer("witness.example/w", WITNESS, bytes(range(32, 64)))
POLICY = f"log {LEDGER.key.text}\nwitness w {WITNESSED.key.text}\nquorum w\n"
START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ORGANISATION, SYSTEM = "190140999998", "credit-scorer"
TEXTS = {
    "kk": "Бірінші сөйлем. «Екінші сөйлем!» Үшінші ❤️\n\n- https://adilet.zan.kz/kaz. Тармақ",
    "ru": "Закон об искусственном интеллекте действует с 18 января 2026 г. и касается всех, кто распространяет синтетические результаты. "
    "Их надо маркировать! Увидит ли предупреждение человек?",
    "en": "Synthetic results have to be marked in machine-readable form, and a warning has to go with them. " * 9,
}


def times() -> Iterator[datetime]:
    """A clock that goes on by a second each time it is read."""
    for number in range(10_000):
        yield START + timedelta(seconds=number, microseconds=123_456)


def sealed(number: int) -> tuple[bytes, str, Opening, Author, bytes]:
    """(event, id, opening, author, content) of an artifact with fixed salts."""
    content = f'{{"number":{number}}}'.encode()
    size, digest = measure(content)
    opening = Opening(digest, "application/json", f"artifact-{number}.json", bytes([number]).hex() * 32, size)
    author = Author(bytes([100 + number]).hex() * 32, {"id": f"person-{number}", "name": "Айгерім Сәдуақасова"})
    identity = f"019a0b3e-7d10-7c45-8f6a-{number:012x}"
    event = prepare(
        artifact_schema="tanba.act/1", author=commitment_of(author), commitment=commitment_of(opening), id=identity, kind="adoption",
        organisation=ORGANISATION, system=SYSTEM,
    )  # fmt: skip
    return event, identity, opening, author, content


def make_all(folder: Path) -> dict[str, Any]:
    """{name of the file: content}."""
    clock = times()
    log = Log(SqliteStore(folder / "ledger.sqlite3"), LEDGER, lambda: next(clock))
    made = [sealed(number) for number in range(7)]
    for event, identity, *_ in made[:3]:
        log.append(event, identity)
    signed = log.head()
    log.keep(type(signed)(signed.checkpoint, signed.note.with_lines([WITNESSED.line(signed.note.text, 1_795_253_400)])))
    for event, identity, *_ in made[3:]:
        log.append(event, identity)
    try:
        return {
            "entry.json": _entries(made, log),
            "checkpoint.json": _checkpoints(log),
            "receipt.json": {"policy": POLICY, "receipts": [_receipt(log, number, made[number]) for number in (0, 2, 5)]},
            "bundle.json": _bundle(folder / "bundle.zip", log, made),
            "text-mark.json": _text_marks(),
            "spool.json": _spool(folder / "spool"),
            "decisions.json": _decisions(folder),
        }
    finally:
        log.store.close()


def _entries(made: list[Any], log: Log) -> dict[str, Any]:
    rows = []
    for number, (event, _, opening, _, content) in enumerate(made):
        entry = complete(event, stamp(START + timedelta(seconds=number, microseconds=123_456)))
        assert entry == log.entry(number)
        opened = commit(bytes.fromhex(opening.salt), bytes.fromhex(opening.digest)).hex()
        rows.append(
            {
                "commitment": opened,
                "content": content.decode(),
                "entry": entry.decode(),
                "leaf": leaf_hash(entry).hex(),
                "salt": opening.salt,
            }
        )
    return {"entries": rows}


def _checkpoints(log: Log) -> dict[str, Any]:
    sizes = [{"root": log.root_at(size).hex(), "size": size} for size in range(8)]
    proofs = [{"hashes": [each.hex() for each in log.consistency(old, 7)], "new": 7, "old": old} for old in range(1, 8)]
    keys = {"ledger": LEDGER.key.text, "witness": WITNESSED.key.text}
    return {"consistency": proofs, "cosigned": log.store.anchors()[0].note, "keys": keys, "newest": str(log.head()), "roots": sizes}


def _receipt(log: Log, number: int, made: Any) -> dict[str, Any]:
    words = ["untimed"] if number < 3 else ["unwitnessed", "untimed"]
    return {"content": made[4].decode(), "receipt": bytes(receipt(log, number, made[2], made[3])).decode(), "words": words}


def _bundle(path: Path, log: Log, made: list[Any]) -> dict[str, Any]:
    items = [Item(receipt(log, number, made[number][2], made[number][3]), partial(bytes, made[number][4])) for number in (0, 5)]
    contents = Contents(
        items,
        [Claim("kz/230-VIII/17/1@2026-01-18", "evidenced", [1])],
        {"bin": ORGANISATION, "name": "Qarlygash"},
        {"name": "Credit scorer", "slug": SYSTEM},
        policy=parse(POLICY),
    )
    index = make(path, contents, log, START).index
    return {"index": index, "policy": POLICY, "zip": base64.b64encode(path.read_bytes()).decode()}


def decided(number: int) -> bytes:
    """The body of a spooled decision with a fixed secret."""
    made = Decision(("granted", "refused", "answered")[number], inputs={"income": 400_000 + number, "қала": "Алматы"}, outputs=b"\xff\x00")
    made = replace(made, sources=["кредиттік бюро"], reason="score below 0.40", changed=(True, False, None)[number], duration=1840)
    origin = Origin(ORGANISATION, SYSTEM, "2.3.1", "can_correct_or_cancel", keep=number != 1)
    name = pseudonym(bytes(range(32)), ORGANISATION, f"client-{number}") if number else ""
    return body_of(made, origin, f"019a0b3e-7d10-7c45-8f6a-{number:012x}", START + timedelta(seconds=number), name, bytes([number]) * 32)


def _spool(folder: Path) -> dict[str, Any]:
    bodies = [decided(number) for number in range(3)]
    spool = Spool(folder)
    for body in bodies:
        spool.append(body)
    spool.close()
    (segment,) = folder.glob("*.spool")
    return {"bodies": [base64.b64encode(body).decode() for body in bodies], "segment": base64.b64encode(segment.read_bytes()).decode()}


def _decisions(folder: Path) -> dict[str, Any]:
    """Three decisions in one batch, in a ledger of their own; proofs with contents, without, and erased."""
    bodies = [parse_body(decided(number)) for number in range(3)]
    content = content_of(ORGANISATION, SYSTEM, [body.commitment for body in bodies if body])
    sealing = ready(Artifact("decisions", "tanba.decisions/1", content, "decisions.json", organisation=ORGANISATION, system=SYSTEM),
                    UUID("019a0b3e-7d10-7c45-8f6a-0000000000ff"), "ee" * 32)  # fmt: skip
    log = Log(SqliteStore(folder / "decisions.sqlite3"), LEDGER, lambda: START)
    try:
        sealed = receipt(log, log.append(sealing.event, sealing.id), sealing.artifact, None).as_json()
    finally:
        log.store.close()
    proofs = []
    for place, body in enumerate(bodies):
        assert body
        shown = {name: {"content": each, "salt": salt(body.secret, name).hex()} for name, each in body.contents().items()}
        opened = (body.record, salt(body.secret, "record").hex(), shown or None) if place < 2 else (None, None, None)
        proofs.append(bytes(DecisionProof(json.loads(content), place, sealed, *opened)).decode())
    return {"batch": content.decode(), "policy": f"log {LEDGER.key.text}\nquorum none\n", "proofs": proofs}


def _text_marks() -> dict[str, Any]:
    secret = bytes(range(32))
    numbers = {"kk": 0x0123456789ABCDEF, "ru": 0, "en": (1 << 64) - 1}
    ids = [
        {
            "id": f"{number:016x}",
            "marked": embed_id(TEXTS[lang], number, secret),
            "text": TEXTS[lang],
            "token": token(number, secret).hex(),
        }
        for lang, number in numbers.items()
    ]
    wrappers = []
    for length in (None, room(16)):
        text = embed_manifest(TEXTS["kk"], bytes(range(240, 256)), length)
        found = read_manifest(text)
        assert found
        wrappers.append({"length": found.length, "manifest": bytes(range(240, 256)).hex(), "start": found.start, "text": text})
    prints = [{"fingerprints": [each.hex() for each in fingerprints(text)], "text": text} for text in TEXTS.values()]
    return {"fingerprints": prints, "ids": ids, "secret": secret.hex(), "wrappers": wrappers}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, content in make_all(Path(folder)).items():
            (HERE / name).write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
