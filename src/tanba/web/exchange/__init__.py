"""Import and export of the whole register as a table."""
