"""Pages of training: coverage and records, one section of the plan, records from a table, erasing who it was."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from tanba.errors import TanbaError
from tanba.state.form import write
from tanba.state.programmes import programmes
from tanba.state.rows import read_records
from tanba.state.training import Record, Training
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.evidence import outbox
from tanba.web.language import pick, say, told
from tanba.web.state import courses
from tanba.web.state.forms import ReasonForm, RecordForm, TableForm
from tanba.web.state.models import TrainingPlan, TrainingRecord
from tanba.web.state.sections import Offered, Section
from tanba.web.state.views import attempt, seen

PLANS = ("courses", "roles", "planned", "programmes")
SHOWN = 200
"""Records on the page, the newest first."""


@require_safe
@member()
def page(request: MemberRequest) -> HttpResponseBase:
    """Everything at a glance."""
    return _page(request)


def _page(request: MemberRequest, *, form: RecordForm | None = None, refused: Any = (), status: int = 200) -> HttpResponse:
    row = courses.plan_of(request.organisation)
    manages, plan = request.membership.manages, courses.value(row)
    records = request.organisation.training_records.select_related("artifact")
    context = {
        "row": row,
        "plan": write(plan),
        "check": courses.look(row),
        "records": records[:SHOWN],
        "more": max(0, records.count() - SHOWN),
        "titles": {each.id: each.title or each.id for each in plan.courses} | {each.id: each.title or each.id for each in plan.roles},
        "manages": manages,
        "plans": PLANS,
        "form": (form or RecordForm(plan)) if manages and plan.roles and plan.courses else None,
        "table": TableForm() if manages else None,
        "refused": [(number, *told(error)) for number, error in refused],
    }
    return render(request, "state/training.html", context, status=status)


@member(*MANAGERS)
def edit(request: MemberRequest, plan: str) -> HttpResponseBase:
    """One section of the plan."""
    if plan not in PLANS:
        raise Http404
    row, trouble = courses.plan_of(request.organisation), ""
    section = Section(Training, (plan,), row.content, request.POST if request.method == "POST" else None, _offered(row, plan))
    if request.method == "POST" and (changes := section.content()) is not None:
        trouble = attempt(lambda: courses.save(request.organisation, changes, seen(request), request.user))
        if not trouble:
            messages.success(request, say("statepages.saved"))
            return redirect("state:training", request.organisation.pk)
    context = {"row": row, "part": plan, "section": section, "trouble": trouble}
    return render(request, "state/training_edit.html", context, status=422 if request.method == "POST" else 200)


def _offered(row: TrainingPlan, plan: str) -> Offered:
    """What there is to choose from: courses and roles of the plan, programmes that are known."""
    written = courses.value(row)
    taught = [(each.id, pick(each.title) or each.id) for each in written.courses]
    if plan == "programmes":
        return {"programme": [(name, pick(each.title)) for name, each in programmes().items()]}
    return {"courses": taught, "course": taught, "role": [(each.id, pick(each.title) or each.id) for each in written.roles]}


@require_POST
@member(*MANAGERS)
def add(request: MemberRequest) -> HttpResponseBase:
    """One record."""
    form = RecordForm(courses.value(courses.plan_of(request.organisation)), request.POST)
    if form.is_valid() and (trouble := attempt(lambda: courses.add(request.organisation, [Record(**form.cleaned_data)], request.user))):
        form.add_error(None, trouble)
    if form.errors:
        return _page(request, form=form, status=422)
    messages.success(request, say("statepages.saved"))
    return redirect("state:training", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def take(request: MemberRequest) -> HttpResponseBase:
    """Records of a table; nothing is taken where a row does not read."""
    sent = TableForm(request.POST, request.FILES)
    if not sent.is_valid():
        messages.error(request, " ".join(str(each) for errors in sent.errors.values() for each in errors))
        return redirect("state:training", request.organisation.pk)
    try:
        found = read_records(sent.cleaned_data["table"].name, sent.cleaned_data["table"].read())
        if found.refused:
            return _page(request, refused=found.refused, status=422)
        added = courses.add(request.organisation, found.rows, request.user)
        messages.success(request, say("statepages.taken", count=len(added)))
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
    return redirect("state:training", request.organisation.pk)


@require_POST
@member(*MANAGERS)
def erase(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Erase who it was."""
    row = get_object_or_404(TrainingRecord.objects.select_related("artifact"), pk=pk, organisation=request.organisation)
    form = ReasonForm(request.POST)
    if form.is_valid():
        outbox.drain()
        done = courses.erase(row, request.user, form.cleaned_data["reason"])
        messages.success(request, say("statepages.erased")) if done else messages.warning(request, say("statepages.not_erased"))
    else:
        messages.warning(request, say("statepages.reason_missing"))
    return redirect("state:training", request.organisation.pk)
