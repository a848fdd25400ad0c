"""What `make check` refuses in law data. Every fault is listed, none is raised: a lawyer mends a file in one go.

Refused: unknown keys; a text missing in kk, ru or en; a provision without source, basis, confidence, verification; a name that is
not defined or defined twice; two editions of one path in force on one day, or none; an assessed provision without a positive
and a negative case; a sanction, claim or fact that points nowhere.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from tanba.datafolder import read_folder
from tanba.errors import LawError
from tanba.law.cases import Case, read_cases
from tanba.law.load import ENGINE_NOTIONS, HERE, articles, build, full_path
from tanba.law.model import ASSESSED, FACT_TYPES, SCREENED, Law, Provision
from tanba.strings import LANGUAGES

KINDS = (*ASSESSED, *SCREENED, "classification", "definition", "competence", "informs", "sanction")
BASES = ("statute", "by-law", "other-law", "practice")
DEADLINES = ("before", "every", "within", "at_once")
DESCRIPTIVE = {"use_case", "offender_class", "media_kinds"}
"""Facts that no condition asks about: they choose amounts, examples and media."""
FILE_KEYS = {"article", "title", "kazakh", "official_text", "facts", "notions", "axes", "provisions", "cases"}
INHERITED = {"basis", "text_read", "confidence", "source", "verified", "scope"}
PROVISION_KEYS = INHERITED | {
    "kind", "from", "to", "binds", "grants", "tiers", "when", "title", "must", "note", "deadline", "sanction", "evidence", "elements",
    "exceptions", "claim", "feature", "default", "parameters", "examples", "for", "penalties", "repeat", "further",
}  # fmt: skip
FACT_KEYS = {"type", "question", "help", "governed_by", "choices", "legal", "words"}
POSITIVE = {"obligation": "applies", "right": "applies", "recommendation": "applies", "companion": "unknown"}


def lint(jurisdiction: str = "kz") -> list[str]:
    """Every fault in the data of one jurisdiction, as `file: what` lines; empty when all is well."""
    files = read_folder(HERE / jurisdiction)
    faults = [*_keys(files), *_texts(files), *_twice(files)]
    if faults:
        return faults
    try:
        law = build(jurisdiction, files)
    except LawError as error:
        return [f"{error.message} ({error.hint})"]
    cases = read_cases(files)
    return [*_provisions(law), *_pointers(law, files), *_coverage(law), *_cases(law, cases)]


def _keys(files: Mapping[str, Any]) -> Iterator[str]:
    for name, _, content in articles(files):
        yield from (f"{name}: unknown key {key!r}" for key in content.keys() - FILE_KEYS - INHERITED)
        yield from (f"{name}: key {key!r} is missing" for key in ("article", "title", "kazakh") if key not in content)
        for path, written in content.get("provisions", {}).items():
            for entry in written if isinstance(written, list) else [written]:
                yield from (f"{name}: {path}: unknown key {key!r}" for key in entry.keys() - PROVISION_KEYS)
                yield from (f"{name}: {path}: key {key!r} is missing" for key in ("kind", "title", "must") if key not in entry)
        for fact, entry in content.get("facts", {}).items():
            yield from (f"{name}: fact {fact}: unknown key {key!r}" for key in entry.keys() - FACT_KEYS)
            if entry.get("type") not in FACT_TYPES:
                yield f"{name}: fact {fact}: type is one of {', '.join(FACT_TYPES)}"
            elif (entry["type"] == "yes_no") == bool(entry.get("choices")):
                yield f"{name}: fact {fact}: choices go with one_of and any_of, and only with them"
            yield from (f"{name}: fact {fact}: key {key!r} is missing" for key in ("question", "governed_by") if key not in entry)


def _texts(files: Mapping[str, Any]) -> Iterator[str]:
    """Wherever one language stands, all three must."""
    for name, content in files.items():
        yield from (f"{name}: {where}: {problem}" for where, problem in _incomplete(content, ""))


def _incomplete(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if where.endswith("/words") or where.endswith("/official_text"):
            return
        present = [lang for lang in LANGUAGES if lang in value]
        if present:
            missing = [lang for lang in LANGUAGES if not (isinstance(value.get(lang), str) and value[lang].strip())]
            if missing:
                yield where, f"no text in {', '.join(missing)}"
        for key, item in value.items():
            yield from _incomplete(item, f"{where}/{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _incomplete(item, f"{where}[{number}]")


def _twice(files: Mapping[str, Any]) -> Iterator[str]:
    """A fact, notion or axis is defined in one file only, and no two share a name."""
    defined = Counter(name for _, _, content in articles(files) for part in ("facts", "notions", "axes") for name in content.get(part, {}))
    yield from (f"{name!r} is defined {count} times" for name, count in defined.items() if count > 1 or name in ENGINE_NOTIONS)


def _provisions(law: Law) -> Iterator[str]:
    for p in law.provisions:
        yield from (f"{p.path}: {fault}" for fault in _faults(p))


def _faults(p: Provision) -> Iterator[str]:
    if p.kind not in KINDS:
        yield f"kind {p.kind!r} is not known"
    if p.basis not in BASES:
        yield f"basis {p.basis!r} is not known"
    if p.confidence not in ("A", "B", "C"):
        yield "confidence is A, B or C"
    if not {"date", "by"} <= p.verified.keys():
        yield "last verified: date and by whom"
    if not p.source:
        yield "no source"
    if p.kind in ("obligation", "recommendation") and not p.evidence:
        yield "no evidence kinds"
    if any(not {"kind", "accept"} <= entry.keys() for entry in p.evidence):
        yield "evidence needs kind and accept"
    if p.kind in SCREENED and not p.elements:
        yield "no elements"
    if p.deadline is not None and not any(key in p.deadline for key in DEADLINES):
        yield f"deadline is one of {', '.join(DEADLINES)}"
    if p.kind == "recommendation" and not {"claim", "feature", "default"} <= p.practice.keys():
        yield "practice needs claim, feature and default"
    if p.practice.get("default", "off") not in ("recommended", "off"):
        yield "default is recommended or off"
    if p.kind == "sanction" and p.penalty.get("penalties") and not p.text_read:
        yield "an amount whose text was not read"


def _pointers(law: Law, files: Mapping[str, Any]) -> Iterator[str]:
    paths = {p.path for p in law.provisions}
    articles_known = {f"{p.act}/{p.article}" for p in law.provisions}
    for p in law.provisions:
        targets = [*p.penalty.get("for", ()), *([p.sanction] if p.sanction else [])]
        yield from (f"{p.path}: points to {target!r}, which is not there" for target in targets if target not in paths)
        yield from (f"{p.path}: {role!r} is not a notion" for role in (*p.binds,) if role not in law.notions)
    governed = [(f.name, f.governed_by) for f in law.facts.values()] + [(n.name, n.governed_by) for n in law.notions.values()]
    yield from (f"{name}: governed by {path!r}, which is not there" for name, path in governed if path not in paths | articles_known)
    for claim in law.claims:
        targets = [*claim.provisions, *([claim.practice] if claim.practice else [])]
        yield from (f"claim {claim.id}: points to {t!r}, which is not there" for t in targets if t not in paths | articles_known)
        if claim.verdict not in law.verdicts or claim.summary not in law.summaries:
            yield f"claim {claim.id}: verdict or summary is not known"
    used = {name for file in files.values() for name in _words_in_conditions(file)}
    yield from (f"fact {name!r} is used nowhere" for name in sorted(law.facts.keys() - used - DESCRIPTIVE) if not name.startswith("own_"))


def _words_in_conditions(value: Any) -> Iterator[str]:
    """Every scalar and key of a file: a rough superset of the names that conditions use, minus the definitions."""
    if isinstance(value, dict):
        for key, item in value.items():
            if key != "cases":
                yield from () if key == "facts" else (key,)
                yield from _words_in_conditions({} if key == "facts" else item)
    elif isinstance(value, list):
        for item in value:
            yield from _words_in_conditions(item)
    elif isinstance(value, str):
        yield value


def _coverage(law: Law) -> Iterator[str]:
    """Editions of one path follow one another without overlap or gap, from the act's first day."""
    for path in dict.fromkeys(p.path for p in law.provisions):
        editions = law.editions(path)
        for earlier, later in pairwise(editions):
            if earlier.end is None or earlier.end >= later.start:
                yield f"{path}: two editions in force on {later.start}"
            elif earlier.end + timedelta(days=1) < later.start:
                yield f"{path}: no edition in force on {earlier.end + timedelta(days=1)}"


def _cases(law: Law, cases: list[Case]) -> Iterator[str]:
    seen: dict[str, set[str]] = {}
    for case in cases:
        for target, answer in case.expect.items():
            if isinstance(answer, str):
                seen.setdefault(full_path(target, case.act, law.acts), set()).add(answer)
        yield from (f"{case.file}: case {case.name!r}: unknown fact {name!r}" for name in case.facts if name not in law.facts)
    names = Counter(case.name for case in cases)
    yield from (f"case {name!r} stands {count} times" for name, count in names.items() if count > 1)
    for p in law.provisions:
        wanted = {"found", "clear"} if p.kind in SCREENED else {POSITIVE[p.kind], "not_applicable"} if p.kind in POSITIVE else set()
        yield from (f"{p.path}: no case expects {answer!r}" for answer in sorted(wanted - seen.get(p.path, set())))
