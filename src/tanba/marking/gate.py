"""The release gate: nothing leaves without both parts that art. 21(2) names. What could not be looked at does not pass."""

from dataclasses import dataclass

from tanba.marking.verify import Checked


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passes`: True, False, or None where it could not be checked. `reasons` are codes of the catalogue (`gate.reason_…`)."""

    passes: bool | None
    reasons: tuple[str, ...]


def judge(checked: Checked) -> Verdict:
    """Whether a file that was verified may be distributed as a synthetic result."""
    false = [f"false_{found.layer}" for found in checked.layers if found.state == "invalid"]
    missing = [name for name, state in (("no_mark", checked.machine), ("no_warning", checked.warning)) if state == "not_found"]
    unknown = [name for name, state in (("mark_unknown", checked.machine), ("warning_unknown", checked.warning)) if state == "unknown"]
    if false or missing:
        return Verdict(False, (*false, *missing, *unknown))
    return Verdict(None, tuple(unknown)) if unknown else Verdict(True, ())
