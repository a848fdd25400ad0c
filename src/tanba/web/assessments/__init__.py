"""Assessments: run, interview, the assessment page with its history, overrides."""
