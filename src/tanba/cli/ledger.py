"""`tanba ledger …`: status, prove, check, checkpoint, witness, new-key."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tanba.cli.inputs import common
from tanba.errors import COULD_NOT_CHECK, FINDING, FINE, EvidenceError, InputError, NetworkError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="ledger_verb")

    def verb(name: str) -> argparse.ArgumentParser:
        sub = verbs.add_parser(name, help=say(f"ledger.{name}.help"), description=say(f"ledger.{name}.help"), add_help=False)
        common(sub, say, argparse.SUPPRESS)
        return sub

    for name in ("status", "check"):
        verb(name).add_argument("--format", choices=("text", "json"), default="text", help=say("format.help"))
    check = verbs.choices["check"]
    check.add_argument("--against", type=Path, action="append", default=[], metavar="FILE", help=say("ledger.against.help"))
    check.add_argument("--ask", action="store_true", help=say("ledger.ask.help"))
    verb("prove").add_argument("entry", metavar="POSITION|ID", help=say("ledger.entry.help"))
    checkpoint = verb("checkpoint")
    checkpoint.add_argument("--confirm", action="store_true", help=say("ledger.confirm.help"))
    checkpoint.add_argument("--publish", type=Path, metavar="DIR", default=None, help=say("ledger.publish.help"))
    witness = verb("witness")
    witness.add_argument("--log", action="append", default=[], metavar="KEY", help=say("ledger.log.help"))
    witness.add_argument("--name", default="", help=say("ledger.name.help"))
    witness.add_argument("--host", default="127.0.0.1", help=say("serve.host.help"))
    witness.add_argument("--port", type=int, default=8765, help=say("serve.port.help"))
    verb("new-key")


def run(options: argparse.Namespace) -> int:
    """Dispatch to the verb."""
    if options.ledger_verb == "witness":
        return _witness(options)
    from tanba.ledger import home
    from tanba.workspace import current

    workspace = current()
    if options.ledger_verb == "new-key":
        return _new_key(options, workspace)
    if not home.exists(workspace):
        raise InputError("there is no ledger in this workspace yet", "`tanba seal FILE` or `tanba serve` begins one.", workspace.root)
    log = home.open_ledger(workspace)
    try:
        code: int = {"status": _status, "check": _check, "prove": _prove, "checkpoint": _checkpoint}[options.ledger_verb](options, log)
        return code
    finally:
        log.store.close()


def _status(options: argparse.Namespace, log: Any) -> int:
    from tanba.ledger import home
    from tanba.ledger.checkpoint import Signed
    from tanba.workspace import current

    signed = log.head()
    size = signed.checkpoint.size
    anchors = [(anchor, Signed.parse(anchor.note).cosignatures) for anchor in log.store.anchors()]
    status = {
        "anchors": [{"size": anchor.size, "timestamps": len(anchor.timestamps), "witnesses": lines} for anchor, lines in anchors],
        "checkpoint": str(signed),
        "key": log.keyring.signer.key.text,
        "last": json.loads(log.entry(size - 1))["time"] if size else None,
        "origin": log.origin,
        "schema": "tanba.ledger-status/1",
        "size": size,
        "witnesses": {name: home.witnessed(log, key) for name, (key, _) in home.policy(current()).witnesses.items()},
    }
    if options.format == "json":
        print(json.dumps(status, ensure_ascii=False, indent=2))
        return FINE
    say = _teller(options)
    print(say("status.origin", origin=log.origin), say("status.key", key=status["key"]), say("status.size", count=size), sep="\n")
    if status["last"]:
        print(say("status.last", time=status["last"]))
    confirmed = [anchor for anchor in status["anchors"] if anchor["witnesses"] or anchor["timestamps"]]
    for anchor in confirmed[-5:]:
        print(say("status.anchor", **anchor))
    if not confirmed:
        print(say("status.alone"))
    return FINE


def _prove(options: argparse.Namespace, log: Any) -> int:
    given = options.entry
    position = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else log.store.find(given)
    if position is None:
        raise InputError(
            "{entry!r} is neither a position nor an id in this ledger",
            "`tanba ledger status` says how many entries there are.",
            entry=given,
        )
    print(log.prove(position), end="")
    return FINE


def _check(options: argparse.Namespace, log: Any) -> int:
    from tanba.cli.evidence import checkpoints
    from tanba.ledger.audit import against, audit

    known = checkpoints(options.against)
    findings = audit(log.store, log.keyring.keys)
    size = log.store.head().size
    if all(finding.harmless for finding in findings):
        findings += [finding for checkpoint in known for finding in against(log, checkpoint)]
    asked = _ask_all(options, log) if options.ask else []
    bad = [finding for finding in findings if not finding.harmless]
    if options.format == "json":
        rows = [
            {"code": finding.code, "count": finding.count, "harmless": finding.harmless, "position": finding.position}
            for finding in findings
        ]
        answers = [{"confirmed": not problem, "who": who} for who, problem in asked]
        found = {"asked": answers, "findings": rows, "schema": "tanba.ledger-check/1", "size": size}
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        say = _teller(options)
        for finding in findings:
            print(t(f"ledger.finding_{finding.code}", options.lang, position=finding.position, count=finding.count))
        print(*_told(options, asked), say("check.bad", count=len(bad)) if bad else say("check.fine", count=size), sep="\n")
        if not known and not options.ask:
            print(say("check.outside"))
    return FINDING if bad else _code(asked)


def _code(asked: list[tuple[str, str]]) -> int:
    """Somebody who did not answer leaves a question open."""
    return COULD_NOT_CHECK if any(problem for _, problem in asked) else FINE


def _checkpoint(options: argparse.Namespace, log: Any) -> int:
    from tanba.ledger.publish import publish

    asked = _ask_all(options, log) if options.confirm else []
    signed = publish(log, options.publish) if options.publish else log.head()
    kept = log.store.anchor(signed.checkpoint.size)
    print(kept.note if kept else signed, end="")
    print(*_told(options, asked), sep="\n", end="\n" if asked else "", file=sys.stderr)
    return _code(asked)


def _ask_all(options: argparse.Namespace, log: Any) -> list[tuple[str, str]]:
    """(who, why not) of every witness and the time-stamping authority. Raises EvidenceError where a witness contradicts."""
    from tanba.ledger.confirm import confirm
    from tanba.strings import explain
    from tanba.workspace import current

    asked = []
    for who, problem in confirm(log, current()):
        if isinstance(problem, EvidenceError):
            raise problem
        asked.append((who, "" if problem is None else explain(problem, options.lang)[0]))
    if not asked:
        raise InputError(
            "nobody is named who could confirm this ledger",
            "Name witnesses in ledger-policy.txt, or set timestamp_authority in tanba.toml.",
        )
    return asked


def _told(options: argparse.Namespace, asked: list[tuple[str, str]]) -> list[str]:
    return [f"{who}: {problem}" if problem else t("cli.ledger.asked", options.lang, who=who) for who, problem in asked]


def _witness(options: argparse.Namespace) -> int:
    import waitress

    from tanba.ledger.home import open_witness
    from tanba.ledger.note import Key
    from tanba.ledger.witness import application
    from tanba.workspace import current

    if not options.log:
        raise InputError("a witness has to know a ledger", "Give its key with --log; `tanba ledger status` prints it there.")
    witness = open_witness(current(), options.name, [Key.parse(text) for text in options.log])
    address = f"http://{options.host}:{options.port}"
    try:
        server = waitress.create_server(application(witness), host=options.host, port=options.port, threads=2, ident=None)
    except (OSError, OverflowError) as error:
        raise NetworkError(
            "cannot listen on {address} ({problem})", "Choose another port: --port, or TANBA_PORT.", address=address, problem=error
        ) from None
    print(
        t(
            "cli.ledger.witness.serving",
            options.lang,
            address=address,
            line=f"witness {witness.signer.key.name} {witness.signer.key.text} {address}",
        ),
        flush=True,
    )
    server.run()
    return FINE


def _new_key(options: argparse.Namespace, workspace: Any) -> int:
    from tanba.handover import hand_over

    key, signed = hand_over(workspace)
    print(_teller(options)("new_key.done", key=key.text, size=signed.checkpoint.size))
    return FINE


def _teller(options: argparse.Namespace) -> Callable[..., str]:
    def say(word: str, /, **values: Any) -> str:
        return t(f"cli.ledger.{word}", options.lang, **values)

    return say
