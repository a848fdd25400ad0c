"""What people arrange about an obligation. Status is no field: it follows from evidence."""

from typing import Any

from django import forms

from tanba.web.accounts.models import Organisation
from tanba.web.language import say, say_later
from tanba.web.obligations.models import Obligation


class ArrangeForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Assignee, due date, reminder, remark."""

    class Meta:
        """Fields in order."""

        model = Obligation
        fields = ("assignee", "due", "remind_on", "remark")
        labels = {name: say_later(f"obligations.column_{name}") for name in fields}
        help_texts = {"due": say_later("obligations.due_help")}
        widgets = {
            "due": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "remind_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "remark": forms.Textarea(attrs={"rows": 2, "maxlength": 2000}),
        }

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        """Assignees are members who may write."""
        super().__init__(*args, **kwargs)
        assignee = self.fields["assignee"]
        assignee.queryset = organisation.writers()  # type: ignore[attr-defined]  # the stubs say Field
        assignee.empty_label = say("obligations.nobody")  # type: ignore[attr-defined]  # the stubs say Field

    def clean(self) -> dict[str, Any]:
        """A reminder after the due date reminds nobody."""
        cleaned = super().clean() or {}
        due, remind = cleaned.get("due"), cleaned.get("remind_on")
        if due and remind and remind > due:
            self.add_error("remind_on", say("obligations.remind_late"))
        return cleaned

    def clean_remark(self) -> str:
        """At most 2,000 characters."""
        return str(self.cleaned_data["remark"])[:2000]
