"""Marking of what AI made, in the browser: marking, the list of marks, the channel standard, and the page where anybody verifies a file."""
