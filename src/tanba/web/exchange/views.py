"""Pages of an import: give a file, see what it would do, apply it, undo it. For managers, since a table may touch every system."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.sheets import MOST_BYTES, write_csv
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.exchange import desk
from tanba.web.exchange.models import Import
from tanba.web.exchange.shown import label, words
from tanba.web.exchange.undo import undo as undo_import
from tanba.web.language import current, pick, say, say_later, told
from tanba.web.narrowing import page_number

PAGE, SHOWN = 50, 30


class TableForm(forms.Form):
    """A table, and how its answers count."""

    file = forms.FileField(label=say_later("exchange.file"), help_text=say_later("exchange.file_help"), allow_empty_file=True)
    answers = forms.ChoiceField(label=say_later("exchange.answers"), help_text=say_later("exchange.answers_help"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        """Choices in the language of the page."""
        super().__init__(*args, **options)
        field: Any = self.fields["answers"]
        field.choices = [(name, say(f"exchange.answers_{name}")) for name in ("suggested", "confirmed")]

    def clean_file(self) -> Any:
        """Refuse what is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(say("exchange.file_large"))
        return file


@member(*MANAGERS)
def imports(request: MemberRequest) -> HttpResponseBase:
    """Give a table; below it, the earlier imports."""
    form = TableForm(request.POST or None, request.FILES or None, initial={"answers": "suggested"})
    if form.is_valid():
        file = form.cleaned_data["file"]
        confirmed = form.cleaned_data["answers"] == "confirmed"
        row = desk.take(request.organisation, file.name, file.read(), request.user, confirmed, current())
        return redirect("exchange:show", request.organisation.pk, row.pk)
    rows = Import.objects.filter(organisation=request.organisation).select_related("by").defer("content", "packed_plan")[:SHOWN]
    return render(request, "exchange/imports.html", {"form": form, "rows": rows}, status=422 if form.errors else 200)


@member(*MANAGERS)
def show(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """What the import does or did. While it is worked at, the page asks again."""
    row = _row(request, pk)
    plan = {"problems": [], "rows": []} if row.at_work else row.plan  # while it is worked at, the page comes every second
    page = page_number(request.GET, 6)
    lists = {action: desk.by_action(plan, action) for action in ("changed", "created")} | {"problems": plan["problems"]}
    context: dict[str, Any] = {"row": row, "page": page, "pages": max(1, *(-(-len(some) // PAGE) for some in lists.values()))}
    start = (page - 1) * PAGE
    context |= {name: some[start : start + PAGE] for name, some in lists.items()}
    named = request.organisation.department_names()
    context["changed"] = [_differences(each, named) for each in context["changed"]]
    context["created"] = [{**each, "title": pick(each["name"]), "count": len(each["changes"])} for each in context["created"]]
    context["problems"] = [_problem(each) for each in context["problems"]]
    context["trouble"] = row.trouble.get(current())
    return render(request, "exchange/show.html", context)


def _row(request: MemberRequest, pk: UUID) -> Import:
    rows = Import.objects.filter(organisation=request.organisation).select_related("organisation", "by", "undone_by").defer("content")
    return get_object_or_404(rows, pk=pk)


def _differences(each: dict[str, Any], departments: dict[str, str]) -> dict[str, Any]:
    lang = current()

    def said(key: str, value: Any) -> str:
        return words(key, departments.get(value, value) if key == "department" else value, lang)

    lines = [(label(key, lang), said(key, old), said(key, new)) for key, old, new in each["changes"]]
    return {**each, "title": pick(each["name"]), "lines": lines}


def _problem(each: dict[str, Any]) -> dict[str, Any]:
    lang = current()
    return {"row": each["row"], "column": label(each["column"], lang), "message": each["message"][lang], "hint": each["hint"][lang]}


@member(*MANAGERS)
def problems(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Every problem as CSV, to be mended beside the table."""
    heading = [say(f"exchange.problem_{name}") for name in ("row", "column", "message", "hint")]
    rows = [list(_problem(each).values()) for each in _row(request, pk).plan["problems"]]
    headers = {"Content-Disposition": 'attachment; filename="problems.csv"'}
    return StreamingHttpResponse(write_csv([heading, *rows]), content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@member(*MANAGERS)
def apply(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Have the plan that was shown carried out; the register's own thread does it."""
    if not desk.ask(_row(request, pk)):
        messages.error(request, say("exchange.not_now"))
    return redirect("exchange:show", request.organisation.pk, pk)


@require_POST
@member(*MANAGERS)
def drop(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Put away a file that was not applied."""
    unapplied = [Import.State.WAITING, Import.State.READ, Import.State.REFUSED]
    Import.objects.filter(organisation=request.organisation, pk=pk, state__in=unapplied).delete()
    return redirect("exchange:imports", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def undo(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Restore what was before; refused with the reason where something was changed since."""
    try:
        undo_import(_row(request, pk), request.user)
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
    return redirect("exchange:show", request.organisation.pk, pk)
