"""`tanba keys init | new | show`: what an organisation marks with."""

import argparse
from collections.abc import Callable
from typing import Any

from tanba.cli.inputs import common
from tanba.errors import FINE, InputError
from tanba.strings import t


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's own verbs."""
    verbs = parser.add_subparsers(metavar=say("verb"), required=True, dest="keys_verb")
    for name in ("init", "new", "show"):
        sub = verbs.add_parser(name, help=say(f"keys.{name}.help"), description=say(f"keys.{name}.help"), add_help=False)
        common(sub, say, argparse.SUPPRESS)
        if name != "show":
            sub.add_argument("--name", default=None, metavar="ORGANISATION", help=say("keys.name.help"))


def run(options: argparse.Namespace) -> int:
    """Make, renew or show."""
    from tanba.marking import home
    from tanba.workspace import current

    workspace = current()
    there = home.exists(workspace)
    if options.keys_verb == "init" and there:
        raise InputError(
            "marking keys are there already", "`tanba keys new` makes new ones; the old ones go on reading.", home.folder(workspace)
        )
    if options.keys_verb != "init" and not there:
        raise InputError("there are no marking keys in this workspace yet", "`tanba keys init` makes them.", workspace.root)
    if options.keys_verb != "show" and options.name and not options.name.isprintable():
        raise InputError("{name}: {given!r} does not fit", "See docs/marking.md.", name="--name", given=options.name[:80])
    if options.keys_verb != "show":
        before = home.load_issuer(workspace).organisation if there else ""
        home.renew(workspace, before if options.name is None else options.name)
    print(_shown(home.load_issuer(workspace), str(home.folder(workspace)), options.lang))
    return FINE


def _shown(issuer: Any, folder: str, lang: str) -> str:
    from cryptography import x509

    leaf = x509.load_pem_x509_certificates(issuer.credential.chain)[0]
    until = leaf.not_valid_after_utc.date().isoformat()
    subject = leaf.subject.rfc4514_string()
    return t("cli.keys.shown", lang, folder=folder, subject=subject, until=until, secrets=len(issuer.secrets))
