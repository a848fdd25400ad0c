"""What our C2PA manifests say, whatever the medium, and what others' say to us."""

from typing import Any

from tanba import __version__, c2pa_io
from tanba.errors import InputError
from tanba.marking.markid import parse, text_of
from tanba.marking.model import AI_SOURCES, SOURCE_TYPES, Found, State, Statement, plain_source
from tanba.marking.standard import Standard

WATERMARK, MARK = "kz.tanba.wm.1", "kz.tanba.mark"
"""Names of our watermark in C2PA's soft binding, and of our assertion."""


STATES: dict[str, State] = {"trusted": "valid", "valid": "present", "unknown": "unknown", "invalid": "invalid"}


def manifest_of(
    what: Statement, standard: Standard, media_type: str, *, has_parent: bool = False, watermarked: bool = False
) -> dict[str, Any]:
    """The definition of a C2PA manifest: how it came about, the watermark that points to it, and our own statement.

    It goes out with the file, so it names neither the system nor the file as the organisation calls them: the register does.
    """
    source, number = SOURCE_TYPES[what.source], text_of(what.id)
    parent = {"ingredientIds": [c2pa_io.PARENT]}
    opened = [{"action": "c2pa.opened", "parameters": parent}, {"action": "c2pa.edited", "digitalSourceType": source}]
    created = [{"action": "c2pa.created", "digitalSourceType": source}]
    bound = [{"action": "c2pa.watermarked.bound"}] if watermarked else []
    binding = {"alg": WATERMARK, "blocks": [{"scope": {}, "value": number}]}
    ours = {"id": number, "source": what.source, "organisation": what.bin, "policy": standard.version}
    ours["time"] = what.time.isoformat(timespec="seconds")
    return {
        "claim_generator_info": [{"name": "tanba", "version": __version__}],
        "title": number,
        "format": media_type,
        "assertions": [
            {"label": "c2pa.actions.v2", "data": {"actions": [*(opened if has_parent else created), *bound]}},
            *([{"label": "c2pa.soft-binding", "data": binding}] if watermarked else []),
            {"label": MARK, "data": {name: text for name, text in ours.items() if text}},
        ],
    }


def manifest_found(reading: c2pa_io.Reading | None) -> Found:
    """What a manifest says, as a layer. One that says nothing of AI, as a camera's, is no mark: `states_ai`."""
    if reading is None:
        return Found("c2pa", "absent")
    ours = reading.assertions.get(MARK) or {}
    actions = (reading.assertions.get("c2pa.actions.v2") or {}).get("actions", [])
    sources = [plain_source(each["digitalSourceType"]) for each in actions if isinstance(each, dict) and "digitalSourceType" in each]
    details: dict[str, Any] = {"issuer": reading.issuer, "name": reading.common_name, "time": reading.time, "title": reading.title}
    details |= {"problems": list(reading.problems), "sources": sources, "ours": ours, "manifests": reading.count}
    details["states_ai"] = bool(ours) or any(source in AI_SOURCES for source in sources)
    return Found("c2pa", STATES[reading.state], _ids(ours), details=details)


def _ids(ours: Any) -> list[int]:
    try:
        return [parse(str(ours["id"]))]
    except (InputError, KeyError, TypeError):
        return []
