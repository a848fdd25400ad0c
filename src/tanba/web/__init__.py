"""The web register: a door. Pages read the halls' values and show them; rules live in the halls."""
