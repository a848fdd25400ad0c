"""Blocks that other features' pages show."""
