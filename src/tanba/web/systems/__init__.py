"""The register of AI systems: facts, parts, intake, portfolio."""
