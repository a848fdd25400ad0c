"""Marks in text: a visible line, an ID after each sentence, a C2PA wrapper and a fingerprint. Pure: no files, no network, no clock."""
