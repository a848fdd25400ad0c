"""Forms of the register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tanba.law.load import load
from tanba.law.model import Fact as LawFact
from tanba.people.written import LIMITS, LONGEST
from tanba.web.accounts.models import Organisation
from tanba.web.forms import Lines, Suggesting, Texts
from tanba.web.language import pick, say, say_later
from tanba.web.systems.models import Part, System

ASKED = ("generates_or_alters_media", "processes_personal_data", "decides_about_people", "has_users")
"""Facts that an intake form asks: a department knows them, and they show early what a system is about."""

PART_FIELDS = {
    "model": ("name", "version", "vendor", "licence", "task", "base_model"),
    "data_library": ("name", "version", "producer", "licence", "source"),
    "vendor": ("name", "bin", "country", "contract", "contact"),
}


def stage_choices() -> list[tuple[str, str]]:
    """Life-cycle stages in the page's language."""
    choices = load("kz").facts["stage"].choices
    return [("", say("systems.stage_unknown")), *((name, pick(label)) for name, label in choices.items())]


class SystemForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """What a system is and who answers for it."""

    name = Texts(label=say_later("systems.name"), help_text=say_later("systems.name_help"))
    purpose = Texts(
        label=say_later("systems.purpose"), help_text=say_later("systems.purpose_help"), required=False, long=True, max_length=2000
    )
    stage = forms.ChoiceField(label=say_later("systems.stage"), required=False)
    channels = Lines(label=say_later("systems.channels"), help_text=say_later("systems.channels_help"))
    regions = Lines(label=say_later("systems.regions"), help_text=say_later("systems.regions_help"))
    accuracy = Texts(
        label=say_later("systems.accuracy"), help_text=say_later("systems.accuracy_help"), required=False, long=True, max_length=LONGEST
    )
    known_errors = Texts(label=say_later("systems.known_errors"), required=False, long=True, max_length=LONGEST)
    not_fit_for = Texts(label=say_later("systems.not_fit_for"), required=False, long=True, max_length=LONGEST)

    class Meta:
        """Fields in order; those of `limits` follow."""

        model = System
        fields = ("name", "purpose", "stage", "department", "owner", "vendor", "channels", "regions")
        labels = {name: say_later(f"systems.{name}") for name in ("department", "owner", "vendor")}
        help_texts = {"owner": say_later("systems.owner_help"), "vendor": say_later("systems.vendor_help")}

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        """Owners are members who may write."""
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stage_choices()  # type: ignore[attr-defined]  # the stubs say Field
        owner = self.fields["owner"]
        owner.queryset = organisation.writers()  # type: ignore[attr-defined]  # the stubs say Field
        owner.empty_label = say("systems.nobody")  # type: ignore[attr-defined]  # the stubs say Field
        names = organisation.department_names()
        self.fields["department"].widget = Suggesting("departments", list(dict.fromkeys(names.values())))
        self.initial["department"] = names.get(self.instance.department, self.instance.department)
        self.initial |= self.instance.limits

    def clean(self) -> dict[str, Any]:
        """What stands in three fields is one column."""
        found = super().clean() or self.cleaned_data
        self.instance.limits = {name: found[name] for name in LIMITS if found.get(name)}
        return found


