"""A system in one word, for lists and counts. Pure."""

LEVELS = ("minimal", "medium", "high")
TIERS = ("prohibited", "high", "medium", "minimal", "open", "outside")


def tier(conclusion: str, risk_levels: str) -> str:
    """One of TIERS from an assessment's conclusion and its risk levels joined by hyphens.

    `outside`: the law does not reach it; `open`: more than one level is possible.
    """
    if conclusion == "prohibited":
        return "prohibited"
    if conclusion in ("not_ai_system", "out_of_reach"):
        return "outside"
    return risk_levels if conclusion and risk_levels in LEVELS else "open"
