"""Sections of a form as pages: Django's forms made from the types of `tanba.state`, a row for each entry of a list."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from datetime import date
from typing import Any, Literal, get_args, get_origin, get_type_hints

from django import forms

from tanba.errors import InputError
from tanba.state.form import Text, Value, read
from tanba.strings import LANGUAGES, catalogue
from tanba.web.forms import Lines, Texts
from tanba.web.language import say, say_later, told

MOST_ROWS = 50
"""Entries of a list that a page edits: with all their fields fewer than what a request may hold."""

CHOICES = {
    "anonymised": "state.pilot_anonymised_",
    "compare": "statepages.compare_",
    "form": "state.trusted_list_form_",
    "outcome": "state.pilot_decision_",
    "state": "state.training_programme_",
    "what": "state.trusted_list_event_",
    "where": "state.security_where_",
}
"""Where the labels of a choice stand."""

UNASKED = {("application", "form"), ("audit", "form"), ("requirements", "items")}
"""Fields that a page does not ask for: they mean nothing there, or come from a table."""

Offered = Mapping[str, list[tuple[str, str]]]

LONG = {"why", "tried", "measure", "reason", "remarks", "access", "logging", "note"}


@dataclass
class Part:
    """A form, or rows of forms, with its name; empty for fields of the whole."""

    name: str
    form: Any
    rows: bool = False


class Section:
    """Some fields of a form: shown with what stands there, or filled with what was sent."""

    def __init__(
        self, form: type[Any], names: Iterable[str], content: Mapping[str, Any], data: Any = None, offered: Offered | None = None
    ) -> None:
        """`content` is the whole form's, as `state.form.write` has it; `offered`: {field: what there is to choose from}."""
        self._kinds, self._offered = get_type_hints(form), offered or {}
        plain = [name for name in names if _is_plain(self._kinds[name])]
        self.parts = [Part("", _form(form, plain, self._offered)(data, initial=_shown(form, content)))] if plain else []
        self.parts += [self._part(name, content, data) for name in names if name not in plain]

    def _part(self, name: str, content: Mapping[str, Any], data: Any) -> Part:
        kind: Any = self._kinds[name]
        if _is_form(kind):
            made = _form(kind, [each for each in get_type_hints(kind) if (name, each) not in UNASKED], self._offered)
            return Part(name, made(data, prefix=name, initial=_shown(kind, content.get(name) or {})))
        row = get_args(kind)[0]
        rows: Any = forms.formset_factory(
            _form(row, list(get_type_hints(row)), self._offered), extra=1, max_num=MOST_ROWS, validate_max=True
        )
        return Part(name, rows(data, prefix=name, initial=[_shown(row, each) for each in content.get(name) or ()]), rows=True)

    def content(self) -> dict[str, Any] | None:
        """What was sent, as `state.form.read` takes it; None where something does not fit, which the forms then say."""
        valid = [part.form.is_valid() for part in self.parts]  # each is asked, so that all errors are told at once
        if not all(valid):
            return None
        found: dict[str, Any] = {}
        for part in self.parts:
            kind = self._kinds.get(part.name)
            if part.rows:
                row = get_args(kind)[0]
                entries = [(each, _content(each.cleaned_data)) for each in part.form]
                found[part.name] = [_checked(row, each, sent) for each, sent in entries if not _is_empty(row, sent)]
            elif part.name:
                found[part.name] = _checked(kind, part.form, _content(part.form.cleaned_data))
            else:
                found |= _content(part.form.cleaned_data)
        return found if not any(_wrong(part) for part in self.parts) else None


def event_choices(names: Iterable[str]) -> list[tuple[str, str]]:
    """What may have happened next, in words."""
    return [(name, say(f"{CHOICES['what']}{name}")) for name in names]


def _wrong(part: Part) -> bool:
    return any(each.errors for each in part.form) if part.rows else bool(part.form.errors)


def _checked(kind: Any, form: forms.Form, sent: dict[str, Any]) -> dict[str, Any]:
    """The same, read by the rules; what does not fit is an error of its field."""
    try:
        read(kind, "", sent)
    except InputError as error:
        name = str(error.values.get("place", "")).partition(".")[0].partition("[")[0]
        form.add_error(name if name in form.fields else None, " ".join(told(error)))
    return sent


def _is_form(kind: Any) -> bool:
    return is_dataclass(kind)


def _is_plain(kind: Any) -> bool:
    return not _is_form(kind) and not (get_origin(kind) is tuple and _is_form(get_args(kind)[0]))


def _form(form: type[Any], names: Iterable[str], offered: Offered) -> type[forms.Form]:
    kinds = get_type_hints(form)
    return type(form.__name__, (forms.Form,), {name: _field(name, kinds[name], offered.get(name)) for name in names})


def _field(name: str, kind: Any, offered: list[tuple[str, str]] | None) -> forms.Field:
    help_key = f"statepages.help_{name}"
    asked: dict[str, Any] = {"label": say_later(f"statepages.field_{name}"), "required": False}
    asked |= {"help_text": say_later(help_key)} if help_key in catalogue() else {}
    if offered is not None and get_origin(kind) is tuple:
        return forms.MultipleChoiceField(choices=offered, widget=forms.CheckboxSelectMultiple, **asked)
    if offered is not None:
        return forms.ChoiceField(choices=[("", "–"), *offered], **asked)
    if kind == Text:
        return Texts(max_length=1000, long=name in LONG, **asked)
    if kind == date | None:
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **asked)
    if kind == bool | None:
        return _Choice([(each, f"words.answer.{each}") for each in ("unknown", "yes", "no")], **asked)
    if kind == int | None:
        return forms.IntegerField(min_value=0, max_value=10**9, **asked)
    if kind in (float | None, Value):
        return forms.CharField(max_length=30, **asked)
    if get_origin(kind) is Literal:
        return _Choice([(each, f"{CHOICES[name]}{each}") for each in get_args(kind)], **asked)
    if get_origin(kind) is tuple:
        return Lines(**{key: value for key, value in asked.items() if key != "required"})
    return forms.CharField(max_length=500, **asked)


class _Choice(forms.ChoiceField):
    """Choices whose labels are looked up when the page is made; nothing chosen is the first."""

    def __init__(self, keys: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(choices=lambda: [(name, say(key)) for name, key in keys], **options)
        self.first = keys[0][0]

    def clean(self, value: Any) -> Any:
        return super().clean(value) or self.first


def _shown(form: type[Any], content: Mapping[str, Any]) -> dict[str, Any]:
    """What stands there as the fields show it: a text in one language stands in each."""
    kinds, answers = get_type_hints(form), {True: "yes", False: "no"}
    found = {name: answers[value] if isinstance(value, bool) else value for name, value in content.items()}
    return found | {
        name: dict.fromkeys(LANGUAGES, value) for name, value in found.items() if kinds[name] == Text and isinstance(value, str)
    }


def _content(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, plain."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _is_empty(row: type[Any], sent: Mapping[str, Any]) -> bool:
    """Whether nothing was written in a row; choices alone are nothing."""
    kinds = get_type_hints(row)
    return not any(value for name, value in sent.items() if get_origin(kinds[name]) is not Literal and value != "unknown")
