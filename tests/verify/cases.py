"""One table of bundles and receipts with the words they deserve; both checkers are held to it."""

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from verify.both import Given
from verify.maker import (
    BAGIT,
    Entered,
    Ledger,
    Parts,
    Signer,
    b64,
    canonical,
    edit,
    key_change,
    make_parts,
    manifest,
    sha256,
    with_manifests,
    zip_file,
)
from verify.stamps import Party, Token, issue

V, A, M, U, W, T, E = "verified", "altered", "missing", "unattributed", "unwitnessed", "untimed", "erased"
Change = Callable[[Parts], Any]


@dataclass
class Case:
    """Bytes, what the reader gives, and what both have to say: exit code, words of bundle and artifacts, a code among the reasons."""

    name: str
    data: bytes
    given: Given
    exit: int
    bundle: list[str] | None
    artifacts: list[list[str]]
    code: str = ""


class Scene:
    """A ledger of seven entries, two witnesses, an authority, and a good bundle of two artifacts at sizes 3 and 7."""

    def __init__(self) -> None:
        self.w1, self.w2 = Signer("witness.example/w1", 11, 4), Signer("witness.example/w2", 12, 4)
        self.root = issue("Root", None, ca=True, seed="root")
        self.authority = issue("Authority", self.root, seed="authority")
        self.ledger = Ledger()
        self.entered = [self.ledger.enter(b'{"number":%d}' % number) for number in range(7)]
        self.policy = self.policy_of(self.ledger.key)
        self.given = Given(self.policy, self.root.pem)
        receipts = [self.receipt(self.entered[0], 3), self.receipt(self.entered[5], 7)]
        self.parts = make_parts(self.ledger, [(self.entered[0], receipts[0]), (self.entered[5], receipts[1])], self.policy, [3, 5])
        self.parts.tsa = self.root.pem

    def policy_of(self, *keys: Signer, quorum: str = "g") -> bytes:
        logs = "".join(f"log {key.vkey}\n" for key in keys)
        return (
            f"{logs}witness w1 {self.w1.vkey}\nwitness w2 {self.w2.vkey} https://w2.example\ngroup g any w1 w2\nquorum {quorum}\n".encode()
        )

    def token(self, text: str, signer: Party | None = None, **fields: Any) -> bytes:
        party = signer or self.authority
        return Token(text.encode(), party, [party.der], **fields).response()

    def receipt(
        self, entered: Entered, size: int | None = None, ledger: Ledger | None = None, signers: list[Signer] | None = None
    ) -> dict[str, Any]:
        ledger = ledger or self.ledger
        return ledger.receipt(entered, size, signers or [ledger.key, self.w1], [self.token(ledger.text(size))])


@functools.cache
def scene() -> Scene:
    return Scene()


def set_receipt(number: int, **fields: Any) -> Change:
    return lambda parts: parts.receipts[f"receipts/{number:04}.json"].update(fields)


def in_receipt(number: int, key: str, change: Callable[[Any], Any]) -> Change:
    def apply(parts: Parts) -> None:
        receipt = parts.receipts[f"receipts/{number:04}.json"]
        receipt[key] = change(receipt[key])

    return apply


def in_index(key: str, change: Callable[[Any], Any]) -> Change:
    def apply(parts: Parts) -> None:
        parts.index[key] = change(parts.index[key])

    return apply


def swap(old: str, new: str) -> Callable[[str], str]:
    def apply(text: str) -> str:
        assert old in text, old
        return text.replace(old, new)

    return apply


def without_last_line(text: str) -> str:
    return text[: text.rstrip("\n").rindex("\n") + 1]


def proof_with(change: Callable[[list[str]], list[str]]) -> Callable[[str], str]:
    """Change the list of nodes in a proof."""

    def apply(text: str) -> str:
        head, gap, note = text.partition("\n\n")
        first, index, *nodes = head.split("\n")
        return "\n".join([first, index, *change(nodes)]) + gap + note

    return apply


def entry_with(**fields: Any) -> Callable[[str], str]:
    return lambda text: canonical({**json.loads(text), **fields}).decode()


@functools.cache
def cases() -> list[Case]:
    return [*_plain(), *_changes(), *_files(), *_known(), *_ledgers(), *_rotations(), *_receipts()]


