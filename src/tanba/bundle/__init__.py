"""Bundles: one file that an inspector checks offline (spec/bundle.md).

`container` is the ZIP and BagIt form, `make` collects, `page` writes the index for people, `check` checks. The stand-alone checkers under
verify/ share no code with this.
"""
