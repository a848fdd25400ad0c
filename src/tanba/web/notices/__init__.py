"""Notices that AI is used: the policy's page, what a system's users were shown, and the calls that components and guards make."""
