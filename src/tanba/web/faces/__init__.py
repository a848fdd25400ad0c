"""What outsiders see of a system: its public page, without an account. Other features add their blocks to it."""
