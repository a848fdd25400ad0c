"""The decision log: what a system decided, on what basis, so that a person can be answered and the content can be erased."""
