"""Forms of evidence: upload, acceptance, erasure, and a receipt to check."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tanba.web.language import pick, say, say_later

LARGEST = 50_000_000


class EvidenceForm(forms.Form):
    """A file, what it shows, and until when it counts."""

    file = forms.FileField(label=say_later("proof.file"), help_text=say_later("proof.file_help"), allow_empty_file=True)
    description = forms.CharField(label=say_later("proof.description"), max_length=300, required=False)
    expires = forms.DateField(
        label=say_later("proof.expires"),
        help_text=say_later("proof.expires_help"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_file(self) -> Any:
        """Empty files evidence nothing, and huge ones belong into an archive."""
        file = self.cleaned_data["file"]
        if not file.size:
            raise ValidationError(say("proof.file_empty"))
        if file.size > LARGEST:
            raise ValidationError(say("proof.file_large", limit=LARGEST // 1_000_000))
        return file

    def clean_expires(self) -> Any:
        """What has expired already evidences nothing."""
        expires = self.cleaned_data["expires"]
        if expires and expires < timezone.localdate():
            raise ValidationError(say("proof.expires_past"))
        return expires


class AcceptanceForm(forms.Form):
    """One box for each listed criterion; all of them have to be ticked."""

    def __init__(self, *args: Any, criteria: list[dict[str, Any]], **kwargs: Any) -> None:
        """`criteria` as the provision lists them."""
        super().__init__(*args, **kwargs)
        for number, criterion in enumerate(criteria):
            self.fields[f"criterion_{number}"] = forms.BooleanField(
                label=pick(criterion["accept"]), error_messages={"required": say("proof.criterion_open")}
            )
        self.fields["remark"] = forms.CharField(
            label=say("proof.remark"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
        )


class EraseForm(forms.Form):
    """Why a content is erased."""

    reason = forms.CharField(label=say_later("proof.erase_reason"), min_length=10, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CheckForm(forms.Form):
    """A receipt, and the file it is for."""

    receipt = forms.FileField(label=say_later("proof.check_receipt"))
    file = forms.FileField(label=say_later("proof.check_file"), required=False, allow_empty_file=True)
