"""`tanba notice show | policy | check-receipt | forget | component`: what people are told where AI is used, and proof that they were."""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common
from tanba.errors import FINDING, FINE, EvidenceError, InputError
from tanba.files import put_whole
from tanba.strings import explain, t

LONGEST = 1 << 16


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    from tanba.people.notice import CHANNELS

    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="notice_verb")
    subs = {}
    for name in ("show", "policy", "check-receipt", "forget", "component"):
        subs[name] = verbs.add_parser(name, help=say(f"notice.{name}.help"), description=say(f"notice.{name}.help"), add_help=False)
        common(subs[name], say, argparse.SUPPRESS)
    show, policy, check, forget, component = subs.values()
    show.add_argument("--channel", choices=CHANNELS, default="text", help=say("notice.channel.help"))
    show.add_argument("--system", default=None, metavar="NAME", help=say("notice.system.help"))
    show.add_argument("--organisation", default=None, metavar="NAME", help=say("notice.organisation.help"))
    show.add_argument("--page", default=None, metavar="URL", help=say("notice.page.help"))
    for each in (show, policy):
        each.add_argument("--policy", type=Path, default=None, metavar="FILE", help=say("notice.policy_file.help"))
    policy.add_argument("--write", action="store_true", help=say("notice.write.help"))
    check.add_argument("file", type=Path, metavar="FILE", help=say("notice.file.help"))
    check.add_argument("--of-system", default=None, metavar="ID", help=say("notice.of_system.help"))
    check.add_argument("--of-user", default=None, metavar="PSEUDONYM", help=say("notice.of_user.help"))
    check.add_argument("--key", action="append", default=[], metavar="HEX", help=say("notice.key.help"))
    check.add_argument("--json", action="store_true", help=say("notice.json.help"))
    forget.add_argument("--user", required=True, metavar="PSEUDONYM", help=say("notice.user.help"))
    component.add_argument("-o", "--output", type=Path, default=Path("tanba-notice.js"), metavar="FILE", help=say("notice.output.help"))


def run(options: argparse.Namespace) -> int:
    """One of the five."""
    verbs = {"show": _show, "policy": _policy, "check-receipt": _check, "forget": _forget, "component": _component}
    return verbs[options.notice_verb](options)


def _show(options: argparse.Namespace) -> int:
    from tanba.people.noticefile import load_policy
    from tanba.workspace import current

    policy = load_policy(current(), options.policy)
    given = {name: getattr(options, name) for name in ("system", "organisation", "page")}
    print(policy.text(options.channel, options.lang, {name: value for name, value in given.items() if value}))
    return FINE


def _policy(options: argparse.Namespace) -> int:
    from tanba.people.noticefile import load_policy, place, whole
    from tanba.workspace import current

    policy = load_policy(current(), options.policy)
    path = options.policy or place(current())
    if not options.write:
        print(whole(policy), end="")
        print(t("cli.notice.version", options.lang, version=policy.version))
        return FINE
    if path.exists():
        raise InputError("is there already", "Edit it: `tanba notice policy` checks it and names its version.", path)
    current().create()
    put_whole(path, whole(policy).encode())
    print(t("cli.notice.written", options.lang, path=path, version=policy.version))
    return FINE


def _check(options: argparse.Namespace) -> int:
    """0: genuine and in force; 1: it does not count, and why."""
    from tanba.files import read_upto
    from tanba.people.noticefile import signer
    from tanba.people.receipt import Claims, read, verify
    from tanba.workspace import current

    token = _token(read_upto(options.file, LONGEST), options.file)
    keys = options.key or [_signer(signer, current()).public]
    claims: Claims | None = None
    try:
        claims = read(token, keys)
        verify(claims, datetime.now(UTC), system=options.of_system, user=options.of_user)
    except EvidenceError as error:
        return _told(options, claims, error.word, " ".join(explain(error, options.lang)))
    return _told(options, claims, "genuine", t("cli.notice.genuine", options.lang))


def _signer(signer: Callable[[Any], Any], workspace: Any) -> Any:
    """The workspace's key, which checking does not make."""
    from tanba.people.noticefile import KEY

    if not (workspace.keys / KEY).exists():
        raise InputError("there is no key of receipts in this workspace", "Name the register's public key with --key.")
    return signer(workspace)


def _forget(options: argparse.Namespace) -> int:
    """Erase a user's receipts; what was sealed of them can never be opened again."""
    from tanba.people.shown import NAME, Shown
    from tanba.workspace import current

    shown = Shown(current().root / NAME)
    try:
        print(t("cli.notice.forgotten", options.lang, count=shown.forget(options.user)))
    finally:
        shown.close()
    return FINE


def _told(options: argparse.Namespace, claims: Any, verdict: str, words: str) -> int:
    from dataclasses import asdict

    known = asdict(claims) if claims else None
    if options.json:
        batch = _batch(claims.id) if claims and not options.key else None
        print(json.dumps({"batch": batch, "claims": known, "schema": "tanba.notice-check/1", "verdict": verdict}, ensure_ascii=False))
        return FINE if verdict == "genuine" else FINDING
    print(f"{options.file}: {words}")
    if claims:
        for name in ("act", "subject", "channel", "via"):
            print(f"  {t(f'cli.notice.is_{name}', options.lang)}: {t(f'notice.{name}_{getattr(claims, name)}', options.lang)}")
        for name in ("language", "version", "text", "system", "user", "time", "expires"):
            print(f"  {t(f'cli.notice.is_{name}', options.lang)}: {getattr(claims, name)}")
        if not options.key and (batch := _batch(claims.id)):
            print(f"  {t('cli.notice.in_batch', options.lang, batch=batch['id'], artifact=batch['artifact'] or '–')}")
    return FINE if verdict == "genuine" else FINDING


def _batch(id: str) -> dict[str, Any] | None:
    """The sealed batch that holds the receipt, and what opens its commitment."""
    from tanba.people.shown import NAME, Shown
    from tanba.workspace import current

    shown = Shown(current().root / NAME)
    proof = shown.proof(id)
    shown.close()
    return proof and {"artifact": proof[2].artifact, "id": proof[2].id, "salt": proof[1]}


def _token(written: bytes, path: Path) -> str:
    from tanba.people.receipt import token_in

    try:
        return token_in(written.decode("ascii", "replace") if len(written) <= LONGEST else "")
    except InputError as error:
        raise error.at(path) from None


def _component(options: argparse.Namespace) -> int:
    from importlib.resources import files

    source = files("tanba").joinpath("web/static/tanba/tanba-notice.js").read_bytes()
    put_whole(options.output, source)
    print(t("cli.notice.component_written", options.lang, path=options.output, size=len(source)))
    return FINE
