"""Forms of single acts: what happened with an application, a table to import, a record of training, why something is erased."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from tanba.state.training import Training
from tanba.state.trustedlist import NEXT, Event
from tanba.web.forms import Texts
from tanba.web.language import pick, say, say_later
from tanba.web.state.sections import event_choices

LARGEST = 2_000_000


def day_field(**options: Any) -> forms.DateField:
    """A day."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


class EventForm(forms.Form):
    """What happened with an application to the list of trusted systems."""

    what = forms.ChoiceField(label=say_later("statepages.happened"))
    day = day_field(label=say_later("statepages.field_day"))
    number = forms.CharField(label=say_later("statepages.field_number"), max_length=200, required=False)
    remarks = Texts(label=say_later("statepages.field_remarks"), max_length=1000, long=True, required=False)

    def __init__(self, data: Any = None, *, stands: str = "") -> None:
        """Offers what may follow."""
        super().__init__(data, initial={"day": timezone.localdate()})
        self.fields["what"].choices = event_choices(NEXT[stands])  # type: ignore[attr-defined]

    def event(self) -> Event:
        """As the rules take it."""
        return Event(**self.cleaned_data)


class TableForm(forms.Form):
    """A checklist, or records, as a table."""

    table = forms.FileField(label=say_later("statepages.table"), help_text=say_later("statepages.table_help"))

    def __init__(self, *args: Any, **options: Any) -> None:
        """Offers files of tables."""
        super().__init__(*args, **options)
        self.fields["table"].widget.attrs["accept"] = ".csv,.xlsx,.yaml,.yml"

    def clean_table(self) -> Any:
        """Bounded."""
        table = self.cleaned_data["table"]
        if table.size > LARGEST:
            raise ValidationError(say("proof.file_large", limit=LARGEST // 1_000_000))
        return table


class RecordForm(forms.Form):
    """One person had one course; the person may stay unnamed."""

    role = forms.ChoiceField(label=say_later("statepages.field_role"))
    course = forms.ChoiceField(label=say_later("statepages.field_course"))
    day = day_field(label=say_later("statepages.field_day"))
    person = forms.CharField(
        label=say_later("statepages.field_person"), help_text=say_later("statepages.help_person"), max_length=150, required=False
    )
    provider = forms.CharField(label=say_later("statepages.field_provider"), max_length=200, required=False)
    hours = forms.FloatField(label=say_later("statepages.field_hours"), min_value=0, max_value=10_000, required=False)
    valid_until = day_field(label=say_later("statepages.field_valid_until"), required=False)
    certificate = forms.CharField(label=say_later("statepages.field_certificate"), max_length=200, required=False)

    def __init__(self, plan: Training, data: Any = None) -> None:
        """Offers roles and courses of the plan."""
        super().__init__(data)
        self.fields["role"].choices = [(each.id, pick(each.title) or each.id) for each in plan.roles]  # type: ignore[attr-defined]
        self.fields["course"].choices = [(each.id, pick(each.title) or each.id) for each in plan.courses]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=say_later("statepages.why_erased"), max_length=300)