def _plain() -> list[Case]:
    """The good bundle, and what becomes of it with less trust."""
    s = scene()
    data, two = s.parts.pack(), [[V], [V]]
    none = Given()
    other = Given(s.policy_of(Signer(s.ledger.origin, 99)), s.root.pem)
    all_of = Given(s.policy.replace(b"any", b"all"), s.root.pem)
    no_quorum = Given(s.policy_of(s.ledger.key, quorum="none"), s.root.pem)
    stranger = Given(s.policy, issue("Root", None, ca=True).pem)
    everything = ["unwitnessed", "untimed"]
    no_claims = edit(s.parts, lambda parts: setattr(parts, "policy", None)).pack()
    erased = edit(s.parts, lambda parts: (parts.index.update(obligations=[]), erase(parts)))
    kept_digest = edit(erased, lambda parts: parts.receipts.update({"receipts/0001.json": s.parts.receipts["receipts/0001.json"]}))
    author = edit(s.parts, set_receipt(1, author=None))
    untimed = edit(s.parts, set_receipt(1, timestamps=[]))
    nothing = edit(
        s.parts, lambda parts: (parts.index.update(artifacts=[], obligations=[]), parts.receipts.clear(), parts.artifacts.clear())
    )
    return [
        Case("good", data, s.given, 0, [V], two),
        Case("good, stored instead of deflated", zip_file(s.parts.files(), deflate=False), s.given, 0, [V], two),
        Case("no policy", data, none, 3, [U], [[U, W, T], [U, W, T]], "claimed"),
        Case("no policy, roots given", data, Given(tsa=s.root.pem), 3, [U], [[U, W], [U, W]], "claimed"),
        Case("no policy and no claim", no_claims, none, 3, [U], [[U, W, T], [U, W, T]], "no_policy"),
        Case("another key of the same name", data, other, 3, [U], [[U], [U]], "no_key"),
        Case("both witnesses asked, one there", data, all_of, 3, [V], [[W], [W]], "quorum"),
        Case("no quorum asked", data, no_quorum, 3, [V], [[W], [W]], "quorum_none"),
        Case("no quorum asked and accepted", data, Given(no_quorum.policy, s.root.pem, accept=["unwitnessed"]), 0, [V], [[W], [W]]),
        Case("no roots", data, Given(s.policy), 3, [V], [[T], [T]], "no_roots"),
        Case("no roots and accepted", data, Given(s.policy, accept=everything), 0, [V], [[T], [T]]),
        Case("no roots, only the other word accepted", data, Given(s.policy, accept=["unwitnessed"]), 3, [V], [[T], [T]]),
        Case("accepting does not help without a policy", data, Given(accept=everything), 3, [U], [[U, W, T], [U, W, T]]),
        Case("another root of the same name", data, stranger, 3, [V], [[T], [T]], "stamp_untrusted"),
        Case("content erased", erased.pack(), s.given, 0, [V], [[V, E], [V]], "erased_content"),
        Case("content gone, digest and salt kept", kept_digest.pack(), s.given, 0, [V], [[V, E], [V]], "erased_content"),
        Case("author erased", author.pack(), s.given, 0, [V], [[V, E], [V]], "erased_author"),
        Case("no time stamp", untimed.pack(), s.given, 3, [V], [[T], [V]], "no_stamp"),
        Case("nothing in it", nothing.pack(), s.given, 0, [V], []),
        Case(
            "organisation and system not given",
            edit(s.parts, lambda p: p.index.update(organisation=None, system=None)).pack(),
            s.given,
            0,
            [V],
            two,
        ),
    ]


def erase(parts: Parts) -> None:
    parts.receipts["receipts/0001.json"]["artifact"] = None
    parts.index["artifacts"][0]["file"] = None
    del parts.artifacts["artifacts/0001/assessment.json"]


