"""Pages of the decision log. Every member reads; managers erase."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tanba import decisions
from tanba.errors import InputError, TanbaError
from tanba.seal import Receipt
from tanba.trace.model import EPOCH
from tanba.trace.rows import Query, Row
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.decisions import desk
from tanba.web.decisions.forms import EraseForm, Filter
from tanba.web.evidence import ledger
from tanba.web.evidence.outbox import record
from tanba.web.evidence.verdicts import Shown, judge, troubled
from tanba.web.language import say, told
from tanba.web.narrowing import page_number
from tanba.web.systems.access import system_of
from tanba.web.systems.head import head
from tanba.web.systems.models import System

EACH = 50
"""Decisions on a page."""

FIELDS = ("outcome", "reason", "model", "sources", "human", "human_changed", "duration", "inputs", "outputs", "subject")


@require_safe
@member()
def everything(request: MemberRequest) -> HttpResponseBase:
    """Systems and how many decisions each has."""
    counts = desk.book().counts(Query(request.organisation.bin), "system")
    systems = System.objects.filter(organisation=request.organisation).exclude(state="rejected").order_by("slug")
    rows = [(system, counts.get(system.slug, 0)) for system in systems]
    context = {"rows": rows, "form": EraseForm() if request.membership.manages else None, "trouble": _trouble(), "damaged": desk.damaged()}
    return render(request, "decisions/all.html", context)


@member(changes=False)
def listed(request: MemberRequest, slug: str) -> HttpResponseBase:
    """Decisions of a system. A search by person is sent, not put into the address."""
    system = system_of(request, slug)
    form = Filter(request.POST if request.method == "POST" else request.GET if request.GET else None)
    query = form.query(system) if not form.is_bound or form.is_valid() else Query(request.organisation.bin, slug)
    book, page = desk.book(), page_number(request.GET, 6)
    rows = book.find(query, EACH + 1, EACH * (page - 1))
    context: dict[str, Any] = {"form": form, "page": page, "more": len(rows) > EACH, "trouble": _trouble(), "damaged": desk.damaged()}
    context |= {"rows": [(row, _moment(row)) for row in rows[:EACH]], "count": book.count(query)}
    context |= {name: book.counts(query, name) for name in ("human", "changed")} | {"outcomes": book.counts(query, "outcome")}
    kept = request.GET.copy()
    kept.pop("page", None)
    context["kept"] = "" if request.method == "POST" else kept.urlencode()
    return render(request, "decisions/list.html", {**context, **head(request, system, "users")})


@require_safe
@member()
def one(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """One decision: what it says, whether its content is still there, and its proof."""
    system, row = _found(request, slug, pk)
    context: dict[str, Any] = {"row": row, "when": _moment(row), "batch": desk.book().batch(row.batch)}
    try:
        body = desk.book().content(row)
        context |= {
            "said": _said(dict(body.record)) if body else [],
            "contents": body.contents() if body else {},
            "there": body is not None,
        }
        context["shown"] = _judged(row)
    except TanbaError as error:
        context["shown"] = troubled(error)
    return render(request, "decisions/one.html", {**context, **head(request, system, "users")})


@require_safe
@member()
def proof(request: MemberRequest, slug: str, pk: UUID) -> HttpResponseBase:
    """The proof, as a file for `tanba trace check`; without inputs and outputs."""
    _, row = _found(request, slug, pk)
    try:
        made = bytes(decisions.prove(desk.book(), ledger.log(), row.id))
    except InputError:
        raise Http404 from None
    return HttpResponse(made, "application/json", headers={"Content-Disposition": f'attachment; filename="{row.id}.decision.json"'})


@require_POST
@member("administrator", "compliance")
def erase(request: MemberRequest) -> HttpResponseBase:
    """Forget a person. The act is recorded without saying whom."""
    form = EraseForm(request.POST)
    if not form.is_valid():
        return render(request, "decisions/erase.html", {"form": form}, status=422)
    try:
        with transaction.atomic():
            count = desk.erase(request.organisation, form.cleaned_data["subject"])
            record(request.organisation, "decision-erasure", {"count": count, "reason": form.cleaned_data["reason"]}, request.user)
    except TanbaError as error:
        form.add_error(None, " ".join(told(error)))
        return render(request, "decisions/erase.html", {"form": form}, status=422)
    messages.success(request, say("cli.trace.erased", count=count))
    if left := desk.damaged(request.organisation, form.cleaned_data["subject"]):
        messages.warning(request, left)
    return redirect("decisions:all", request.organisation.pk)


def _found(request: MemberRequest, slug: str, pk: UUID) -> tuple[System, Row]:
    system = system_of(request, slug)
    try:
        return system, desk.find(system, str(pk))
    except InputError:
        raise Http404 from None


def _judged(row: Row) -> Shown | None:
    """The verdict on the receipt of the batch; None as long as the ledger does not have it."""
    if desk.book().batch(row.batch).position is None:
        return None
    made = decisions.prove(desk.book(), ledger.log(), row.id)
    made.check()
    return judge(Receipt.from_json(made.receipt), made.batch_content)


def _said(record: dict[str, Any]) -> list[tuple[str, str]]:
    """(label, text) of what the record says."""
    labels = {name: f"decisions.{'sealed' if name in ('inputs', 'outputs') else 'field'}_{name}" for name in FIELDS}
    return [(say(label), _words(name, record[name])) for name, label in labels.items() if record.get(name) not in (None, [])]


def _words(name: str, value: Any) -> str:
    if name == "human":
        return say(f"cli.trace.human_{value}")
    if name == "human_changed":
        return say("words.answer.yes" if value else "words.answer.no")
    return ", ".join(value) if isinstance(value, list) else f"{value / 1000:g} ms" if name == "duration" else str(value)


def _moment(row: Row) -> Any:
    return EPOCH + timedelta(microseconds=row.time)


def _trouble() -> Any:
    error = desk.trouble()
    return told(error) if error else None
