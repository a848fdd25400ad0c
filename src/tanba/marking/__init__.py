"""Marks on generated media, so that people and machines can tell them (Law on AI, article 21(2))."""
