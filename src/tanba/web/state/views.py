"""Pages of a system's dealings with the state: an overview, one form, one section of it, what happened, the checklist."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tanba.errors import InputError, TanbaError
from tanba.sheets import Sheet, write_xlsx
from tanba.state.form import write
from tanba.state.rows import CHECKLIST, read_checklist
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import pick, say, told
from tanba.web.state import desk
from tanba.web.state.forms import EventForm, TableForm
from tanba.web.state.models import StateForm
from tanba.web.state.sections import Section
from tanba.web.systems.access import system_of, system_to_edit
from tanba.web.systems.head import head
from tanba.web.systems.models import System

PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "pilot": {
        "goal": ("why", "tried", "window"),
        **{name: (name,) for name in ("data", "roles", "milestones", "entry", "exit", "risks", "decision")},
    },
    "trusted-list": {"pack": ("body", "application", "rights", "audit")},
    "security": {
        **{name: (name,) for name in ("officer", "encryption", "tests")},
        "protection": ("access", "logging", "incident_contact", "next_test"),
        "requirements": ("requirements",),
    },
}
"""{form: {page: fields that it edits}}."""


@require_safe
@member()
def overview(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The three forms at a glance."""
    system = system_of(request, slug)
    looks = [(name, desk.row_of(system, name)) for name in desk.FORMS]
    rows = [{"name": name, "row": row, "check": desk.look(row) if row.version else None} for name, row in looks]
    return render(request, "state/overview.html", {"rows": rows, **head(request, system, "state")})


@require_safe
@member()
def one(request: MemberRequest, slug: str, form: str) -> HttpResponseBase:
    """One form: what is written, what is missing, clocks, what comes next."""
    return _one(request, _row(system_of(request, slug), form))


def _row(system: System, form: str) -> StateForm:
    if form not in desk.FORMS:
        raise Http404
    return desk.row_of(system, form)


def _one(request: MemberRequest, row: StateForm, *, event: EventForm | None = None, refused: Any = (), status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "written": write(desk.value(row)),
        "check": desk.look(row),
        "parts": PARTS[row.name],
        "shows": desk.kinds_of(row) if row.version else (),
        "forwarded": desk.is_forwarded(row),
        "refused": [(number, *told(error)) for number, error in refused],
        **head(request, row.system, "state"),
    }
    if context["may_edit"]:
        context |= {"event": event or EventForm(stands=desk.value(row).stands)} if row.name == "trusted-list" else {}
        context |= {"table": TableForm()} if row.name == "security" else {}
    return render(request, f"state/{row.name}.html", context, status=status)


@member()
def edit(request: MemberRequest, slug: str, form: str, part: str) -> HttpResponseBase:
    """One section. What was typed is kept where something does not fit, or somebody else was faster."""
    system = system_to_edit(request, slug)
    row = _row(system, form)
    if part not in PARTS[form]:
        raise Http404
    names, trouble = PARTS[form][part], ""
    kind = desk.FORMS[form][0]
    section = Section(kind, names, write(desk.value(row)), request.POST if request.method == "POST" else None)
    if request.method == "POST" and (changes := section.content()) is not None:
        trouble = attempt(lambda: desk.save(system, form, changes, seen(request), request.user))
        if not trouble:
            messages.success(request, say("statepages.saved"))
            return redirect("state:one", request.organisation.pk, slug, form)
    context = {"row": row, "part": part, "section": section, "trouble": trouble, **head(request, system, "state")}
    return render(request, "state/edit.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@member()
def forward(request: MemberRequest, slug: str, form: str) -> HttpResponseBase:
    """Put the sealed version forward as evidence."""
    count = desk.forward(_row(system_to_edit(request, slug), form))
    messages.success(request, say("statepages.forwarded", count=count)) if count else messages.warning(
        request, say("statepages.forwarded_none")
    )
    return redirect("state:one", request.organisation.pk, slug, form)


@require_POST
@member()
def event(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What happened with the application."""
    system = system_to_edit(request, slug)
    row = desk.row_of(system, "trusted-list")
    sent = EventForm(request.POST, stands=desk.value(row).stands)
    if sent.is_valid():
        trouble = attempt(lambda: desk.add_event(system, sent.event(), seen(request), request.user))
        if not trouble:
            messages.success(request, say("statepages.saved"))
            return redirect("state:one", request.organisation.pk, slug, "trusted-list")
        sent.add_error(None, trouble)
    return _one(request, row, event=sent, status=422)


@require_POST
@member()
def take(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Take the checklist of a table in place of the one before; nothing is taken where a row does not read."""
    system = system_to_edit(request, slug)
    row, sent = desk.row_of(system, "security"), TableForm(request.POST, request.FILES)
    if not sent.is_valid():
        messages.error(request, " ".join(str(each) for errors in sent.errors.values() for each in errors))
        return redirect("state:one", request.organisation.pk, slug, "security")
    try:
        found = read_checklist(sent.cleaned_data["table"].name, sent.cleaned_data["table"].read())
    except InputError as error:
        messages.error(request, " ".join(told(error)))
        return redirect("state:one", request.organisation.pk, slug, "security")
    if found.refused:
        return _one(request, row, refused=found.refused, status=422)
    changes = {"requirements": {"items": write(found.rows)}}
    if trouble := attempt(lambda: desk.save(system, "security", changes, seen(request), request.user)):
        messages.error(request, trouble)
    else:
        messages.success(request, say("statepages.taken", count=len(found.rows)))
    return redirect("state:one", request.organisation.pk, slug, "security")


@require_safe
@member()
def checklist(request: MemberRequest, slug: str) -> HttpResponseBase:
    """The checklist as a workbook, to be filled in and taken back."""
    items = desk.value(desk.row_of(system_of(request, slug), "security")).requirements.items
    answers = {True: "yes", False: "no", None: "unknown"}
    rows = [(each.number, pick(each.text), answers[each.applies], each.state, each.evidence) for each in items]
    made = write_xlsx(
        [Sheet("checklist", list(CHECKLIST), rows, {2: tuple(answers.values()), 3: ("unknown", "met", "partly", "not_met")}, {1: 60})]
    )
    answer = HttpResponse(made, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    answer["Content-Disposition"] = str(content_disposition_header(True, f"{slug}-checklist.xlsx"))
    return answer


def attempt(act: Callable[[], object]) -> str:
    """Do something; what stood in the way, in words, or nothing. An act that gives nothing back was overtaken by somebody else's."""
    try:
        return "" if act() else say("statepages.changed_meanwhile")
    except TanbaError as error:
        return " ".join(told(error))


def seen(request: MemberRequest) -> int:
    """The version that the page showed."""
    sent = request.POST.get("seen", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0
