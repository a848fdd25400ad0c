"""The law in the browser: provisions as of a day, claims, changes, house policy, import of an official text."""
