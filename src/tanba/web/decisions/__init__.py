"""The decision log in the register: what systems decided, one decision with its proof, erasure, and the call that takes spans."""
