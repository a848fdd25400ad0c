"""Forms of audits."""

from typing import Any

from django import forms
from django.utils import timezone

from tanba.identifiers import bin_is_valid
from tanba.law.load import load
from tanba.state.audit import SEVERITIES, VERDICTS, Content
from tanba.strings import kind_word
from tanba.web.forms import Lines
from tanba.web.language import current, pick, say, say_later
from tanba.web.lawtracker.words import cite
from tanba.web.obligations.listing import provisions_by_id
from tanba.web.systems.models import System

DAY = forms.DateInput(attrs={"type": "date"})
NEWEST = 200
"""Artifacts to choose from."""


class EngagementForm(forms.Form):
    """Who audits what, from when to when."""

    systems = forms.ModelMultipleChoiceField(
        label=say_later("audits.systems"),
        help_text=say_later("audits.systems_help"),
        queryset=System.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )
    auditor = forms.CharField(label=say_later("audits.auditor"), max_length=200)
    bin = forms.CharField(label=say_later("accounts.bin"), max_length=12, required=False)
    people = Lines(label=say_later("audits.people"), help_text=say_later("audits.people_help"))
    starts = forms.DateField(label=say_later("audits.starts"), widget=DAY)
    ends = forms.DateField(label=say_later("audits.ends"), help_text=say_later("audits.ends_help"), widget=DAY)
    contract = forms.CharField(label=say_later("audits.contract"), max_length=200, required=False)
    independence = forms.CharField(
        label=say_later("audits.independence"),
        help_text=say_later("audits.independence_help"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    further = Lines(label=say_later("audits.further"), help_text=say_later("audits.further_help"))

    def __init__(self, *args: Any, systems: Any, **options: Any) -> None:
        """`systems` are those that may be in scope."""
        super().__init__(*args, **options)
        field: Any = self.fields["systems"]
        field.queryset = systems
        self.initial.setdefault("starts", timezone.localdate().isoformat())

    def clean_bin(self) -> str:
        """Empty, or twelve digits with the right check digit."""
        written: str = self.cleaned_data["bin"].strip()
        if written and not bin_is_valid(written):
            raise forms.ValidationError(say("accounts.bin_wrong"))
        return written

    def clean_further(self) -> list[dict[str, str]]:
        """Lines → [{id, text}]."""
        return [{"id": str(number), "text": text} for number, text in enumerate(self.cleaned_data["further"], 1)]


class SeatForm(forms.Form):
    """Whom to invite."""

    email = forms.EmailField(label=say_later("accounts.email"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))


class EndsForm(forms.Form):
    """Another last day."""

    ends = forms.DateField(label=say_later("audits.ends"), widget=DAY)


class WithEvidence(forms.Form):
    """Base of forms that refer to what is sealed about a system, or to a place elsewhere."""

    def __init__(self, *args: Any, system: System, **options: Any) -> None:
        """Offers the newest artifacts."""
        super().__init__(*args, **options)
        field: Any = self.fields["evidence"]
        field.choices = artifacts(system)

    def referred(self) -> list[str]:
        """Artifacts, then places."""
        return [*self.cleaned_data["evidence"], *self.cleaned_data.get("places", [])]


def evidence_field() -> forms.MultipleChoiceField:
    """Some of the artifacts of a system."""
    return forms.MultipleChoiceField(
        label=say_later("audits.evidence"),
        help_text=say_later("audits.evidence_help"),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 6}),
    )


def artifacts(system: System) -> list[tuple[str, str]]:
    """(id, what it is called) of the newest artifacts that audits did not make themselves."""
    rows = system.artifacts.filter(erased_at=None).exclude(kind__startswith="audit-").defer("packed", "event", "entry")[:NEWEST]
    return [(str(row.pk), called(row)) for row in rows]


def called(row: Any) -> str:
    """№ 12 · document · passport.pdf · 2026-11-22."""
    place = f"№ {row.position}" if row.position is not None else "…"
    return " · ".join((place, kind_word(row.kind, current()), row.name, timezone.localtime(row.at).date().isoformat()))


class CheckForm(WithEvidence):
    """The auditor's verdict on one item."""

    item = forms.CharField(widget=forms.HiddenInput, max_length=300)
    verdict = forms.ChoiceField(label=say_later("audits.verdict"))
    method = forms.CharField(
        label=say_later("audits.method"),
        help_text=say_later("audits.method_help"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    evidence = evidence_field()

    def __init__(self, *args: Any, **options: Any) -> None:
        """Words in the language of the page."""
        super().__init__(*args, **options)
        field: Any = self.fields["verdict"]
        field.choices = [(name, say(f"audit.verdict_{name}")) for name in VERDICTS]


class FindingForm(WithEvidence):
    """What was found."""

    provision = forms.ChoiceField(label=say_later("audits.provision"), required=False)
    severity = forms.ChoiceField(label=say_later("audits.severity"), help_text=say_later("audits.severity_help"))
    seen = forms.CharField(
        label=say_later("audits.seen"), help_text=say_later("audits.seen_help"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    evidence = evidence_field()
    places = Lines(label=say_later("audits.places"), help_text=say_later("audits.places_help"))
    recommendation = forms.CharField(
        label=say_later("audits.recommendation"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    due = forms.DateField(label=say_later("audits.due"), help_text=say_later("audits.due_help"), required=False, widget=DAY)

    def __init__(self, *args: Any, system: System, content: Content | None = None, **options: Any) -> None:
        """Shows `content` where one is there."""
        super().__init__(*args, system=system, **options)
        fields: dict[str, Any] = self.fields
        fields["provision"].choices = [("", "–"), *provisions(system)]
        fields["severity"].choices = [(name, say(f"audit.severity_{name}")) for name in SEVERITIES]
        if content:
            known = {name for name, _ in fields["evidence"].choices}
            self.initial = {name: getattr(content, name) for name in ("provision", "severity", "seen", "recommendation", "due")}
            self.initial["evidence"] = [each for each in content.evidence if each in known]
            self.initial["places"] = [each for each in content.evidence if each not in known]

    def content(self) -> Content:
        """As the rules take it."""
        data = self.cleaned_data
        rest = {name: data[name] for name in ("provision", "severity", "seen", "recommendation", "due")}
        return Content(evidence=tuple(self.referred()), **rest)


def provisions(system: System) -> list[tuple[str, str]]:
    """(path, words) of what may apply to the system, the seven prohibitions and the rules of an audit."""
    known = provisions_by_id(load("kz"))
    rows = system.obligations.filter(active=True).exclude(layer="recommended").exclude(kind="right").order_by("path")
    paths: dict[str, Any] = {row.path: known.get(row.provision) for row in rows}
    more = [each for each in load("kz").provisions if each.path.startswith(("230-VIII/17/3/", "230-VIII/20/"))]
    paths = {**{each.path: each for each in more}, **paths}
    return [(path, f"{cite(path)} · {pick(each.title) if each else path}") for path, each in paths.items()]


class AnswerForm(WithEvidence):
    """The company's answer, or what the auditor says to it."""

    text = forms.CharField(label=say_later("audits.text"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    evidence = evidence_field()
    file = forms.FileField(label=say_later("audits.file"), help_text=say_later("audits.file_help"), required=False)

    def __init__(self, *args: Any, side: str, **options: Any) -> None:
        """The auditor sends no files."""
        super().__init__(*args, **options)
        if side == "auditor":
            del self.fields["file"]
