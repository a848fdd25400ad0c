"""Obligations of systems: status, assignee, dates."""
