"""Headline figures, each measured here and beside its peer in the same run: `make bench`. Results are recorded in docs/figures.md."""
