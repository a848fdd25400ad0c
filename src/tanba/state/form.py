"""A form is a dataclass: read from parsed YAML or JSON by the types of its fields, checked place by place, and written again. Pure.

Types of fields: `str`, `Text`, `date | None`, `bool | None` (unknown is an answer), `int | None`, `float | None`, `Value`, a `Literal`
whose first word stands where nothing is written, another form, and tuples of texts, words or forms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from tanba.errors import InputError
from tanba.strings import LANGUAGES

Text = Mapping[str, str] | str
"""{kk, ru, en}, or one text for all."""

Value = bool | float | None
"""A result: measured, done or not done, or not known."""

Form = TypeVar("Form")
MOST, LONGEST, BIGGEST = 500, 2000, 1e15
ANSWERS: Mapping[Any, bool | None] = {True: True, False: False, "yes": True, "no": False, "unknown": None, None: None}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something missing: a word of `state.<form>_<code>`, the place it is about (`data[2]`, empty: all of it), and what the words need."""

    code: str
    place: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What comes next: a word of `state.<form>_step_<code>`, its day, and what the words need."""

    day: date
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)


def read(form: type[Form], schema: str, content: Any) -> Form:
    """A form from its content, whose `schema` is this one (empty: none is asked for). Raises InputError whose value `place` says where."""
    if schema and isinstance(content, dict):
        if content.get("schema") != schema:
            raise unfit("schema", content.get("schema"), schema)
        content = {name: value for name, value in content.items() if name != "schema"}
    found: Form = _form(form, content, "")
    return found


def write(value: Any) -> Any:
    """The same as JSON without floats, which a seal does not take: 0.74 is "0.74". Reads back as the same form."""
    if is_dataclass(value):
        return {each.name: write(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple):
        return [write(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return int(value) if value.is_integer() else repr(value)
    return dict(value) if isinstance(value, Mapping) else value


def keys(place: str) -> tuple[str | int, ...]:
    """A place as `yamlfile.line_of` takes it.

    >>> keys("data[2].purpose")
    ('data', 1, 'purpose')
    """
    return tuple(int(each) - 1 if each.isdecimal() else each for each in place.replace("[", ".").replace("]", "").split(".") if each)


def told(text: Text, lang: str) -> str:
    """One of the languages of a text; another where its own is missing."""
    return text if isinstance(text, str) else text.get(lang) or next(iter(text.values()), "")


def unfit(place: str, given: Any, wanted: str) -> InputError:
    """The error for a value that does not fit."""
    return InputError(
        "{place}: {given!r} does not fit", "Write {wanted}.", place=place, given="" if given is None else str(given)[:80], wanted=wanted
    )


def _form(form: type[Any], content: Any, place: str) -> Any:
    known = get_type_hints(form)
    if not isinstance(content, dict):
        raise unfit(place or "form", content, ", ".join(known))
    at = {name: f"{place}.{name}" if place else str(name) for name in content}
    if unknown := next((name for name in content if name not in known), None):
        raise InputError("{place} is not known here", "Known: {known}.", place=at[unknown], known=", ".join(known))
    return form(**{name: _value(known[name], value, at[name]) for name, value in content.items()})


def _value(kind: Any, given: Any, place: str) -> Any:
    if kind in _SIMPLE:
        return _SIMPLE[kind](given, place)
    if get_origin(kind) is Literal:
        words = get_args(kind)
        return _one_of(words[0] if given in (None, "") else given, words, place)
    if get_origin(kind) is tuple:
        return _list(get_args(kind)[0], given, place)
    return _form(kind, {} if given is None else given, place)


def _one_of(given: Any, words: Sequence[str], place: str) -> Any:
    if given not in words:
        raise unfit(place, given, " | ".join(words))
    return given


def _list(kind: Any, given: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(given, list | None) or len(given or ()) > MOST:
        raise unfit(place, given, f"[…] (≤ {MOST})")
    return tuple(_value(kind, each, f"{place}[{number}]") for number, each in enumerate(given or (), 1))


def _word(given: Any, place: str) -> str:
    if given is None:
        return ""
    if not isinstance(given, str) or len(given) > LONGEST or "\0" in given:
        raise unfit(place, given, f'"…" (≤ {LONGEST})')
    return given.strip()


def _text(given: Any, place: str) -> Text:
    if not isinstance(given, dict):
        return _word(given, place)
    if any(name not in LANGUAGES for name in given):
        raise unfit(place, given, "{kk, ru, en}")
    return {name: text for name, each in given.items() if (text := _word(each, f"{place}.{name}"))} or ""


def _day(given: Any, place: str) -> date | None:
    if given in (None, ""):
        return None
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        raise unfit(place, given, "YYYY-MM-DD") from None


def _answer(given: Any, place: str) -> bool | None:
    if not isinstance(given, bool | str | None) or given not in ANSWERS:
        raise unfit(place, given, "yes | no | unknown")
    return ANSWERS[given]


def _number(given: Any, place: str) -> float | None:
    if given in (None, ""):
        return None
    try:
        found = float("nan" if isinstance(given, bool) else given)
    except (TypeError, ValueError, OverflowError):
        found = float("nan")
    if not isfinite(found) or abs(found) > BIGGEST:
        raise unfit(place, given, "0.95")
    return found


def _count(given: Any, place: str) -> int | None:
    if given is not None and (type(given) is not int or not 0 <= given <= 10**9):
        raise unfit(place, given, "0, 1, 2 …")
    return given


def _result(given: Any, place: str) -> Value:
    answer = isinstance(given, bool) or (isinstance(given, str) and given in ANSWERS)
    return _answer(given, place) if answer else _number(given, place)


_SIMPLE: Mapping[Any, Callable[[Any, str], Any]] = {
    str: _word,
    Text: _text,
    date | None: _day,
    bool | None: _answer,
    int | None: _count,
    float | None: _number,
    Value: _result,
}
