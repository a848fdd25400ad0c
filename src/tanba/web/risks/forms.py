"""Forms of risks: one risk, its measures, acceptance, review, the state of a control, a table of predictions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from tanba.errors import InputError
from tanba.law.load import load
from tanba.people.riskfile import CATEGORIES, GROUPS, MOST_MEASURES, STAGES, read_risk, risk_content
from tanba.people.risks import DPIA, FORESIGHT, SCALE, STATES, USES, Risk
from tanba.web.forms import Texts
from tanba.web.language import pick, say, say_later, told
from tanba.web.risks.models import ControlState

LARGEST = 20_000_000
"""Bytes of a table of predictions that the page takes."""


def words(prefix: str, names: Any) -> list[tuple[str, str]]:
    """Choices in the language of the page."""
    return [(str(name), say(f"{prefix}{name}")) for name in names]


class RiskForm(forms.Form):
    """One risk without its measures."""

    title = Texts(label=say_later("riskpages.title_field"), max_length=200)
    cause = Texts(label=say_later("riskpages.cause"), max_length=1000, long=True)
    harm = Texts(label=say_later("riskpages.harm"), max_length=1000, long=True)
    category = forms.ChoiceField(label=say_later("riskpages.category"))
    affects = forms.MultipleChoiceField(label=say_later("riskpages.affects"), required=False, widget=forms.CheckboxSelectMultiple)
    stages = forms.MultipleChoiceField(label=say_later("riskpages.stages"), required=False, widget=forms.CheckboxSelectMultiple)
    foresight = forms.ChoiceField(label=say_later("riskpages.foresight"))
    use = forms.ChoiceField(label=say_later("riskpages.use"))
    inherent_likelihood = forms.ChoiceField(label=say_later("riskpages.inherent_likelihood"), required=False)
    inherent_consequence = forms.ChoiceField(label=say_later("riskpages.inherent_consequence"), required=False)
    inherent_reason = forms.CharField(label=say_later("riskpages.reason"), required=False, max_length=1000)
    residual_likelihood = forms.ChoiceField(label=say_later("riskpages.residual_likelihood"), required=False)
    residual_consequence = forms.ChoiceField(label=say_later("riskpages.residual_consequence"), required=False)
    residual_reason = forms.CharField(label=say_later("riskpages.reason"), required=False, max_length=1000)
    dpia = forms.ChoiceField(label=say_later("riskpages.dpia"), help_text=say_later("riskpages.dpia_help"), required=False)
    dpia_place = forms.CharField(label=say_later("riskpages.dpia_place"), required=False, max_length=300)

    def __init__(self, *args: Any, risk: Risk | None = None, **options: Any) -> None:
        """Shows `risk` where one is there."""
        super().__init__(*args, **options)
        self.initial = shown(risk) if risk else {}
        stages = load("kz").facts["stage"].choices
        choices: dict[str, Any] = {
            "category": words("risks.category_", CATEGORIES),
            "affects": sorted(words("risks.group_", GROUPS), key=lambda pair: pair[1]),
            "stages": [(name, pick(stages[name])) for name in STAGES],
            "foresight": words("risks.foresight_", FORESIGHT),
            "use": words("risks.use_", USES),
            "dpia": words("risks.dpia_", DPIA),
        }
        for kind in ("likelihood", "consequence"):
            steps = [("", "–"), *((str(step), f"{step} – {say(f'risks.{kind}_{step}')}") for step in SCALE)]
            choices |= {f"inherent_{kind}": steps, f"residual_{kind}": steps}
        for name, each in choices.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A score is whole: both steps and the reason."""
        values: dict[str, Any] = super().clean() or {}
        for kind in ("inherent", "residual"):
            names = [f"{kind}_{part}" for part in ("likelihood", "consequence", "reason")]
            if any(values.get(name) for name in names):
                for name in names:
                    if not values.get(name) and name not in self.errors:
                        self.add_error(name, say("riskpages.score_whole"))
        return values

    def content(self) -> dict[str, Any]:
        """As `people.riskfile` reads it, without measures."""
        values = self.cleaned_data
        plain = ("title", "cause", "harm", "category", "affects", "stages", "foresight", "use", "dpia", "dpia_place")
        return {name: values[name] for name in plain} | {kind: _score(values, kind) for kind in ("inherent", "residual")}


