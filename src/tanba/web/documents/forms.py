"""What forms of documents offer, and the form of a signature that is brought back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tanba.documents.render import EDITIONS, MEDIA_TYPES
from tanba.web.documents.signing import LARGEST
from tanba.web.language import say, say_later

Choices = list[tuple[str, str]]


def forms_offered() -> Choices:
    """DOCX, HTML and PDF, in the language of the page."""
    return [(name, say(f"documentpages.form_{name}")) for name in MEDIA_TYPES]


def languages_offered() -> Choices:
    """Kazakh, Russian, English, and Kazakh beside Russian."""
    return [(name, say(f"documentpages.languages_{name.replace('+', '_')}")) for name in EDITIONS]


def offer(shown: forms.Form, /, **choices: Choices) -> None:
    """Give fields of a form their choices."""
    for name, offered in choices.items():
        field: Any = shown.fields[name]
        field.choices = offered


class SignatureForm(forms.Form):
    """The signed PDF, or the signature beside the file."""

    file = forms.FileField(label=say_later("signaturepage.file"), help_text=say_later("signaturepage.file_help"))

    def clean_file(self) -> Any:
        """Not more than is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(say("checkpage.too_large", limit=LARGEST // 1_000_000))
        return file
