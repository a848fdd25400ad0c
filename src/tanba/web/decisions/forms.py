"""Forms of the decision log: what to look for, and whom to forget."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone

from tanba.trace.model import HUMANS, LONGEST
from tanba.trace.reading import microseconds
from tanba.trace.rows import Query
from tanba.web.decisions import desk
from tanba.web.language import say_later
from tanba.web.systems.models import System

FIRST, LAST = date(1970, 1, 1), date(9998, 12, 31)
"""Days of which a moment can be made in every zone."""


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=say_later(label), required=False, widget=widget, validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)]
    )


class Filter(forms.Form):
    """What narrows the list. The person is asked for by POST only, so that no id stands in an address."""

    subject = forms.CharField(label=say_later("decisions.subject"), required=False, max_length=LONGEST["subject"])
    outcome = forms.CharField(label=say_later("decisions.outcome"), required=False, max_length=LONGEST["outcome"])
    model = forms.CharField(label=say_later("decisions.model"), required=False, max_length=LONGEST["model"])
    human = forms.ChoiceField(
        label=say_later("decisions.human"),
        required=False,
        choices=[("", "–"), *((each, say_later(f"cli.trace.human_{each}")) for each in HUMANS)],
    )
    changed = forms.ChoiceField(
        label=say_later("decisions.changed"),
        required=False,
        choices=[("", "–"), ("1", say_later("words.answer.yes")), ("0", say_later("words.answer.no"))],
    )
    since = _day("decisions.since")
    until = _day("decisions.until")

    def query(self, system: System) -> Query:
        """Of a valid form."""
        given: dict[str, Any] = self.cleaned_data if self.is_bound else {}
        text = {name: given.get(name) or None for name in ("outcome", "model", "human")}
        subject = desk.pseudonym(system.organisation, given["subject"]) if given.get("subject") else None
        changed = given["changed"] == "1" if given.get("changed") else None
        since, until = _moment(given.get("since"), 0), _moment(given.get("until"), 1)
        return Query(system.organisation.bin, system.slug, subject, text["outcome"], text["model"], text["human"], changed, since, until)


class EraseForm(forms.Form):
    """Whom to forget, and why."""

    subject = forms.CharField(
        label=say_later("decisions.subject"), help_text=say_later("decisions.subject_help"), max_length=LONGEST["subject"]
    )
    reason = forms.CharField(label=say_later("decisions.reason"), help_text=say_later("decisions.erase_reason_help"), max_length=300)


def _moment(day: Any, more: int) -> int | None:
    if day is None:
        return None
    begins = timezone.make_aware(datetime.combine(day, time.min))
    return microseconds(begins + timedelta(days=more))
