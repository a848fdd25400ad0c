"""`tanba synthetic`: is an output a synthetic result, so that art. 21(2) asks for mark and warning?"""

import argparse
import json
from collections.abc import Callable

from tanba.cli.marks import policy_argument
from tanba.errors import COULD_NOT_CHECK, FINE
from tanba.marking.synthetic import FACTS, decide
from tanba.strings import t

ANSWERS = {"yes": True, "no": False, "unknown": None}


def arguments(parser: argparse.ArgumentParser, say: Callable[[str], str]) -> None:
    """Declare the verb's arguments."""
    for name in FACTS:
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, choices=tuple(ANSWERS), default="unknown", dest=name, help=say(f"synthetic.{name}.help"))
    parser.add_argument("--json", action="store_true", help=say("synthetic.json.help"))
    policy_argument(parser, say)


def run(options: argparse.Namespace) -> int:
    """Decide; 3 where the facts leave it open."""
    from tanba.marking.standardfile import load_standard
    from tanba.workspace import current

    standard = load_standard(current(), options.policy)
    decision = decide({name: ANSWERS[getattr(options, name)] for name in FACTS}, standard.everything)
    if options.json:
        said = {"by_policy": decision.by_policy, "mark": decision.marks, "norm": decision.norm, "open": list(decision.open)}
        print(json.dumps({**said, "reasons": list(decision.reasons), "schema": "tanba.synthetic/1"}, ensure_ascii=False))
    else:
        lines = [t(f"synthetic.norm_{decision.norm.replace('/', '_')}", options.lang)]
        lines += [f"  {t(f'synthetic.reason_{reason}', options.lang)}" for reason in decision.reasons]
        lines += [f"  ? {t(f'synthetic.fact_{name}', options.lang)}" for name in decision.open]
        print("\n".join(lines))
    return COULD_NOT_CHECK if decision.norm == "unknown" else FINE
