"""Law data from YAML to values. Parsing only: what is refused, and why, stands in `lint.py` and runs in `make check`."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from tanba.datafolder import read_folder
from tanba.errors import LawError
from tanba.law.conditions import ALWAYS, AllOf, AnyOf, Node, Term, parse
from tanba.law.model import Act, Axis, Change, Claim, Element, Fact, Law, Level, Notion, Parameter, Provision

HERE = Path(__file__).parent
ENGINE_NOTIONS = ("ban_suspected",)
"""Notions that the engine itself settles: some prohibition is found (True), open (None), or all are clear (False)."""


@cache
def load(jurisdiction: str = "kz") -> Law:
    """The law of one jurisdiction, from the folder of that name. Raises LawError where the data cannot be understood."""
    return build(jurisdiction, read_folder(HERE / jurisdiction))


def articles(files: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """(file, act, content) of every article file."""
    for name, content in files.items():
        act, _, rest = name.partition("/")
        if rest and rest != "act":
            yield name, act, content


def build(jurisdiction: str, files: Mapping[str, Mapping[str, Any]]) -> Law:
    """The values for parsed files {name: content}."""
    index = files["index"]
    acts = {content["act"]: _act(content) for name, content in files.items() if name.endswith("/act")}
    kinds = _kinds(files)
    law = Law(
        jurisdiction=jurisdiction,
        name=index["name"],
        acts=acts,
        facts={f.name: f for _, act, content in articles(files) for f in _facts(act, content, acts)},
        notions={n.name: n for _, act, content in articles(files) for n in _notions(act, content, acts, kinds)},
        axes={a.name: a for _, act, content in articles(files) for a in _axes(act, content, acts, kinds)},
        provisions=tuple(
            p for name, act, content in articles(files) for p in _provisions(jurisdiction, files[f"{act}/act"], name, content, kinds)
        ),
        claims=tuple(_claim(entry) for entry in files.get("claims", {}).get("claims", [])),
        summaries=files.get("claims", {}).get("summaries", {}),
        verdicts=files.get("claims", {}).get("verdicts", {}),
        mci=tuple(_parameter(entry) for entry in index["mci"]),
        bases=index["bases"],
    )
    return law


def _kinds(files: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The kind of every name that a condition may use."""
    kinds = dict.fromkeys(ENGINE_NOTIONS, "notion")
    for _, _, content in articles(files):
        kinds |= {name: fact["type"] for name, fact in content.get("facts", {}).items()}
        kinds |= dict.fromkeys(content.get("notions", {}), "notion")
        kinds |= dict.fromkeys(content.get("axes", {}), "axis")
    return kinds


def full_path(path: str, act: str, acts: Mapping[str, Any]) -> str:
    """A path as written (`21/2`, or `94-V/12/2` with another act in front) with its act."""
    return path if path.partition("/")[0] in acts else f"{act}/{path}"


