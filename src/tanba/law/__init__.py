"""The law hall: law as dated data, and the pure functions that read it. Start with `assess.py`."""
