"""Forms of incidents."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tanba.calendars import LONGEST, UNITS
from tanba.errors import InputError
from tanba.ids import uuid7
from tanba.people import escalation
from tanba.people.incidents import CLOCKS, FACTS, MOST_PERSONS, SEVERITIES
from tanba.web.accounts.models import Organisation
from tanba.web.evidence.forms import LARGEST
from tanba.web.incidents.models import Incident, Step, Term
from tanba.web.language import say, say_later, told
from tanba.web.systems.models import System

LOCAL = "%Y-%m-%dT%H:%M"
ANSWERS = {"yes": True, "no": False, "unknown": None}


def moment(**options: Any) -> forms.DateTimeField:
    """A day and a time in the zone of the register."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    return forms.DateTimeField(widget=widget, input_formats=[LOCAL, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **options)


def long_text(label: str, help_text: str = "", *, required: bool = False, rows: int = 3) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    shown = say_later(help_text) if help_text else ""
    return forms.CharField(label=say_later(label), help_text=shown, required=required, max_length=5000, widget=widget)


def refuse_future(at: datetime) -> datetime:
    """Nothing has happened that is still to come. Raises ValidationError."""
    if at > timezone.now():
        raise ValidationError(say("incidents.in_future"))
    if at.year < 2000:
        raise ValidationError(say("incidents.too_old"))
    return at


class IncidentForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What is known. Answers may stay unknown; `token` lets the form be sent once."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    what = long_text("incidents.what", "incidents.what_help", required=True, rows=4)
    aware = moment(label=say_later("incidents.aware"), help_text=say_later("incidents.aware_help"))
    systems = forms.ModelMultipleChoiceField(
        label=say_later("incidents.systems"), queryset=System.objects.none(), required=False, widget=forms.SelectMultiple(attrs={"size": 6})
    )
    severity = forms.ChoiceField(label=say_later("incidents.severity"), required=False)
    persons = forms.IntegerField(
        label=say_later("incidents.persons"),
        help_text=say_later("incidents.persons_help"),
        required=False,
        min_value=0,
        max_value=MOST_PERSONS,
    )
    contract = forms.ModelChoiceField(
        label=say_later("incidents.contract"), help_text=say_later("incidents.contract_help"), queryset=Term.objects.none(), required=False
    )
    root_cause = long_text("incidents.root_cause")
    measures = long_text("incidents.measures")
    lessons = long_text("incidents.lessons")

    class Meta:
        """Columns."""

        model = Incident
        fields = ("what", "aware", "systems", "severity", "persons", "contract", "root_cause", "measures", "lessons")

    field_order = ("token", "what", "aware", "systems", "severity", *FACTS, "contract", "persons", "measures", "root_cause", "lessons")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        """Systems and contracts of one organisation."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["systems"].queryset = System.objects.filter(organisation=organisation).exclude(state="rejected").order_by("slug")
        fields["contract"].queryset = Term.objects.filter(organisation=organisation, kind="vendor", withdrawn_at=None)
        fields["contract"].empty_label = say("incidents.contract_none")
        fields["severity"].choices = [("", say("incidents.unknown")), *((name, say(f"incidents.severity_{name}")) for name in SEVERITIES)]
        fields["token"].initial = uuid7()
        for name in FACTS:
            fields[name] = forms.ChoiceField(
                label=say(f"incidents.fact_{name}"),
                help_text=say(f"incidents.fact_{name}_help"),
                choices=[(answer, say(f"incidents.answer_{answer}")) for answer in ANSWERS],
                widget=forms.RadioSelect,
                initial=next(word for word, value in ANSWERS.items() if value is getattr(self.instance, name)),
            )
        self.order_fields(self.field_order)

    def clean_aware(self) -> datetime:
        """Raises ValidationError for a time to come."""
        return refuse_future(self.cleaned_data["aware"])

    def columns(self) -> dict[str, Any]:
        """What is written into the row."""
        named = ("what", "aware", "severity", "persons", "contract", "root_cause", "measures", "lessons")
        return {name: self.cleaned_data[name] for name in named} | {name: ANSWERS[self.cleaned_data[name]] for name in FACTS}

    def once(self) -> UUID:
        """The token that the page gave, or a new one."""
        return self.cleaned_data["token"] or uuid7()


class NoteForm(forms.Form):
    """A line of the timeline."""

    at = moment(label=say_later("incidents.note_at"), required=False)
    text = long_text("incidents.note_text", "incidents.what_help", required=True)

    def clean_at(self) -> datetime:
        """Now, where nothing was given. Raises ValidationError."""
        return refuse_future(self.cleaned_data["at"] or timezone.now())


class ProofForm(forms.Form):
    """That a notification left: its number and time, or the confirmation as a file."""

    clock = forms.ChoiceField(label=say_later("incidents.proof_clock"))
    sent_at = moment(label=say_later("incidents.sent_at"))
    reference = forms.CharField(
        label=say_later("incidents.reference"), help_text=say_later("incidents.reference_help"), max_length=200, required=False
    )
    file = forms.FileField(label=say_later("incidents.confirmation"), required=False)

    def __init__(self, *args: Any, aware: datetime, **kwargs: Any) -> None:
        """`aware`: nothing is sent before anybody knew."""
        super().__init__(*args, **kwargs)
        self.aware = aware
        fields: dict[str, Any] = self.fields
        fields["clock"].choices = [(name, say(f"incidents.clock_{name}")) for name in CLOCKS]

    def clean_sent_at(self) -> datetime:
        """Raises ValidationError."""
        at: datetime = self.cleaned_data["sent_at"]
        if at < self.aware.replace(second=0, microsecond=0):
            raise ValidationError(say("incidents.before_aware"))
        return max(refuse_future(at), self.aware)

    def clean(self) -> dict[str, Any]:
        """One of both is needed."""
        values: dict[str, Any] = super().clean() or {}
        file = values.get("file")
        if not (values.get("reference") or file):
            raise ValidationError(say("incidents.proof_needed"))
        if file and file.size > LARGEST:
            raise ValidationError(say("proof.file_large", limit=LARGEST // 1_000_000))
        return values


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=say_later("incidents.reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class StepForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A step of the ladder."""

    value = forms.IntegerField(
        label=say_later("incidents.step_value"), help_text=say_later("incidents.step_value_help"), required=False, min_value=0
    )
    to = forms.CharField(
        label=say_later("incidents.step_to"), help_text=say_later("incidents.step_to_help"), required=False, max_length=450
    )

    class Meta:
        """Columns."""

        model = Step
        fields = ("when", "value", "channel", "to")
        labels = {"when": say_later("incidents.step_when"), "channel": say_later("incidents.step_channel")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Words of the page's language."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["when"].choices = [(name, say(f"incidents.when_{name}")) for name in escalation.WHEN]
        fields["channel"].choices = [(name, say(f"incidents.channel_{name}")) for name in escalation.CHANNELS]

    def clean(self) -> dict[str, Any]:
        """Whether it can be meant."""
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        values["value"] = 0 if values["when"] == "late" else values["value"] or 0
        values["to"] = "" if values["channel"] == "slack" else values["to"].strip()
        try:
            escalation.checked(escalation.Step(values["when"], values["value"], values["channel"], values["to"]))
        except InputError as error:
            raise ValidationError(". ".join(told(error))) from None
        return values


class TermForm(forms.Form):
    """A term as somebody read it, and where it is written."""

    kind = forms.ChoiceField(label=say_later("incidents.term_kind"))
    within = forms.IntegerField(label=say_later("incidents.term_within"), min_value=1, max_value=LONGEST)
    unit = forms.ChoiceField(label=say_later("incidents.term_unit"))
    source = forms.CharField(label=say_later("incidents.term_source"), help_text=say_later("incidents.term_source_help"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Words of the page's language."""
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(name, say(f"incidents.term_{name}")) for name in ("vendor", "critical")]
        fields["unit"].choices = [(name, say(f"incidents.unit_{name}")) for name in UNITS]
