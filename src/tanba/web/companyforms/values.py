"""Values of a system by their place in a SYSTEM.yaml, as `documents.places` names it: read, and set."""

from typing import Any

from tanba.web.accounts.models import User
from tanba.web.risks.models import PrincipleText, newest
from tanba.web.systems.files import PARTS
from tanba.web.systems.models import Part, System

Path = tuple[Any, ...]


def value_of(system: System, path: Path) -> Any:
    """What stands there now; None where there is no such part."""
    name = path[0]
    if name in ("models", "data_libraries"):
        part = _part(system, name, path[1])
        return part and part.details.get(path[2], "")
    if name == "vendor":
        part = _part(system, name, 0)
        return str(part) if part else system.vendor
    if name == "principles":
        return _principle(system, path[1]).get(path[2], "")
    if name == "limits":
        return dict(system.limits.get(path[1]) or {}).get(path[2], "")
    if name == "department":
        return system.department
    value = getattr(system, name)
    return value.get(path[1], "") if len(path) > 1 else value


def put(system: System, path: Path, value: Any, by: User) -> None:
    """Set it; the caller saves the system. Raises KeyError where a part is not there any more."""
    name = path[0]
    if name in ("models", "data_libraries") or (name == "vendor" and _part(system, name, 0)):
        _put_part(system, (name, 0, "name") if name == "vendor" else path, value)
    elif name == "principles":
        text = _principle(system, path[1]) | {path[2]: value}
        PrincipleText.objects.create(system=system, principle=path[1], text=text, by=by)
    elif name == "limits":
        system.limits = system.limits | {path[1]: dict(system.limits.get(path[1]) or {}) | {path[2]: value}}
    elif len(path) > 1 and name != "department":
        setattr(system, name, getattr(system, name) | {path[1]: value})
    else:
        setattr(system, name, value)


def _principle(system: System, name: str) -> dict[str, str]:
    row = newest(system.principle_texts, "principle").get(name)
    return dict(row.text) if row else {}


def _part(system: System, name: str, number: int) -> Part | None:
    return next(iter(system.parts.filter(kind=PARTS[name]).order_by("id")[number : number + 1]), None)


def _put_part(system: System, path: Path, value: str) -> None:
    part = _part(system, path[0], path[1])
    if part is None:
        raise KeyError(path[0])
    part.details = part.details | {path[2]: value}
    part.save(update_fields=["details"])
