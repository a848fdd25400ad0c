"""Risks of systems, controls, principles, fairness."""
