"""Facts about a system: value, source, confirmation (design decision 14). An unconfirmed fact counts as unknown.

`SystemFile` is a SYSTEM.yaml: the description of one AI system, its facts and the evidence kept beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tanba.errors import InputError
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

    def answered(self, name: str, value: Any, source: str) -> "SystemFile":
        """The same system with one more confirmed answer."""
        return replace(self, answers={**self.answers, name: Answer(value, source, True)})


class WrongAnswerError(ValueError):
    """A value that does not fit its fact; the message says what would."""


def checked(fact: Fact, value: Any) -> Any:
    """`value` if it is a valid answer to `fact`. Raises WrongAnswerError."""
    choices = ", ".join(fact.choices)
    if fact.type == "yes_no" and not isinstance(value, bool):
        raise WrongAnswerError("expected true or false")
    if fact.type == "one_of" and not (isinstance(value, str) and value in fact.choices):
        raise WrongAnswerError(f"expected one of: {choices}")
    if fact.type == "any_of" and not (isinstance(value, list) and all(isinstance(v, str) and v in fact.choices for v in value)):
        raise WrongAnswerError(f"expected a list of: {choices}")
    return value


def read_system(path: Path, law: Law) -> SystemFile:
    """Read and check a SYSTEM.yaml. Raises InputError with file, line and hint."""
    return parse_system(read_text(path, MAX_BYTES), law, path)


def parse_system(text: str, law: Law, path: Path) -> SystemFile:
    """The system described in `text`; `path` names it in errors and resolves evidence files."""
    content = parse_yaml(text, path)

    def refuse(message: str, hint: str, *keys: str) -> InputError:
        return InputError(message, hint, path, line_of(text, keys) or 1)

    if not isinstance(content, dict) or not isinstance(content.get("facts", {}), dict):
        raise refuse("expected a mapping with `facts:`", "See `tanba facts` for the vocabulary and examples/systems for files.", "facts")
    if content.get("schema", SCHEMA) != SCHEMA:
        raise refuse(f"schema {content['schema']!r} is not known", f"Write `schema: {SCHEMA}`.", "schema")
    for key in content:
        if key not in KEYS:
            raise refuse(f"unknown key {key!r}", _nearest(key, KEYS), key)
    answers = {}
    for name, written in content.get("facts", {}).items():
        if name not in law.facts:
            raise refuse(f"unknown fact {name!r}", _nearest(name, law.facts), "facts", name)
        try:
            answers[name] = _answer(law.facts[name], written)
        except WrongAnswerError as error:
            raise refuse(f"fact {name!r}: {error}", f"Got {written!r}; see `tanba facts {name}`.", "facts", name) from None
    slug = content.get("system", path.stem)
    return SystemFile(
        slug=str(slug),
        name=_texts(content.get("name", slug)),
        answers={name: answer for name, answer in answers.items() if answer.value is not None},
        details={key: content[key] for key in KEYS if key in content and key not in ("schema", "system", "name", "facts", "evidence")},
        evidence=_evidence(content.get("evidence") or {}, refuse),
        path=path,
    )


def _answer(fact: Fact, written: Any) -> Answer:
    if not isinstance(written, dict):
        return Answer(None if written is None else checked(fact, written))
    extra = set(written) - {"value", "source", "confirmed"}
    if extra:
        raise WrongAnswerError(f"unknown key {min(extra)!r}; expected value, source, confirmed")
    if not isinstance(written.get("confirmed", True), bool):
        raise WrongAnswerError("`confirmed` is true or false")
    value = written.get("value")
    return Answer(None if value is None else checked(fact, value), str(written.get("source", "")), written.get("confirmed", True))


def _evidence(written: Any, refuse: Any) -> dict[str, dict[str, str]]:
    if not isinstance(written, dict):
        raise refuse("`evidence` maps provisions to files", "Write `kz/230-VIII/15/2/5: {file: …, date: …}`.", "evidence")
    found = {}
    for provision, entry in written.items():
        entry = {"file": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, dict) or not isinstance(entry.get("file"), str):
            raise refuse(f"evidence for {provision!r} names no file", "Write `{file: …, date: YYYY-MM-DD}`.", "evidence", provision)
        try:
            date.fromisoformat(str(entry.get("date", "2026-01-18")))
        except ValueError:
            raise refuse(f"evidence for {provision!r}: not a date: {entry['date']!r}", "Write YYYY-MM-DD.", "evidence", provision) from None
        found[provision] = {key: str(value) for key, value in entry.items()}
    return found


def _texts(written: Any) -> dict[str, str]:
    if isinstance(written, dict):
        return {lang: str(written.get(lang) or next(iter(written.values()), "")) for lang in ("kk", "ru", "en")}
    return dict.fromkeys(("kk", "ru", "en"), str(written))


def _nearest(name: str, known: Any) -> str:
    near = get_close_matches(str(name), list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else "See `tanba facts` for the vocabulary."
