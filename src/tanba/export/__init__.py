"""Obligations and assessments in open formats: a table (JSON, CSV, XLSX) and OSCAL.

Pure: doors hand in `Whole` and `Subject`s, bytes come out piece by piece, so that many systems need no more memory than one.
"""
