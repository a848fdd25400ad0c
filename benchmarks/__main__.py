"""`python -m benchmarks [--full] [--large] [NAME …]`: run all benchmarks, or those named.

`--full`: more rounds of the ledger's; `--large`: the ledger grows to ten million entries (8 GB of disk).
"""

import argparse
from importlib import import_module

NAMES = (
    *("verdicts", "cold_start", "labelled", "questions", "portfolio", "ledger", "ledger_peers", "storage"),
    *("requests", "notice_check", "incidents", "trace", "risks", "documents", "documents_set", "export", "register_import"),
    *("mark_register", "text_marks", "marking.watermark", "marking.pipeline"),
)
SCALED = ("ledger", "ledger_peers")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--full", action="store_true", help="more rounds of the ledger's")
    parser.add_argument("--large", action="store_true", help="the ledger grows to ten million entries")
    said = parser.parse_args()
    for name in said.names or NAMES:
        print(f"== {name}")
        run = import_module(f"benchmarks.{name}").run
        for line in run(said.full, said.large) if name in SCALED else run():
            print(f"   {line}", flush=True)


if __name__ == "__main__":
    main()
