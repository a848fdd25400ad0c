"""Marking what AI made, as article 21(2) asks: a machine-readable mark and a warning that people perceive."""
