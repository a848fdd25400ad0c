"""Pages of incidents: the list with the next clock first, one incident, what can be done to it, drafts of notifications."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from tanba.errors import TanbaError
from tanba.law.words import cite
from tanba.material.common import Whose
from tanba.people import drafts
from tanba.people.clocks import Clock
from tanba.people.incidents import FACTS
from tanba.strings import LANGUAGES
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.documents import letters
from tanba.web.faces.suspensions import stop_of
from tanba.web.incidents import acts, papers, stops
from tanba.web.incidents.counting import counted, overdue, pure
from tanba.web.incidents.forms import IncidentForm, NoteForm, ProofForm, ReasonForm
from tanba.web.incidents.models import Attempt, Incident
from tanba.web.incidents.shown import remaining, shown
from tanba.web.language import current, say, told
from tanba.web.narrowing import page_number
from tanba.web.systems.models import System

PAGE = 50
TYPES = {"md": "text/markdown", "text": "text/plain"}
ENDS = {"md": "md", "text": "txt"}


@member()
def incidents(request: MemberRequest) -> HttpResponseBase:
    """Open ones, the next clock first; closed ones on demand."""
    now, closed = timezone.now(), request.GET.get("closed") == "1"
    rows = Incident.objects.filter(organisation=request.organisation, closed_at__isnull=not closed).prefetch_related("systems")
    ordered = rows.order_by("-number") if closed else rows.order_by(F("next_due").asc(nulls_last=True), "-number")
    page, total = page_number(request.GET, 4), rows.count()
    lines = [(row, remaining(row.next_due, now) if row.next_due else "") for row in ordered[(page - 1) * PAGE : page * PAGE]]
    context = {
        "lines": lines,
        "now": now,
        "closed": closed,
        "late": overdue(request.organisation, now),
        "total": total,
        "page": page,
        "pages": max(1, -(-total // PAGE)),
        "records": stops.open_records(System.objects.filter(organisation=request.organisation)),
    }
    return render(request, "incidents/list.html", context)


@member()
def new(request: MemberRequest) -> HttpResponseBase:
    """Enter an incident. Sent twice, it is entered once."""
    if not request.membership.writes:
        raise PermissionDenied
    form = IncidentForm(request.POST or None, organisation=request.organisation, initial={"systems": _asked(request)})
    if form.is_valid():
        row = acts.enter(request.organisation, form.columns(), form.cleaned_data["systems"], request.user, form.once())
        messages.success(request, say("incidents.entered", number=row.number))
        return redirect("incidents:show", request.organisation.pk, row.number)
    return render(request, "incidents/form.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _asked(request: MemberRequest) -> list[System]:
    """The system whose page led here."""
    return list(System.objects.filter(organisation=request.organisation, slug=request.GET.get("system", "")))


def _row(request: MemberRequest, count: int) -> Incident:
    rows = Incident.objects.select_related("organisation", "contract", "entered_by", "closed_by").prefetch_related("systems", "proofs")
    return get_object_or_404(rows, organisation=request.organisation, number=count)


@member()
def show(request: MemberRequest, count: int) -> HttpResponseBase:
    """One incident."""
    return _page(request, _row(request, count))


def _page(request: MemberRequest, row: Incident, status: int = 200, **forms: Any) -> HttpResponse:
    now, trouble = timezone.now(), None
    found: tuple[Clock, ...] = ()
    try:
        found = counted(row, now)
    except TanbaError as error:  # the calendar of the workspace
        trouble = told(error)
    may = request.membership.writes and not row.closed_at
    known = pure(row)
    context: dict[str, Any] = {
        "row": row,
        "trouble": trouble,
        "clocks": shown(found, now),
        "facts": [(name, known.facts[name]) for name in FACTS],
        "events": row.events.select_related("by", "artifact"),
        "proofs": row.proofs.select_related("by", "artifact", "file"),
        "systems": [(system, stop_of(system)) for system in row.systems.all()],
        "attempts": Attempt.objects.filter(message__incident=row).select_related("message").order_by("-id")[:20],
        "note_form": NoteForm(initial={}) if may else None,
        "proof_form": ProofForm(aware=row.aware) if may and request.membership.manages else None,
        "close_form": ReasonForm(auto_id="close_%s") if may and request.membership.manages else None,
        "may": may,
        "to": drafts.TO,
        "missing": [name for name in ("root_cause", "measures", "lessons") if not getattr(row, name)],
        "own": request.organisation.four_eyes and row.entered_by_id == request.user.pk,
    }
    return render(request, "incidents/show.html", context | forms, status=status)


@member()
def edit(request: MemberRequest, count: int) -> HttpResponseBase:
    """What is known now. What was known before stands in the sealed events."""
    row = _open(request, count)
    form = IncidentForm(request.POST or None, instance=row, organisation=request.organisation)
    if form.is_valid():
        row = _row(request, count)  # the form has written into the other
        if acts.change(row, form.columns(), form.cleaned_data["systems"], request.user):
            messages.success(request, say("web.saved"))
        return redirect("incidents:show", request.organisation.pk, count)
    return render(request, "incidents/form.html", {"form": form, "row": row}, status=422 if request.method == "POST" else 200)


def _open(request: MemberRequest, count: int) -> Incident:
    """An incident that this person may still change. Raises Http404, PermissionDenied."""
    row = _row(request, count)
    if row.closed_at or not request.membership.writes:
        raise PermissionDenied
    return row


@require_POST
@member()
def add_note(request: MemberRequest, count: int) -> HttpResponseBase:
    """A line of the timeline."""
    row, form = _open(request, count), NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, row, 422, note_form=form)
    acts.note(row, "note", form.cleaned_data["text"], request.user, form.cleaned_data["at"])
    messages.success(request, say("incidents.noted"))
    return redirect("incidents:show", request.organisation.pk, count)


@require_POST
@member(*MANAGERS)
def add_proof(request: MemberRequest, count: int) -> HttpResponseBase:
    """A notification left: its clock stops."""
    row = _open(request, count)
    form = ProofForm(request.POST, request.FILES, aware=row.aware)
    if not form.is_valid():
        return _page(request, row, 422, proof_form=form)
    given = form.cleaned_data
    try:
        acts.prove(row, given["clock"], given["sent_at"], given["reference"], request.user, given["file"])
    except TanbaError as error:  # the store of uploads
        messages.error(request, told(error)[0])
    else:
        messages.success(request, say("incidents.proved"))
    return redirect("incidents:show", request.organisation.pk, count)


@require_POST
@member(*MANAGERS)
def sign_off(request: MemberRequest, count: int) -> HttpResponseBase:
    """Close it: cause, measures and lessons are written down, and with four eyes somebody else than who entered it signs."""
    row, form = _open(request, count), ReasonForm(request.POST, auto_id="close_%s")
    if not (row.root_cause and row.measures and row.lessons):
        messages.warning(request, say("incidents.close_incomplete"))
        return redirect("incidents:show", request.organisation.pk, count)
    if request.organisation.four_eyes and row.entered_by_id == request.user.pk:
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, row, 422, close_form=form)
    acts.close(row, form.cleaned_data["reason"], request.user)
    messages.success(request, say("incidents.closed_now"))
    return redirect("incidents:show", request.organisation.pk, count)


@member()
def draft_page(request: MemberRequest, count: int, to: str) -> HttpResponseBase:
    """A draft in kk, ru or en; with `as` as a download."""
    row = _row(request, count)
    lang, form = request.GET.get("lang", current()), request.GET.get("as", "")
    if to not in drafts.TO or lang not in LANGUAGES or form not in ("", *TYPES, *letters.FORMS):
        raise Http404
    stem = f"incident-{row.number}-{to}"
    if letters.asked(request):
        name, known = papers.of_incident(to, lambda each: case_of(row, each), Whose(row.organisation.name, row.organisation.bin))
        return letters.download(request, name, known, stem)
    made = drafts.draft(to, case_of(row, lang), lang)
    if form:
        headers = {"Content-Disposition": content_disposition_header(True, f"{stem}-{lang}.{ENDS[form]}")}
        return HttpResponse(drafts.as_text(made, form), content_type=f"{TYPES[form]}; charset=utf-8", headers=headers)
    context = {"row": row, "draft": made, "to": to, "lang": lang, "all": drafts.TO, "formats": drafts.FORMATS}
    return render(request, "incidents/draft.html", context)


def case_of(row: Incident, lang: str) -> drafts.Case:
    """What drafts are made from, with names in `lang`."""
    name = row.organisation.name
    systems = {system.slug: system.name.get(lang) or str(system) for system in row.systems.all()}
    found = counted(row)
    owner = name.get(lang) or str(row.organisation)
    return drafts.Case(str(row.number), pure(row), found, owner, row.organisation.bin, systems, lambda path: cite(path, lang))
