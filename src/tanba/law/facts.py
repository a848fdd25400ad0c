"""Facts about a system: value, source, confirmation (design decision 14). An unconfirmed fact counts as unknown.

`SystemFile` is a SYSTEM.yaml: the description of one AI system, its facts and the evidence kept beside it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tanba.errors import InputError, TanbaError
from tanba.law.model import Fact, Law
from tanba.yamlfile import MAX_BYTES, line_of, parse_yaml, read_text

SCHEMA = "tanba.system/1"
KEYS = (
    "schema",
    "system",
    "name",
    "purpose",
    "department",
    "owner",
    "vendor",
    "models",
    "data_libraries",
    "channels",
    "regions",
    "limits",
    "principles",
    "facts",
    "evidence",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer with its origin. `value`: bool, a choice, or a list of choices."""

    value: Any
    source: str = ""
    confirmed: bool = True


@dataclass(frozen=True)
class SystemFile:
    """A system as its file describes it. Texts are plain or {kk, ru, en}; `evidence` maps a provision to {file, date}."""

    slug: str
    name: Mapping[str, str]
    answers: Mapping[str, Answer]
    details: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    path: Path | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """Confirmed answers only, as the assessment takes them."""
        return {name: answer.value for name, answer in self.answers.items() if answer.confirmed}

    @property
    def suggested(self) -> dict[str, Answer]:
        """Answers that wait for confirmation."""
        return {name: answer for name, answer in self.answers.items() if not answer.confirmed}


class WrongAnswerError(TanbaError, ValueError):
    """A value that does not fit its fact; the message says what would."""


def _fits(fact: Fact, value: Any) -> bool:
    if fact.type == "yes_no":
        return isinstance(value, bool)
    if fact.type == "one_of":
        return isinstance(value, str) and value in fact.choices
    return isinstance(value, list) and all(isinstance(v, str) and v in fact.choices for v in value)


def checked(fact: Fact, value: Any) -> Any:
    """`value` if it is a valid answer to `fact`. Raises WrongAnswerError."""
    if _fits(fact, value):
        return value
    raise WrongAnswerError(
        "fact {fact!r}: expected true or false"
        if fact.type == "yes_no"
        else "fact {fact!r}: expected one of: {choices}"
        if fact.type == "one_of"
        else "fact {fact!r}: expected a list of: {choices}",
        "Got {written!r}; see `tanba facts {fact}`.",
        fact=fact.name,
        written=value,
        choices=", ".join(fact.choices),
    )


def read_system(path: Path, law: Law) -> SystemFile:
    """Read and check a SYSTEM.yaml. Raises InputError with file, line and hint."""
    return parse_system(read_text(path, MAX_BYTES), law, path)


def parse_system(text: str, law: Law, path: Path) -> SystemFile:
    """The system described in `text`; `path` names it in errors and resolves evidence files."""
    content = parse_yaml(text, path)

    def refused(error: TanbaError, *keys: str) -> InputError:
        return error.at(path, line_of(text, keys) or 1)

    if not isinstance(content, dict) or not isinstance(content.get("facts") or {}, dict):
        fault = InputError("expected a mapping with `facts:`", "See `tanba facts` for the vocabulary and examples/systems for files.")
        raise refused(fault, "facts")
    if content.get("schema", SCHEMA) != SCHEMA:
        fault = InputError("schema {given!r} is not known", "Write `{example}`.", given=content["schema"], example=f"schema: {SCHEMA}")
        raise refused(fault, "schema")
    for key in content:
        if key not in KEYS:
            raise refused(_unknown_key(key), key)
    answers = {}
    for name, written in (content.get("facts") or {}).items():
        if name not in law.facts:
            raise refused(_unknown_fact(name, law), "facts", name)
        try:
            answers[name] = _answer(law.facts[name], written)
        except WrongAnswerError as error:
            raise refused(error, "facts", name) from None
    slug = content.get("system") or path.stem
    return SystemFile(
        slug=str(slug),
        name=_texts(content.get("name") or slug),
        answers={name: answer for name, answer in answers.items() if answer.value is not None},
        details={key: content[key] for key in KEYS if key in content and key not in ("schema", "system", "name", "facts", "evidence")},
        evidence=_evidence(content.get("evidence") or {}, refused),
        path=path,
    )


def _answer(fact: Fact, written: Any) -> Answer:
    if not isinstance(written, dict):
        return Answer(None if written is None else checked(fact, written))
    extra = set(written) - {"value", "source", "confirmed"}
    if extra:
        raise WrongAnswerError(
            "fact {fact!r}: unknown key {key!r}; expected value, source, confirmed",
            "Got {written!r}; see `tanba facts {fact}`.",
            fact=fact.name,
            key=min(extra),
            written=written,
        )
    if not isinstance(written.get("confirmed", True), bool):
        raise WrongAnswerError(
            "fact {fact!r}: `confirmed` is true or false", "Got {written!r}; see `tanba facts {fact}`.", fact=fact.name, written=written
        )
    value = written.get("value")
    return Answer(None if value is None else checked(fact, value), str(written.get("source", "")), written.get("confirmed", True))


def _evidence(written: Any, refused: Callable[..., InputError]) -> dict[str, dict[str, str]]:
    if not isinstance(written, dict):
        example = "kz/230-VIII/15/2/5: {file: …, date: …}"
        raise refused(InputError("`evidence` maps provisions to files", "Write `{example}`.", example=example), "evidence")
    found = {}
    for provision, entry in written.items():
        entry = {"file": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
            example = "{file: …, date: YYYY-MM-DD}"
            fault = InputError("evidence for {provision!r} names no file", "Write `{example}`.", provision=provision, example=example)
            raise refused(fault, "evidence", provision)
        try:
            date.fromisoformat(str(entry.get("date", "2026-01-18")))
        except ValueError:
            day = entry["date"]
            fault = InputError("evidence for {provision!r}: not a date: {given!r}", "Write YYYY-MM-DD.", provision=provision, given=day)
            raise refused(fault, "evidence", provision) from None
        found[provision] = {key: str(value) for key, value in entry.items()}
    return found


def _texts(written: Any) -> dict[str, str]:
    if isinstance(written, dict):
        return {lang: str(written.get(lang) or next(iter(written.values()), "")) for lang in ("kk", "ru", "en")}
    return dict.fromkeys(("kk", "ru", "en"), str(written))


def _unknown_key(key: str) -> InputError:
    near = _nearest(key, KEYS)
    return InputError(
        "unknown key {key!r}", "Did you mean {near!r}?" if near else "See `tanba facts` for the vocabulary.", key=key, near=near
    )


def _unknown_fact(name: str, law: Law) -> InputError:
    near = _nearest(name, law.facts)
    return InputError(
        "unknown fact {name!r}", "Did you mean {near!r}?" if near else "See `tanba facts` for the vocabulary.", name=name, near=near
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    return "".join(get_close_matches(name, list(known), n=1))
