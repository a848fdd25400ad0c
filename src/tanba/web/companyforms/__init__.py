"""A company's own forms, filled in from the register, and edited documents that are read back into it."""
