"""Is an output a synthetic result? Facts as questions; the answer with its reasons and the provisions it rests on. Nothing is kept."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from tanba.errors import TanbaError
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.marking.synthetic import FACTS, decide
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import say
from tanba.web.marks.sources import in_force
from tanba.workspace import current

ANSWERS = {"yes": True, "no": False, "unknown": None}


class FactsForm(forms.Form):
    """Each fact: yes, no or unknown."""

    def __init__(self, *args: Any) -> None:
        """One question for each fact."""
        super().__init__(*args)
        choices = [(answer, say(f"words.answer.{answer}")) for answer in ANSWERS]
        for name in FACTS:
            label = say(f"synthetic.fact_{name}")
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, initial="unknown")


@member()
def synthetic(request: MemberRequest) -> HttpResponse:
    """The questions; with answers in the address also the decision, so that it can be sent to a colleague."""
    asked = any(name in request.GET for name in FACTS)
    form = FactsForm({name: request.GET.get(name) or "unknown" for name in FACTS} if asked else None)
    context: dict[str, Any] = {"form": form, "sources": in_force("230-VIII/1/4", "230-VIII/21/1", "230-VIII/21/2")}
    if asked and form.is_valid():
        facts = {name: ANSWERS[form.cleaned_data[name]] for name in FACTS}
        decision = decide(facts, _standard().everything)
        context |= {"decision": decision, "norm": f"synthetic.norm_{decision.norm.replace('/', '_')}"}
    return render(request, "marks/synthetic.html", context)


def _standard() -> Standard:
    """Ours where the file cannot be read: its page says what is wrong."""
    try:
        return load_standard(current())
    except TanbaError:
        return Standard()
