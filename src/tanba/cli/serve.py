"""`tanba serve`: the register in the browser, on this machine."""

import argparse
from collections.abc import Callable
from pathlib import Path

from tanba.errors import FINE


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    parser.add_argument("--host", default=None, help=say("serve.host.help"))
    parser.add_argument("--port", type=int, default=None, help=say("serve.port.help"))
    parser.add_argument("--sign-in", metavar="EMAIL", default=None, help=say("serve.sign_in.help"))
    parser.add_argument("--example", type=Path, metavar="DIR", default=None, help=say("serve.example.help"))


def run(options: argparse.Namespace) -> int:
    """Create or open the workspace, load the example where asked; print a sign-in link, or serve until interrupted."""
    from tanba.web import example, start
    from tanba.workspace import current

    start.prepare()
    if options.example is not None:
        example.load_example(options.example)
    if options.sign_in is not None:
        config = current().config(host=options.host, port=options.port)
        print(start.sign_in_link(options.sign_in, f"http://{config.host}:{config.port}"))
        return FINE
    start.serve(options.host, options.port, options.lang)
    return FINE
