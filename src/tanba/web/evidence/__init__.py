"""Sealed artifacts, what they evidence, and the page of the ledger."""
