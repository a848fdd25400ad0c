"""The rights desk: what people ask about a system, by when they are answered, and what they are told."""
