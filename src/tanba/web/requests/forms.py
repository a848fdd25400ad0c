"""Forms of the desk: what outsiders send, what members enter, drafts of answers, the house's terms, days of the calendar."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tanba.people.answers import OUTCOMES, refusal_reasons
from tanba.people.requests import CATEGORIES, CHANNELS, KINDS
from tanba.people.terms import LONGEST_HOUSE
from tanba.strings import LANGUAGES
from tanba.web.language import NATIVE, say, say_later
from tanba.web.requests.models import House, Request
from tanba.web.requests.texts import FIELDS
from tanba.web.systems.models import System

LONGEST, LONGEST_ANSWER = 4000, 20_000
EARLIEST = 2020
"""Year of a request that may still be entered."""


def kind_label(kind: str) -> str:
    """What a kind is called, at the head of a line."""
    return upper(say(f"answers.about_{kind}"))


def upper(text: str) -> str:
    """With a capital letter."""
    return text[:1].upper() + text[1:]


class Written(forms.Form):
    """What a person says; nothing but the words themselves has to be given."""

    text = forms.CharField(
        label=say_later("requests.text"),
        help_text=say_later("requests.text_help"),
        min_length=10,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    decision = forms.CharField(
        label=say_later("requests.decision"), help_text=say_later("requests.decision_help"), max_length=80, required=False
    )
    name = forms.CharField(label=say_later("requests.name"), max_length=120, required=False)
    contact = forms.CharField(
        label=say_later("requests.contact"), help_text=say_later("requests.contact_help"), max_length=200, required=False
    )

    def written(self) -> dict[str, str]:
        """The words."""
        return {name: self.cleaned_data[name] for name in FIELDS}


class PublicForm(Written):
    """Sent by anybody. `website` is a trap for programs: people do not see it."""

    kind = forms.ChoiceField(label=say_later("requests.what"), widget=forms.RadioSelect)
    website = forms.CharField(
        label=say_later("requests.trap"), required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"})
    )
    field_order = ("kind", "text", "decision", "name", "contact", "website")

    def __init__(self, *args: Any, kinds: Iterable[str], **kwargs: Any) -> None:
        """`kinds` are those that this system owes, may owe, or the house offers."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, f"{kind_label(kind)}. {say(f'requests.hint_{kind}')}") for kind in kinds]  # type: ignore[attr-defined]

    def clean_website(self) -> str:
        """Raises ValidationError where it is filled: what a person typed is not lost, they may send it again."""
        if self.cleaned_data["website"]:
            raise ValidationError(say("requests.trapped"))
        return ""


class EntryForm(Written):
    """A request that came by telephone, letter or e-mail."""

    system = forms.ModelChoiceField(label=say_later("requests.system"), queryset=System.objects.none())
    kind = forms.ChoiceField(label=say_later("requests.kind"))
    category = forms.ChoiceField(label=say_later("requests.category"), help_text=say_later("requests.category_help"), required=False)
    channel = forms.ChoiceField(label=say_later("requests.channel"))
    received = forms.DateTimeField(
        label=say_later("requests.received"),
        help_text=say_later("requests.received_help"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    language = forms.ChoiceField(label=say_later("requests.language"))
    field_order = ("system", "kind", "category", "channel", "received", "language", "text", "decision", "name", "contact")

    def __init__(self, *args: Any, systems: Any, **kwargs: Any) -> None:
        """`systems` are those for which the member may enter requests."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["system"].queryset = systems
        fields["kind"].choices = [(kind, kind_label(kind)) for kind in KINDS]
        fields["category"].choices = [("", "–"), *((name, say(f"requests.category_{name}")) for name in CATEGORIES)]
        fields["channel"].choices = [(name, say(f"requests.channel_{name}")) for name in CHANNELS if name != "form"]
        fields["language"].choices = [(code, NATIVE[code]) for code in LANGUAGES]
        fields["text"].label, fields["name"].label = say("requests.words_of"), say("requests.person_name")
        fields["text"].help_text = fields["contact"].help_text = ""
        fields["received"].widget.attrs["max"] = f"{timezone.localtime():%Y-%m-%dT%H:%M}"

    def clean_received(self) -> datetime:
        """Raises ValidationError on a moment that is still to come."""
        moment: datetime = self.cleaned_data["received"]
        if moment > timezone.now():
            raise ValidationError(say("requests.in_future"))
        if moment.year < EARLIEST:
            raise ValidationError(say("requests.too_early", year=EARLIEST))
        return moment


class DraftForm(forms.Form):
    """An answer that is being written."""

    outcome = forms.ChoiceField(label=say_later("requests.outcome"))
    reason = forms.ChoiceField(label=say_later("requests.reason"), help_text=say_later("requests.reason_help"), required=False)
    text = forms.CharField(
        label=say_later("requests.answer_text"),
        max_length=LONGEST_ANSWER,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18}),
    )

    def __init__(self, *args: Any, row: Request, **kwargs: Any) -> None:
        """Of the outcomes and grounds of the request's kind."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["outcome"].choices = [(name, say(f"requests.outcome_{name}")) for name in OUTCOMES[row.kind]]
        fields["reason"].choices = [("", "–"), *((name, say(f"requests.reason_{name}")) for name in refusal_reasons(row.kind))]
        fields["text"].widget.attrs["lang"] = row.language
        self.row = row

    def clean(self) -> dict[str, Any]:
        """A refusal has its ground."""
        values: dict[str, Any] = super().clean() or {}
        refusing = OUTCOMES[self.row.kind].get(values.get("outcome", "")) == "refused"
        if refusing and not values.get("reason"):
            self.add_error("reason", say("requests.reason_missing"))
        return values


class HouseForm(forms.Form):
    """The house's own terms and how long texts are kept."""

    keep_days = forms.IntegerField(
        label=say_later("requests.keep_days"), help_text=say_later("requests.keep_days_help"), min_value=1, max_value=3650
    )

    def __init__(self, *args: Any, house: House, **kwargs: Any) -> None:
        """One number for each kind."""
        super().__init__(*args, **kwargs)
        self.initial = {**house.terms, "keep_days": house.keep_days}
        for kind in KINDS:
            self.fields[kind] = forms.IntegerField(label=kind_label(kind), min_value=1, max_value=LONGEST_HOUSE)
        self.order_fields((*KINDS, "keep_days"))

    def terms(self) -> dict[str, int]:
        """Working days by kind."""
        return {kind: self.cleaned_data[kind] for kind in KINDS}


class DayForm(forms.Form):
    """One day of the calendar that differs from the list."""

    day = forms.DateField(label=say_later("requests.day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    is_off = forms.ChoiceField(label=say_later("requests.day_is"))
    basis = forms.CharField(label=say_later("requests.day_basis"), help_text=say_later("requests.day_basis_help"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """A day off or a working day."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["is_off"].choices = [("off", say("cli.calendar.off")), ("working", say("cli.calendar.working"))]
