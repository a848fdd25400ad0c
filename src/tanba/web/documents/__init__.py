"""Documents of a system, made from the register and sealed."""
