"""`python -m benchmarks [NAME …]`: run all benchmarks, or those named."""

import sys
from importlib import import_module

NAMES = ("verdicts", "cold_start", "labelled", "questions", "portfolio")


def main() -> None:
    for name in sys.argv[1:] or NAMES:
        print(f"== {name}")
        for line in import_module(f"benchmarks.{name}").run():
            print(f"   {line}", flush=True)


if __name__ == "__main__":
    main()