class MeasureForm(forms.Form):
    """One measure; a row without words is left out."""

    what = Texts(label=say_later("riskpages.what"), max_length=500, required=False)
    owner = forms.CharField(label=say_later("riskpages.owner"), max_length=150, required=False)
    due = forms.DateField(
        label=say_later("riskpages.due"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    state = forms.ChoiceField(label=say_later("riskpages.state"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        """In the language of the page."""
        super().__init__(*args, **options)
        self.fields["state"].choices = words("risks.state_", STATES)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever names an owner or a day says what is done."""
        values: dict[str, Any] = super().clean() or {}
        if not values.get("what") and (values.get("owner") or values.get("due")):
            self.add_error("what", say("riskpages.what_missing"))
        return values


Measures: Any = forms.formset_factory(MeasureForm, extra=1, max_num=MOST_MEASURES, validate_max=True)


def shown(risk: Risk) -> dict[str, Any]:
    """A risk as the form shows it."""
    content = risk_content(risk)
    values = {name: content[name] for name in RiskForm.base_fields if name in content}
    for name in ("title", "cause", "harm"):
        values[name] = texts(content[name])
    for kind in ("inherent", "residual"):
        values |= {f"{kind}_{part}": value for part, value in (content[kind] or {}).items()}
    return values


def texts(text: Any) -> dict[str, str]:
    """One text for all languages stands in each."""
    return text if isinstance(text, dict) else dict.fromkeys(("kk", "ru", "en"), text)


def measures_of(risk: Risk | None) -> list[dict[str, Any]]:
    """Measures as the formset shows them."""
    rows = risk.measures if risk else ()
    return [{"what": texts(each.what), "owner": each.owner, "due": each.due, "state": each.state} for each in rows]


def read_forms(form: RiskForm, measures: Any, name: str, before: Risk | None) -> Risk | None:
    """The risk that was sent, or None, with what is wrong on the form."""
    if not (form.is_valid() & measures.is_valid()):
        return None
    rows = [
        {**row, "due": row["due"].isoformat() if row["due"] else None, "state": row["state"] or STATES[0]}
        for row in measures.cleaned_data
        if row.get("what")
    ]
    kept = risk_content(before) if before else {}
    content = form.content() | {"id": name, "measures": rows, "source": kept.get("source", ""), "accepted": kept.get("accepted")}
    try:
        return read_risk(content)
    except InputError as error:
        form.add_error(None, told(error)[0])
        return None


def _score(values: dict[str, Any], kind: str) -> dict[str, Any] | None:
    if not values[f"{kind}_likelihood"]:
        return None
    steps = {part: int(values[f"{kind}_{part}"]) for part in ("likelihood", "consequence")}
    return {**steps, "reason": values[f"{kind}_reason"]}


class ReasonForm(forms.Form):
    """Why: of an acceptance, of a removal."""

    reason = forms.CharField(label=say_later("riskpages.why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class ReviewForm(forms.Form):
    """The yearly act."""

    changed = forms.ChoiceField(label=say_later("riskpages.review_result"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=say_later("riskpages.review_note"),
        help_text=say_later("riskpages.review_note_help"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        """In the language of the page."""
        super().__init__(*args, **options)
        self.fields["changed"].choices = words("riskpages.review_", ("unchanged", "changed"))  # type: ignore[attr-defined]


class ControlForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """The state of a control."""

    state = forms.ChoiceField(label=say_later("riskpages.state"))
    reason = forms.CharField(
        label=say_later("riskpages.control_reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    where = forms.CharField(label=say_later("riskpages.where"), help_text=say_later("riskpages.where_help"), required=False, max_length=300)

    class Meta:
        """Of a state."""

        model = ControlState
        fields = ("state", "reason", "where")

    def __init__(self, *args: Any, **options: Any) -> None:
        """In the language of the page."""
        super().__init__(*args, **options)
        self.fields["state"].choices = words("riskpages.control_", ControlState.State.values)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever says that a control does not apply says why."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("state") == ControlState.State.NOT_APPLICABLE and not values.get("reason"):
            self.add_error("reason", say("riskpages.reason_missing"))
        return values


class PredictionsForm(forms.Form):
    """A table and which columns are what. Nothing of the table is kept."""

    table = forms.FileField(label=say_later("riskpages.table"), help_text=say_later("riskpages.table_help"))
    group = forms.CharField(label=say_later("riskpages.group"), help_text=say_later("riskpages.group_help"), max_length=200)
    prediction = forms.CharField(label=say_later("riskpages.prediction"), max_length=100)
    label = forms.CharField(label=say_later("riskpages.outcome"), max_length=100, required=False)
    positive = forms.CharField(label=say_later("riskpages.positive"), max_length=100, initial="1")

    def __init__(self, *args: Any, **options: Any) -> None:
        """Columns are offered once a file is chosen."""
        super().__init__(*args, **options)
        self.fields["table"].widget.attrs |= {"accept": ".csv,text/csv", "data-columns": "columns"}
        for name in ("group", "prediction", "label"):
            self.fields[name].widget.attrs |= {"list": "columns", "autocomplete": "off"}

    def clean_table(self) -> Any:
        """Bounded."""
        table = self.cleaned_data["table"]
        if table.size > LARGEST:
            raise ValidationError(say("proof.file_large", limit=LARGEST // 1_000_000))
        return table