def _changes() -> list[Case]:
    """Something in the first receipt or in the index is not as it was; manifests are made anew, as a forger would."""
    s = scene()
    node = b64(sha256(b"x"))
    good_line = s.w1.line(s.ledger.text(3))
    wrong_line = s.w1.line(s.ledger.text(5))
    table: list[tuple[str, Change, str]] = [
        ("entry: time changed", in_receipt(1, "entry", entry_with(time="2026-11-21T09:30:00.123456Z")), "inclusion"),
        ("entry: a day that is none", in_receipt(1, "entry", entry_with(time="2026-02-30T09:30:00.123456Z")), "entry"),
        ("entry: unknown key", in_receipt(1, "entry", entry_with(more=1)), "entry"),
        ("entry: a space", in_receipt(1, "entry", lambda text: text + " "), "entry"),
        ("entry: too long", in_receipt(1, "entry", entry_with(organisation="x" * 70000)), "entry"),
        ("entry: number for a string", in_receipt(1, "entry", entry_with(kind=1)), "entry"),
        ("entry: upper-case UUID", in_receipt(1, "entry", entry_with(id="019A0B3E-7D10-7C45-8F6A-000000000000")), "entry"),
        ("another salt", lambda p: p.receipts["receipts/0001.json"]["artifact"].update(salt="00" * 32), "commitment"),
        ("another digest", lambda p: p.receipts["receipts/0001.json"]["artifact"].update(digest="00" * 32), "commitment"),
        ("another size", lambda p: p.receipts["receipts/0001.json"]["artifact"].update(size=1), "content"),
        ("another author", lambda p: p.receipts["receipts/0001.json"]["author"]["value"].update(name="Bolat"), "author"),
        ("digest and salt gone, file kept", set_receipt(1, artifact=None), "unbound"),
        ("content changed", lambda p: p.artifacts.update({"artifacts/0001/assessment.json": b'{"number":9}'}), "content"),
        ("proof: surplus node", in_receipt(1, "proof", proof_with(lambda nodes: [*nodes, node])), "inclusion"),
        ("proof: node missing", in_receipt(1, "proof", proof_with(lambda nodes: nodes[1:])), "inclusion"),
        ("proof: nodes swapped", in_receipt(1, "proof", proof_with(lambda nodes: nodes[::-1])), "inclusion"),
        ("proof: node of 31 bytes", in_receipt(1, "proof", proof_with(lambda nodes: [b64(b"x" * 31), *nodes[1:]])), "proof"),
        ("proof: base64 with spare bits", in_receipt(1, "proof", proof_with(lambda nodes: [nodes[0][:-2] + "B=", *nodes[1:]])), "proof"),
        ("proof: too many nodes", in_receipt(1, "proof", proof_with(lambda nodes: [node] * 65)), "proof"),
        ("proof: another index", in_receipt(1, "proof", swap("index 0", "index 1")), "inclusion"),
        ("proof: index with a zero before it", in_receipt(1, "proof", swap("index 0", "index 00")), "proof"),
        ("proof: index beyond the size", in_receipt(1, "proof", swap("index 0", "index 3")), "proof"),
        ("proof: extra line", in_receipt(1, "proof", swap("\nindex 0", "\nextra AAAA\nindex 0")), "proof"),
        ("proof: another version", in_receipt(1, "proof", swap("@v1", "@v2")), "proof"),
        (
            "checkpoint: size changed",
            in_receipt(1, "proof", swap("b\n3\n", "b\n4\n")),
            "signature",
        ),  # index 0 has as many nodes in a tree of 4
        ("checkpoint: size 0", in_receipt(1, "proof", swap("b\n3\n", "b\n0\n")), "proof"),
        ("checkpoint: extension line", in_receipt(1, "proof", swap("\n\n— ", "\nmore\n\n— ")), "proof"),
        ("checkpoint: carriage return", in_receipt(1, "proof", swap("b\n3\n", "b\r\n3\n")), "proof"),
        ("checkpoint: no last newline", in_receipt(1, "proof", lambda text: text[:-1]), "proof"),
        ("checkpoint: 65 signatures", in_receipt(1, "proof", lambda text: text + good_line * 63), "proof"),
        (
            "checkpoint: signature line with two spaces",
            in_receipt(1, "proof", swap("— witness.example/w1 ", "— witness.example/w1  ")),
            "proof",
        ),
        ("a witness's signature over another checkpoint", in_receipt(1, "proof", lambda text: text + wrong_line), "signature"),
        ("a time stamp over another checkpoint", set_receipt(1, timestamps=[b64(s.token(s.ledger.text(5)))]), "stamp_other"),
        ("a good time stamp and a wrong one", in_receipt(1, "timestamps", lambda all_: [*all_, b64(s.token("x"))]), "stamp_other"),
        ("a time stamp that is none", set_receipt(1, timestamps=[b64(b"0")]), "stamp_form"),
        ("kind in the index", lambda p: p.index["artifacts"][0].update(kind="incident"), "kind"),
    ]
    found = [Case(name, edit(s.parts, change).pack(), s.given, 1, [V], [[A], [V]], code) for name, change, code in table]

    line = s.ledger.key.line(s.ledger.text(3))
    spoiled = s.ledger.key.line(s.ledger.text(5))
    weak: list[tuple[str, Change, list[str], str]] = [
        ("ledger's signature line gone", in_receipt(1, "proof", swap(line, "")), [U], "no_key"),
        ("witness's signature line gone", in_receipt(1, "proof", without_last_line), [W], "quorum"),
        (
            "both gone, a stranger's there",
            in_receipt(1, "proof", lambda t: without_last_line(swap(line, Signer("x", 5).line("x"))(t))),
            [U, W],
            "",
        ),
        ("a line of an unknown key", in_receipt(1, "proof", lambda t: t + Signer("x.example", 5).line("y")), [V], ""),
        ("a signature line twice", in_receipt(1, "proof", lambda t: t + good_line), [V], ""),
        (
            "a bad and a good time stamp",
            in_receipt(1, "timestamps", lambda t: [b64(s.token(s.ledger.text(3), issue("X", None))), *t]),
            [V],
            "",
        ),
        (
            "an untrusted time stamp alone",
            set_receipt(1, timestamps=[b64(s.token(s.ledger.text(3), issue("X", s.root, purposes=())))]),
            [T],
            "stamp_untrusted",
        ),
        ("consistency: the proof is gone", in_index("consistency", lambda all_: all_[1:]), [M], "no_consistency"),
        ("consistency: the proof is of another size", in_index("consistency", lambda all_: [{**all_[1], "size": 3}]), [A], "fork"),
        (
            "consistency: surplus node",
            in_index("consistency", lambda all_: [{**all_[0], "hashes": [*all_[0]["hashes"], node]}]),
            [A],
            "fork",
        ),
        ("consistency: no nodes", in_index("consistency", lambda all_: [{**all_[0], "hashes": []}]), [A], "fork"),
        ("the other system", in_index("system", lambda value: {**value, "slug": "other"}), [A], "system"),
        ("the other organisation", in_index("organisation", lambda value: {**value, "bin": "190140999999"}), [A], "organisation"),
    ]
    for name, change, words, code in weak:
        second = [A] if code in ("system", "organisation") else [V]
        grave = A in words or M in words
        found.append(
            Case(name, edit(s.parts, change).pack(), s.given, 1 if grave else 0 if words == [V] else 3, [V], [words, second], code)
        )
    wrong = edit(s.parts, in_receipt(1, "proof", swap(line, spoiled))).pack()
    found.append(Case("ledger's signature over another checkpoint", wrong, s.given, 1, [V], [[A], [V]], "signature"))
    names_receipt = edit(s.parts, lambda p: p.index["obligations"][0].update(artifacts=["receipts/0001.json"])).pack()
    found.append(Case("an obligation met by a receipt", names_receipt, s.given, 1, [M], [[V], [V]], "file"))
    found.append(Case("the same without a policy, by the claimed key", wrong, Given(), 1, [U], [[A], [U, W, T]], "signature"))
    newest = edit(
        s.parts, in_index("checkpoint", lambda text: text.replace(s.ledger.key.line(s.ledger.text()), s.ledger.key.line("x\n")))
    ).pack()
    found.append(Case("newest checkpoint: wrong signature", newest, s.given, 1, [A], [[V], [V]], "signature"))
    unsigned = edit(s.parts, lambda p: p.index.update(checkpoint=s.ledger.checkpoint(signers=[s.w1]))).pack()
    found.append(Case("newest checkpoint: signed by a witness only", unsigned, s.given, 3, [U], [[V], [V]], "no_key"))
    return found


