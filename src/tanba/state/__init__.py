"""Dealings with the state: pilots on the national platform, the list of trusted systems, security, support and training. Pure."""
