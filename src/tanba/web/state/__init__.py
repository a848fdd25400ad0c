"""Dealings with the state: forms of a system (pilot, trusted list, security), training of the organisation."""
