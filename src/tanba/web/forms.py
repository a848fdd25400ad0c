"""Fields that several pages share: a text in three languages, a list written one item per line."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tanba.strings import LANGUAGES
from tanba.web.language import NATIVE, current, say


class TextsWidget(forms.MultiWidget):
    """Three inputs, one for each language; the page's own language comes first."""

    template_name = "widgets/texts.html"
    use_fieldset = True

    def __init__(self, one: type[forms.Widget] = forms.TextInput, **attrs: Any) -> None:
        """`one` is the widget of a single language."""
        super().__init__({language: one(attrs={"lang": language, **attrs}) for language in LANGUAGES})

    def decompress(self, value: Any) -> list[str]:
        """{kk, ru, en} → three texts."""
        return [(value or {}).get(language, "") for language in LANGUAGES]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the languages' names."""
        context = super().get_context(name, value, attrs)
        rows = list(zip(LANGUAGES, NATIVE.values(), context["widget"]["subwidgets"], strict=True))
        context["rows"] = sorted(rows, key=lambda row: row[0] != current())
        return context

    def id_for_label(self, id_: str) -> str:
        """The group has a legend."""
        return ""


class Texts(forms.MultiValueField):
    """A text in Kazakh, Russian and English. One language is enough; a page shows another where its own is missing."""

    def __init__(self, *, max_length: int = 200, long: bool = False, **options: Any) -> None:
        """`long` gives text areas."""
        parts = [forms.CharField(max_length=max_length, required=False) for _ in LANGUAGES]
        widget = TextsWidget(forms.Textarea, rows=3) if long else TextsWidget()
        super().__init__(parts, widget=widget, require_all_fields=False, **options)
        for part, one in zip(self.fields, widget.widgets, strict=True):
            one.attrs |= part.widget_attrs(one)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        """Three texts → {kk, ru, en}; empty ones are left out."""
        return {language: value.strip() for language, value in zip(LANGUAGES, data_list or [], strict=False) if value and value.strip()}


class Suggesting(forms.TextInput):
    """A text with suggestions."""

    template_name = "widgets/suggesting.html"

    def __init__(self, name: str, options: list[str]) -> None:
        """`name` tells the list of suggestions from others on the page."""
        super().__init__(attrs={"list": f"{name}-list", "autocomplete": "off"})
        self.options = options

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Add the suggestions."""
        return super().get_context(name, value, attrs) | {"options": self.options}


class Lines(forms.CharField):
    """A list of short texts, one per line."""

    def __init__(self, **options: Any) -> None:
        """Shown as a text area."""
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        """A list → lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        """Lines → a list. Raises ValidationError."""
        return lines(value, 120)


class Departments(forms.CharField):
    """Names of departments, one per line, as `Kazakh | Russian | English`; one name alone stands for all three."""

    def __init__(self, **options: Any) -> None:
        """Shown as a text area."""
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), required=False, **options)

    def prepare_value(self, value: Any) -> Any:
        """Texts → lines."""
        if not isinstance(value, list):
            return value
        rows = [[texts[language] for language in LANGUAGES] for texts in value]
        return "\n".join(" | ".join(row[:1] if len(set(row)) == 1 else row) for row in rows)

    def clean(self, value: Any) -> list[dict[str, str]]:
        """Lines → texts. Raises ValidationError on a line of two names, or of more than three."""
        found = []
        for line in lines(value, 360):
            names = [name.strip() for name in line.split("|")]
            if len(names) not in (1, len(LANGUAGES)) or not all(names):
                raise ValidationError(say("web.departments_wrong", line=line))
            found.append(dict(zip(LANGUAGES, names if len(names) > 1 else names * len(LANGUAGES), strict=True)))
        return found


def lines(value: Any, longest: int) -> list[str]:
    """Lines → a list without empty and repeated ones. Raises ValidationError on more than 50, or on a long one."""
    items = list(dict.fromkeys(line.strip() for line in str(value or "").splitlines() if line.strip()))
    if len(items) > 50 or any(len(item) > longest for item in items):
        raise ValidationError(say("web.lines_wrong", longest=longest))
    return items
