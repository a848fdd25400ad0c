"""Marking of AI-generated media."""