class PartForm(forms.Form):
    """A model, a data library or a vendor."""

    name = forms.CharField(label=say_later("systems.part_name"), max_length=200)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        """The fields of this kind of part."""
        super().__init__(*args, **{"prefix": kind, **kwargs})
        for field in PART_FIELDS[kind][1:]:
            self.fields[field] = forms.CharField(label=say(f"systems.part_{field}"), max_length=200, required=False)

    def details(self) -> dict[str, str]:
        """What was filled in."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class AnswerForm(forms.Form):
    """One question of the law."""

    source = forms.CharField(label=say_later("systems.source"), help_text=say_later("systems.source_help"), max_length=200, required=False)
    field_order = ("value", "source")

    def __init__(self, *args: Any, fact: LawFact, **kwargs: Any) -> None:
        """The field that fits the fact."""
        super().__init__(*args, **kwargs)
        self.fact = fact
        self.fields["value"] = answer_field(fact)
        self.fields["value"].quiet = True  # type: ignore[attr-defined]  # the stubs say Field
        self.fields["value"].required = fact.type == "any_of"
        self.order_fields(self.field_order)

    def clean_value(self) -> Any:
        """Nothing ticked could mean "none" or "not known"; so could a tick beside one of these: ask again."""
        value = self.cleaned_data["value"]
        if self.fact.type == "any_of" and len(value) > 1 and {NONE, ""} & set(value):
            raise ValidationError(say("systems.contradiction"))
        return value

    def answer(self) -> Any:
        """The chosen answer as the law takes it; None: not known."""
        value = self.cleaned_data["value"]
        if self.fact.type == "any_of":
            return {NONE: [], "": None}.get(value[0], value)
        return {"": None, "true": True, "false": False}.get(value, value)

    @staticmethod
    def shown(value: Any) -> Any:
        """An answer as the form shows it."""
        if isinstance(value, list):
            return value or [NONE]
        return {None: "", True: "true", False: "false"}.get(value, value)


NONE = "-"


def answer_field(fact: LawFact) -> forms.ChoiceField:
    """Radio buttons, or check boxes where several answers fit; "not known" is always one of them."""
    unknown = ("", say("systems.not_known"))
    common: dict[str, Any] = {"label": pick(fact.question), "help_text": pick(fact.help), "required": False}
    if fact.type == "any_of":
        choices = [*((name, pick(label)) for name, label in fact.choices.items()), (NONE, say("systems.none_of_these")), unknown]
        return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **common)
    answers = (
        [("true", say("web.yes")), ("false", say("web.no"))]
        if fact.type == "yes_no"
        else [(n, pick(label)) for n, label in fact.choices.items()]
    )
    return forms.ChoiceField(choices=[*answers, unknown], widget=forms.RadioSelect, **common)


class UploadForm(forms.Form):
    """A file that describes a system or a model."""

    file = forms.FileField(label=say_later("systems.file"), help_text=say_later("systems.file_help"), allow_empty_file=True)


class DecisionForm(forms.Form):
    """Approve or reject, with a reason."""

    reason = forms.CharField(label=say_later("systems.reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class LinkForm(forms.Form):
    """A new intake link."""

    label = forms.CharField(label=say_later("systems.link_label"), help_text=say_later("systems.link_label_help"), max_length=120)


class IntakeForm(forms.Form):
    """What a department says about a system it wants to use. One language is enough."""

    name = forms.CharField(label=say_later("systems.name"), max_length=200)
    purpose = forms.CharField(
        label=say_later("systems.purpose"),
        help_text=say_later("systems.purpose_help"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    department = forms.CharField(label=say_later("systems.department"), max_length=120)
    person = forms.CharField(label=say_later("systems.proposer"), help_text=say_later("systems.proposer_help"), max_length=200)
    vendor = forms.CharField(label=say_later("systems.vendor"), help_text=say_later("systems.vendor_help"), max_length=120, required=False)
    stage = forms.ChoiceField(label=say_later("systems.stage"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the asked facts."""
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = stage_choices()  # type: ignore[attr-defined]  # the stubs say Field
        for name in ASKED:
            self.fields[name] = answer_field(load("kz").facts[name])
            self.fields[name].quiet = True  # type: ignore[attr-defined]  # the stubs say Field

    def answers(self) -> dict[str, Any]:
        """Answered facts."""
        words = {"true": True, "false": False}
        given = {name: words.get(self.cleaned_data[name]) for name in ASKED} | {"stage": self.cleaned_data["stage"] or None}
        return {name: value for name, value in given.items() if value is not None}


def part_forms(posted: Any, kind: str) -> list[tuple[str, PartForm]]:
    """One form for each kind of part; the posted one is bound."""
    return [(each, PartForm(posted if each == kind else None, kind=each)) for each in Part.Kind.values]