def _files() -> list[Case]:
    """Files and manifests that do not agree; here the manifests stay as they were."""
    s = scene()
    files = s.parts.files()
    path, receipt = "data/artifacts/0001/assessment.json", "data/receipts/0001.json"
    gone = {name: content for name, content in files.items() if name != path}
    no_receipt = {name: content for name, content in files.items() if name != receipt}
    tag = {"tagmanifest-sha256.txt": manifest({name: files[name] for name in ("bagit.txt", "bag-info.txt")})}
    no_info = {name: content for name, content in files.items() if name != "bag-info.txt"}
    extra = edit(s.parts, lambda parts: parts.more.update({"data/artifacts/0003/contract.pdf": b"x"}))
    claim = edit(s.parts, lambda p: p.index["obligations"][0].update(artifacts=["artifacts/0009/x.json"]))
    data_files = {name: content for name, content in files.items() if name.startswith("data/") and name != path}
    good_other = with_manifests({**data_files, path: b'{"number":0} '})
    assert good_other["bagit.txt"] == BAGIT
    return [
        Case("content changed, manifest kept", zip_file({**files, path: b"x"}), s.given, 1, [A], [[A], [V]], "digest"),
        Case("content changed, manifest made anew", zip_file(good_other), s.given, 1, [V], [[A], [V]], "content"),
        Case("content gone", zip_file(gone), s.given, 1, [M], [[M], [V]], "file"),
        Case("content gone, from the manifest too", zip_file(with_manifests(data_files)), s.given, 1, [V], [[M], [V]], "file"),
        Case("receipt gone", zip_file(no_receipt), s.given, 1, [M], [[M], [V]], "file"),
        Case("a file that no manifest names", zip_file({**files, "data/more.txt": b"x"}), s.given, 1, [A], [[V], [V]], "unlisted"),
        Case("a file outside data", zip_file({**files, "more.txt": b"x"}), s.given, 1, [A], [[V], [V]], "unlisted"),
        Case("a file that no receipt stands for", extra.pack(), s.given, 1, [A], [[V], [V]], "unproved"),
        Case("an obligation met by a file that is not there", claim.pack(), s.given, 1, [M], [[V], [V]], "file"),
        Case("tag manifest does not name the manifest", zip_file({**files, **tag}), s.given, 1, [A], [[V], [V]], "unlisted"),
        Case("bag-info.txt gone", zip_file(no_info), s.given, 1, [M], [[V], [V]], "file"),
        Case("bag-info.txt changed", zip_file({**files, "bag-info.txt": b"x: y\n"}), s.given, 1, [A], [[V], [V]], "digest"),
        Case("index.html changed, manifest kept", zip_file({**files, "data/index.html": b"x"}), s.given, 1, [A], [[V], [V]], "digest"),
    ]