def day(text: str) -> date:
    """A date as written in the data."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise LawError(f"not a date: {text!r}", "Write YYYY-MM-DD.") from None


def _act(content: Mapping[str, Any]) -> Act:
    return Act(
        name=content["act"],
        kind=content["kind"],
        basis=content["basis"],
        title=content["title"],
        source=content["source"],
        commencement=day(content["commencement"]),
        text_read=content["text_read"],
        confidence=content["confidence"],
        editions=tuple(content.get("editions", ())),
        changes=tuple(_change(content["act"], entry) for entry in content.get("changes", ())),
    )


def _change(act: str, entry: Mapping[str, Any]) -> Change:
    touches = None if entry["touches"] == "all" else tuple(entry["touches"])
    return Change(act, day(entry["from"]), entry["by"], touches, entry["confidence"], entry["summary"])


def _facts(act: str, content: Mapping[str, Any], acts: Mapping[str, Act]) -> Iterator[Fact]:
    for name, entry in content.get("facts", {}).items():
        yield Fact(
            name=name,
            type=entry["type"],
            question=entry["question"],
            governed_by=full_path(entry["governed_by"], act, acts),
            help=entry.get("help"),
            choices=entry.get("choices", {}),
            legal=entry.get("legal", False),
            words=entry.get("words", {}),
        )


def _notions(act: str, content: Mapping[str, Any], acts: Mapping[str, Act], kinds: Mapping[str, str]) -> Iterator[Notion]:
    for name, entry in content.get("notions", {}).items():
        yield Notion(name, entry["label"], full_path(entry["governed_by"], act, acts), parse(entry["when"], kinds))


def _axes(act: str, content: Mapping[str, Any], acts: Mapping[str, Act], kinds: Mapping[str, str]) -> Iterator[Axis]:
    for name, entry in content.get("axes", {}).items():
        governed = full_path(entry["governed_by"], act, acts)
        yield Axis(
            name=name,
            label=entry["label"],
            governed_by=governed,
            basis=entry.get("basis", acts[act].basis),
            text_read=entry.get("text_read", acts[act].text_read),
            levels=tuple(
                Level(level, e["label"], e.get("test"), full_path(e.get("provision", governed), act, acts), parse(e["when"], kinds))
                for level, e in entry["levels"].items()
            ),
            ordered=entry.get("ordered", True),
            note=entry.get("note"),
        )


def _provisions(
    jurisdiction: str, act: Mapping[str, Any], file: str, content: Mapping[str, Any], kinds: Mapping[str, str]
) -> Iterator[Provision]:
    for path, written in content.get("provisions", {}).items():
        for entry in written if isinstance(written, list) else [written]:
            try:
                yield _provision(jurisdiction, act, path, {**_inherited(act, content), **entry}, kinds)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise LawError(f"{file}.yaml: provision {path}: {error!r}", "See docs/law-data.md.") from None
            except LawError as error:
                raise LawError(f"{file}.yaml: provision {path}: {error.message}", error.hint) from None


def _inherited(act: Mapping[str, Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """What a provision takes from its file, and the file from its act."""
    keys = ("basis", "text_read", "confidence", "source", "verified", "scope")
    found = {key: holder[key] for holder in (act, content) for key in keys if key in holder}
    return {
        **found,
        "from": act["commencement"],
        "article": content["article"],
        "article_title": content["title"],
        "official_text": content.get("official_text", {}),
    }


def _provision(jurisdiction: str, act: Mapping[str, Any], path: str, entry: Mapping[str, Any], kinds: Mapping[str, str]) -> Provision:
    penalty = {key: entry[key] for key in ("for", "penalties", "repeat", "further") if key in entry}
    return Provision(
        jurisdiction=jurisdiction,
        path=f"{act['act']}/{path}",
        act=act["act"],
        article=entry["article"],
        article_title=entry["article_title"],
        kind=entry["kind"],
        basis=entry["basis"],
        text_read=entry["text_read"],
        confidence=entry["confidence"],
        source=entry["source"],
        start=day(entry["from"]),
        end=day(entry["to"]) if entry.get("to") else None,
        verified=entry["verified"],
        official_sha256=entry["official_text"],
        title=entry["title"],
        must=entry["must"],
        note=entry.get("note"),
        binds=tuple(entry.get("binds", ())),
        grants=tuple(entry.get("grants", ())),
        tiers=tuple(entry.get("tiers", ())),
        applies=_applies(entry, kinds),
        elements=tuple(_element(e, kinds) for e in entry.get("elements", ())),
        exceptions=tuple(_element(e, kinds) for e in entry.get("exceptions", ())),
        deadline=entry.get("deadline"),
        sanction=entry.get("sanction"),
        evidence=tuple(entry.get("evidence", ())),
        practice={key: entry[key] for key in ("claim", "feature", "default", "parameters", "examples") if key in entry},
        penalty=penalty,
    )


def _element(entry: Mapping[str, Any], kinds: Mapping[str, str]) -> Element:
    return Element(entry["id"], entry["text"], parse(entry["when"], kinds))


def _applies(entry: Mapping[str, Any], kinds: Mapping[str, str]) -> Node:
    """Scope of the act, one of the bound roles, the risk degree and the provision's own condition, joined."""
    parts: list[Node] = []
    if "scope" in entry:
        parts.append(parse(entry["scope"], kinds))
    if "when" in entry:
        parts.append(parse(entry["when"], kinds))
    if entry.get("tiers"):
        parts.append(Term("risk", "axis", frozenset(entry["tiers"])))
    if entry.get("binds"):
        parts.insert(1 if "scope" in entry else 0, AnyOf(tuple(parse(role, kinds) for role in entry["binds"])))
    return AllOf(tuple(part for part in parts if part != ALWAYS))


def _claim(entry: Mapping[str, Any]) -> Claim:
    return Claim(
        id=entry["id"],
        summary=entry["summary"],
        claim=entry["claim"],
        text=entry["text"],
        verdict=entry["verdict"],
        provisions=tuple(entry.get("provisions", ())),
        practice=entry.get("practice"),
    )


def _parameter(entry: Mapping[str, Any]) -> Parameter:
    end = day(entry["to"]) if entry.get("to") else None
    return Parameter(day(entry["from"]), end, entry["kzt"], entry["source"], entry["confidence"], entry["text_read"])
