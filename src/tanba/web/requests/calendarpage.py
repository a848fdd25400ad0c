"""The working calendar: days off and doubtful days of a year, and what an officer changed, each on its basis and sealed."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from tanba.calendars import MOVED, kazakhstan
from tanba.calendars.changes import Changes, load_changes, save_changes
from tanba.errors import TanbaError
from tanba.files import alone
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import Organisation
from tanba.web.evidence.outbox import record
from tanba.web.incidents.counting import replan
from tanba.web.language import say, told
from tanba.web.requests import desk
from tanba.web.requests.forms import DayForm
from tanba.workspace import current


@member()
def calendar(request: MemberRequest) -> HttpResponse:
    """A year; with a day, its change; with `remove`, the end of one."""
    if request.method != "POST":
        return _page(request, DayForm())
    if not request.membership.manages:
        raise PermissionDenied
    form = DayForm(request.POST)
    removed = request.POST.get("remove", "")
    if not removed and not form.is_valid():
        return _page(request, form, status=422)
    try:
        moved = _changed(request, None if removed else form.cleaned_data, removed)
    except TanbaError as error:
        form.add_error(None, told(error)[0]) if form.is_valid() else messages.error(request, told(error)[0])
        return _page(request, form, status=422)
    messages.success(request, say("requests.calendar_saved", count=moved))
    year = removed[:4] or str(form.cleaned_data["day"].year)
    return redirect(reverse("requests:calendar", args=[request.organisation.pk]) + f"?year={year}")


def _changed(request: MemberRequest, given: Any, removed: str) -> int:
    """The file, the sealed act and the terms that hang on it; how many moved. The lock keeps two people from saving over each other."""
    path = current().create().calendar
    with alone(path.parent / ".calendar.lock"), transaction.atomic():
        stands = load_changes(path)
        off = {day: basis for day, basis in stands.off.items() if day.isoformat() != removed}
        working = {day: basis for day, basis in stands.working.items() if day.isoformat() != removed}
        details = {"day": removed, "removed": True}
        if given:
            off.pop(given["day"], None), working.pop(given["day"], None)
            (off if given["is_off"] == "off" else working)[given["day"]] = given["basis"]
            details = {"basis": given["basis"], "day": given["day"].isoformat(), "is": given["is_off"]}
        record(request.organisation, "calendar-change", details, request.user)
        save_changes(path, Changes(off, working))
        replan()
        return desk.recount()


def _page(request: MemberRequest, form: DayForm, status: int = 200) -> HttpResponse:
    trouble, changes = None, Changes()
    try:
        changes = load_changes(current().calendar)
    except TanbaError as error:
        trouble = told(error)
    year = _year(request)
    published, stands = kazakhstan(), changes.on(kazakhstan())
    days = [(day, "off", name) for day, name in stands.off.items()]
    days += [(day, "working", MOVED) for day in stands.working]
    days += [(day, "doubtful", name) for day, name in stands.doubtful.items()]
    changed = {**changes.off, **changes.working}
    context = {
        "form": form if request.membership.manages else None,
        "days": [
            {"day": day, "kind": kind, "name": name, "basis": changed.get(day)}
            for day, kind, name in sorted(days, key=_first)
            if day.year == year
        ],
        "year": year,
        "beyond": not published.first <= year <= published.last,
        "first": published.first,
        "last": published.last,
        "several": Organisation.objects.count() > 1,
        "trouble": trouble,
    }
    return render(request, "userrequests/calendar.html", context, status=status)


def _first(day: Any) -> date:
    found: date = day[0]
    return found


def _year(request: MemberRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 and int(asked) else timezone.localdate().year