def _known() -> list[Case]:
    """Checkpoints that the inspector kept."""
    s = scene()
    data = s.parts.pack()
    liar = Ledger()
    for number in range(9):
        liar.enter(b"lie %d" % number)
    other = Ledger("other.example/ledger", 7)
    other.enter(b"x")

    def given(*notes: str) -> Given:
        return Given(s.policy, s.root.pem, known=[note.encode() for note in notes])

    text3 = s.ledger.checkpoint(3, [s.ledger.key])
    return [
        Case("kept: same size", data, given(s.ledger.checkpoint(7)), 0, [V], [[V], [V]]),
        Case("kept: size with a proof, nobody's receipt", data, given(s.ledger.checkpoint(5)), 0, [V], [[V], [V]]),
        Case("kept: two of them", data, given(text3, s.ledger.checkpoint(5)), 0, [V], [[V], [V]]),
        Case("kept: size without a proof", data, given(s.ledger.checkpoint(6)), 3, [], [[V], [V]], "known_unproved"),
        Case("kept: without a signature we know", data, given(s.ledger.checkpoint(5, [Signer("x", 5)])), 0, [V], [[V], [V]]),
        Case("kept: larger than the newest", data, given(liar.checkpoint(9)), 1, [A], [[V], [V]], "larger"),
        Case("kept: same size, another root", data, given(liar.checkpoint(7)), 1, [A], [[V], [V]], "fork"),
        Case("kept: smaller, another root", data, given(liar.checkpoint(5)), 1, [A], [[V], [V]], "fork"),
        Case("kept: of another ledger", data, given(other.checkpoint()), 3, [], [[V], [V]], "known_other"),
        Case("kept: of an empty ledger", data, given(s.ledger.checkpoint(0)), 3, [], [[V], [V]], "known_unproved"),
        Case("kept: a wrong signature", data, given(s.ledger.text(5) + "\n" + s.ledger.key.line("x\n")), 2, None, []),
        Case("kept: not a checkpoint", data, given("hello\n"), 2, None, []),
    ]


