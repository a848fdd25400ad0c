"""Tags about the law."""
