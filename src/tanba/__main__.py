"""`python -m tanba` is the same as `tanba`."""

from tanba.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