def _ledgers() -> list[Case]:
    """Receipts whose checkpoints do not belong to the newest one."""
    s = scene()
    fork = Ledger()
    for number in range(7):
        fork.enter(b'{"number":%d}' % (number if number != 1 else 99))
    longer = Ledger()
    entered = [longer.enter(b'{"number":%d}' % number) for number in range(9)]
    other = Ledger("other.example/ledger", 7)
    stranger = other.enter(b'{"number":0}')
    forked = edit(s.parts, lambda p: p.receipts.update({"receipts/0001.json": s.receipt(s.entered[0], 7, fork)}))
    forked_earlier = edit(s.parts, lambda p: p.receipts.update({"receipts/0001.json": s.receipt(s.entered[0], 3, fork)}))
    late = edit(s.parts, lambda p: p.receipts.update({"receipts/0001.json": s.receipt(entered[0], 9, longer)}))
    foreign = edit(s.parts, lambda p: p.receipts.update({"receipts/0001.json": s.receipt(stranger, 1, other)}))
    both = Given(s.policy_of(s.ledger.key, other.key), s.root.pem)
    return [
        Case("a fork of the same size", forked.pack(), s.given, 1, [V], [[A], [V]], "fork"),
        Case("a fork of an earlier size", forked_earlier.pack(), s.given, 1, [V], [[A], [V]], "fork"),
        Case("a checkpoint larger than the newest", late.pack(), s.given, 1, [V], [[A], [V]], "larger"),
        Case("a checkpoint of another trusted ledger", foreign.pack(), both, 1, [V], [[A], [V]], "other_ledger"),
    ]


def _rotations() -> list[Case]:
    """Keys change: old and new key, receipts on both sides."""
    s = scene()
    ledger = Ledger(seed=21)
    old, new, third = ledger.key, Signer(ledger.origin, 22), Signer(ledger.origin, 23)
    early = ledger.enter(b'{"number":0}')
    change = ledger.enter(
        key_change(old, new), kind="ledger.key", name="key.json", artifact_schema="tanba.key/1", system=None, organisation=None
    )
    middle = ledger.enter(b'{"number":1}')
    again = ledger.enter(
        key_change(new, third), kind="ledger.key", name="key.json", artifact_schema="tanba.key/1", system=None, organisation=None
    )
    late = ledger.enter(b'{"number":2}')
    watched = [s.w1]

    def rotation(entered: Entered, size: int, key: Signer) -> dict[str, Any]:
        return {"artifact": entered.content.decode(), "receipt": ledger.receipt(entered, size, [key])}

    rotations = [rotation(change, 2, old), rotation(again, 4, new)]
    receipts = [
        (early, s.receipt(early, 1, ledger, [old, *watched])),
        (middle, s.receipt(middle, 3, ledger, [new, *watched])),
        (late, s.receipt(late, 5, ledger, [third, *watched])),
    ]
    parts = make_parts(ledger, receipts, s.policy_of(old), [1, 2, 3, 4], [third], rotations=rotations)
    trust_old, trust_new, trust_third = (Given(s.policy_of(key), s.root.pem) for key in (old, new, third))

    def with_rotations(*items: dict[str, Any]) -> bytes:
        return edit(parts, in_index("rotations", lambda _: list(items))).pack()

    by_new = {**rotations[0], "receipt": ledger.receipt(change, 2, [new])}
    lying = {**rotations[0], "artifact": key_change(old, third).decode()}
    wrong_kind = edit(
        parts, in_index("rotations", lambda _: [{"artifact": early.content.decode(), "receipt": ledger.receipt(early, 1, [old])}])
    )
    back = edit(parts, lambda p: p.receipts.update({"receipts/0001.json": s.receipt(early, 1, ledger, [new, *watched])}))
    cut = edit(parts, lambda p: p.receipts.update({"receipts/0002.json": s.receipt(middle, 3, ledger, [old, *watched])}))
    unproved = edit(parts, in_index("consistency", lambda all_: [item for item in all_ if item["size"] != 2]))
    bad = {
        "artifact": rotations[0]["artifact"],
        "receipt": {**rotations[0]["receipt"], "proof": ledger.proof(1, 2, [old]).replace("index 1", "index 0")},
    }
    return [
        Case("keys: two changes followed", parts.pack(), trust_old, 0, [V], [[V], [V], [V]]),
        Case("keys: the second trusted", parts.pack(), trust_new, 3, [V], [[U], [V], [V]], "no_key"),
        Case("keys: the last trusted", parts.pack(), trust_third, 3, [V], [[U], [U], [V]], "no_key"),
        Case("keys: changes left out", with_rotations(), trust_old, 3, [U], [[V], [U], [U]], "no_key"),
        Case("keys: the wrong way round", with_rotations(*rotations[::-1]), trust_old, 3, [U], [[V], [V], [U]], "no_key"),
        Case("keys: signed by the new key only", with_rotations(by_new, rotations[1]), trust_old, 3, [U], [[V], [U], [U]], "no_key"),
        Case("keys: another artifact than entered", with_rotations(lying), trust_old, 1, [U, A][1:], [[V], [U], [U]], "rotation"),
        Case("keys: an entry of another kind", wrong_kind.pack(), trust_old, 1, [A], [[V], [U], [U]], "rotation"),
        Case("keys: a proof that leads nowhere", with_rotations(bad), trust_old, 1, [A], [[V], [U], [U]], "rotation"),
        Case("keys: the new key before its time", back.pack(), trust_old, 3, [V], [[U], [V], [V]], "no_key"),
        Case("keys: the old key after its time", cut.pack(), trust_old, 0, [V], [[V], [V], [V]]),
        Case("keys: no proof from the change to the newest", unproved.pack(), trust_old, 1, [M], [[V], [U], [U]], "rotation"),
        Case("keys: no policy", parts.pack(), Given(), 3, [U], [[U, W, T]] * 3, "claimed"),
    ]


