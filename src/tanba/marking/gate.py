"""The release gate: nothing leaves without both parts that art. 21(2) names. What could not be looked at does not pass."""

from dataclasses import dataclass

from tanba.marking.verify import Checked
from tanba.suspension import Act


@dataclass(frozen=True, slots=True)
class Verdict:
    """`passes`: True, False, or None where it could not be checked. `reasons` are codes of the catalogue (`gate.reason_…`)."""

    passes: bool | None
    reasons: tuple[str, ...]


def judge(checked: Checked, stop: Act | None = None) -> Verdict:
    """Whether a file that was verified may be distributed as a synthetic result. `stop`: of the system that made it (art. 18(2))."""
    stopped = ["suspended"] if stop else []
    false = [f"false_{found.layer}" for found in checked.layers if found.state == "invalid"]
    missing = [name for name, state in (("no_mark", checked.machine), ("no_warning", checked.warning)) if state == "not_found"]
    unknown = [name for name, state in (("mark_unknown", checked.machine), ("warning_unknown", checked.warning)) if state == "unknown"]
    if stopped or false or missing:
        return Verdict(False, (*stopped, *false, *missing, *unknown))
    return Verdict(None, tuple(unknown)) if unknown else Verdict(True, ())
