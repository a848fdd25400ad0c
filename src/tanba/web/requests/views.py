"""Pages of the desk: the list, one request, entering one, acting on one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.errors import InputError, TanbaError
from tanba.people.answers import OUTCOMES
from tanba.people.requests import CATEGORIES, KINDS, MOVES, STATES
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS, Role
from tanba.web.documents import letters
from tanba.web.language import NATIVE, current, say, told
from tanba.web.requests import desk, texts
from tanba.web.requests.drafting import drafted, letter
from tanba.web.requests.forms import DraftForm, EntryForm
from tanba.web.requests.listing import PAGE, Filters, counts
from tanba.web.requests.models import Request
from tanba.web.systems.access import may_edit
from tanba.web.systems.models import System


@member()
def requests(request: MemberRequest) -> HttpResponse:
    """What people asked; what is open and nearest first."""
    filters = Filters.read(request.GET)
    rows = filters.apply(Request.objects.filter(organisation=request.organisation), request).select_related("system", "assignee")
    first = (filters.page - 1) * PAGE
    found = list(rows[first : first + PAGE + 1])
    context = {
        "filters": filters,
        "rows": found[:PAGE],
        "counts": counts(request.organisation),
        "kinds": tuple(KINDS),
        "states": STATES,
        "previous": filters.query(page=filters.page - 1) if filters.page > 1 else "",
        "next": filters.query(page=filters.page + 1) if len(found) > PAGE else "",
        "export": filters.query(),
        "may_enter": request.membership.writes,
    }
    return render(request, "userrequests/list.html", context)


def may_answer(request: MemberRequest, row: Request) -> bool:
    """Who may change the system, and to whom the request was given."""
    return may_edit(request, row.system) or (request.membership.writes and row.assignee_id == request.user.pk)


def row_of(request: MemberRequest, pk: UUID) -> Request:
    """The organisation's request. Raises Http404."""
    rows = Request.objects.select_related("system__organisation", "organisation", "assignee", "text", "answer", "draft_by")
    return get_object_or_404(rows, pk=pk, organisation=request.organisation)


@member()
def show(request: MemberRequest, pk: UUID) -> HttpResponse:
    """One request: what is asked, by when, what was done, the answer."""
    row = row_of(request, pk)
    return _letter(request, row) if letters.asked(request) else page(request, row)


def _letter(request: MemberRequest, row: Request) -> HttpResponse:
    """The answer, or its draft, as a file. Raises Http404 where there is none, or its words are erased."""
    try:
        known = letter(row)
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
        return page(request, row, status=503)
    if known is None:
        raise Http404
    return letters.download(request, "answer", lambda: known, f"answer-{row.number}")


def page(request: MemberRequest, row: Request, form: DraftForm | None = None, status: int = 200) -> HttpResponse:
    """The page, with the draft as it was sent."""
    draft, whole = texts.draft_of(row), texts.whole(row)
    initial = {"outcome": row.outcome, "reason": row.reason, "text": draft}
    answering = may_answer(request, row) and row.is_open
    context = {
        "row": row,
        "form": (form or (DraftForm(row=row, initial=initial) if draft or row.draft_by_id else None)) if answering else None,
        "start": DraftForm(row=row, initial=initial) if answering else None,
        "may_answer": answering,
        "may_erase": request.membership.manages and not row.is_open,
        "moves": MOVES[row.state],
        "ground": desk.ground_of(row),
        "clock": desk.clock_of(row) if row.is_open else None,
        "identity": KINDS[row.kind].identity,
        "kinds": tuple(KINDS),
        "categories": CATEGORIES,
        "people": request.organisation.writers() if answering else (),
        "events": row.events.select_related("by", "act"),
        "link": request.build_absolute_uri(desk.link_of(row)) if answering or row.channel == "form" else "",
        "language": NATIVE[row.language],
        "four_eyes": request.organisation.four_eyes,
        "letter": bool(draft or whole["answer"]),
        **whole,
    }
    return render(request, "userrequests/show.html", context, status=status)