def _receipts() -> list[Case]:
    """A receipt alone."""
    s = scene()
    receipt = s.parts.receipts["receipts/0002.json"]
    data, content = canonical(receipt), s.entered[5].content
    with_content = Given(s.policy, s.root.pem, content)
    wrong = Given(s.policy, s.root.pem, content + b" ")
    empty = Given(s.policy, s.root.pem, b"")
    erased = canonical({**receipt, "artifact": None, "author": None})
    nobody = s.ledger  # the ledger is not changed: a copy is
    other = Ledger()
    other.entries = list(nobody.entries)
    by_nobody = other.enter(b"{}", by=None)
    without_author = other.receipt(by_nobody, 8, [other.key, s.w1], [s.token(other.text())])
    claims_author = {**without_author, "author": {"salt": "00" * 32, "value": {"name": "x"}}}
    twisted = {
        **receipt,
        "author": {**receipt["author"], "value": {"\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"): "x", "\ufb33": "y"}},
    }
    wide = b'{"artifact":null' + canonical(twisted)[canonical(twisted).index(b',"author"') :]

    def kept(size: int, ledger: Ledger) -> Given:
        return Given(s.policy, s.root.pem, content, [ledger.checkpoint(size).encode()])

    return [
        Case("receipt and content", data, with_content, 0, None, [[V]]),
        Case("receipt without content", data, s.given, 0, None, [[V]], "content_absent"),
        Case("receipt and other content", data, wrong, 1, None, [[A]], "content"),
        Case("receipt and empty content", data, empty, 1, None, [[A]], "content"),
        Case("receipt, nobody believed", data, Given(content=content), 3, None, [[U, W, T]], "no_policy"),
        Case("receipt, all erased", erased, s.given, 0, None, [[V, E]], "erased_author"),
        Case("receipt, all erased, content given", erased, with_content, 1, None, [[A]], "unbound"),
        Case("receipt of nobody in particular", canonical(without_author), s.given, 0, None, [[V]], "content_absent"),
        Case("receipt of nobody that names somebody", canonical(claims_author), s.given, 1, None, [[A]], "author"),
        Case("receipt, kept checkpoint of the same size", data, kept(7, s.ledger), 0, None, [[V]]),
        Case("receipt, kept checkpoint of another size", data, kept(5, s.ledger), 3, None, [[]], "known_unproved"),
        Case("receipt, keys in the order of UTF-16", _utf16_order(wide), s.given, 1, None, [[A]], "author"),
        Case("receipt, keys in the order of UTF-8", wide, s.given, 2, None, []),
    ]


def _utf16_order(data: bytes) -> bytes:
    """The same receipt with the two author keys the other way round, as RFC 8785 wants them."""
    low, high = '"\ufb33":"y"'.encode(), '"\U0001f600":"x"'.encode()
    assert low + b"," + high in data
    return data.replace(low + b"," + high, high + b"," + low)
