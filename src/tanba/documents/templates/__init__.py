"""The documents, one file each: `MUST`, the fields it always has, and `blocks`, what it says. Pure."""