@member(*MANAGERS, Role.OWNER)
def enter(request: MemberRequest) -> HttpResponse:
    """A request that came by telephone, letter or e-mail, with the time at which it really came."""
    systems = System.objects.filter(organisation=request.organisation).exclude(state="rejected").order_by("slug")
    if request.membership.role == Role.OWNER:
        systems = systems.filter(owner=request.user)
    form = EntryForm(request.POST or None, systems=systems, initial={"language": current(), "received": timezone.localtime()})
    if form.is_valid():
        data = form.cleaned_data
        category = data["category"] if data["kind"] == "support" else ""
        sent = desk.Sent(data["kind"], data["language"], data["received"], form.written(), data["channel"], category, by=request.user)
        try:
            row, _ = desk.receive(data["system"], sent)
        except TanbaError as error:
            form.add_error(None, told(error)[0])
        else:
            messages.success(request, say("requests.entered", number=row.number))
            return redirect("requests:show", request.organisation.pk, row.pk)
    return render(request, "userrequests/enter.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
@member()
def act(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """One act, named in the form; what cannot be is told."""
    row = row_of(request, pk)
    if not may_answer(request, row):
        raise PermissionDenied
    try:
        ACTS.get(request.POST.get("act", ""), _nothing)(request, row)
    except TanbaError as error:
        messages.error(request, " ".join(told(error)))
    return redirect("requests:show", request.organisation.pk, pk)


def _nothing(request: MemberRequest, row: Request) -> None:
    """An act that there is not."""


def _assign(request: MemberRequest, row: Request) -> None:
    wanted = request.POST.get("to", "")
    desk.assign(row, next((user for user in request.organisation.writers() if str(user.pk) == wanted), None), request.user)


def _reclassify(request: MemberRequest, row: Request) -> None:
    kind, category = request.POST.get("kind", ""), request.POST.get("category", "")
    if kind in KINDS and (kind, category) != (row.kind, row.category):
        desk.reclassify(row, kind, category if category in CATEGORIES else "", request.user)


def _erase(request: MemberRequest, row: Request) -> None:
    if not request.membership.manages:
        raise PermissionDenied
    if desk.erase(row, request.user, say("requests.erase_reason")):
        messages.success(request, say("requests.erased_now"))
    else:
        messages.warning(request, say("requests.erased_nothing"))


ACTS: dict[str, Callable[[MemberRequest, Request], None]] = {
    "take": lambda request, row: desk.take(row, request.user),
    "identity": lambda request, row: desk.ask_identity(row, request.POST.getlist("asked"), request.user),
    "withdraw": lambda request, row: desk.withdraw(row, request.user),
    "assign": _assign,
    "kind": _reclassify,
    "erase": _erase,
}


@require_POST
@member()
def draft(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Write a draft from the facts and the log (`new`), keep what was edited, or send it."""
    row = row_of(request, pk)
    if not may_answer(request, row):
        raise PermissionDenied
    form = DraftForm(request.POST, row=row)
    if not form.is_valid():
        return page(request, row, form, status=422)
    data: dict[str, Any] = form.cleaned_data
    try:
        text = drafted(row, data["outcome"], data["reason"]) if "new" in request.POST else data["text"].replace("\r\n", "\n")
        if "send" not in request.POST or not _as_it_stands(row, data, text):
            desk.save_draft(row, data["outcome"], data["reason"], text, request.user)
        if "send" in request.POST:
            desk.send(row, request.user)
            messages.success(request, say("requests.sent"))
    except InputError as error:
        messages.error(request, " ".join(told(error)))
    except TanbaError as error:
        form.add_error(None, told(error)[0])
        return page(request, row, form, status=503)
    return redirect("requests:show", request.organisation.pk, pk)


def _as_it_stands(row: Request, data: dict[str, Any], text: str) -> bool:
    """Whether the draft is sent as somebody left it: who sends it unchanged has not written it."""
    refusing = OUTCOMES[row.kind][data["outcome"]] == "refused"
    sent = (data["outcome"], data["reason"] if refusing else "", text)
    return row.draft is not None and sent == (row.outcome, row.reason, texts.draft_of(row))
