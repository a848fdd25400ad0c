"""The form of a signature that is brought back."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tanba.web.documents.signing import LARGEST
from tanba.web.language import say, say_later


class SignatureForm(forms.Form):
    """The signed PDF, or the signature beside the file."""

    file = forms.FileField(label=say_later("signaturepage.file"), help_text=say_later("signaturepage.file_help"))

    def clean_file(self) -> Any:
        """Not more than is read."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(say("checkpage.too_large", limit=LARGEST // 1_000_000))
        return file
