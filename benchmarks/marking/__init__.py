"""Benchmarks of marking."""
