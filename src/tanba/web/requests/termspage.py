"""The house's own terms: every member reads them, managers change them; a request keeps the term under which it came."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from tanba.law.load import load
from tanba.law.rulebook import on
from tanba.people.requests import KINDS, Law, grounds
from tanba.people.terms import checked_house
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.evidence.outbox import record
from tanba.web.language import say
from tanba.web.requests.forms import HouseForm
from tanba.web.requests.models import house_of


@member()
def terms(request: MemberRequest) -> HttpResponse:
    """Show them; save a change with its sealed act."""
    if request.method == "POST" and not request.membership.manages:
        raise PermissionDenied
    house = house_of(request.organisation)
    form = HouseForm(request.POST or None, house=house)
    if form.is_valid():
        before = {**house.terms, "keep_days": house.keep_days}
        house.terms, house.keep_days = checked_house(form.terms()), form.cleaned_data["keep_days"]
        after = {**house.terms, "keep_days": house.keep_days}
        if after != before:
            with transaction.atomic():
                house.save()
                record(request.organisation, "request-terms", {"after": after, "before": before}, request.user)
            messages.success(request, say("web.saved"))
        return redirect("requests:terms", request.organisation.pk)
    book = on(load("kz"), timezone.localdate())
    found = grounds(Law(book.provisions, dict.fromkeys(book.provisions), book.changed))
    kinds = [{"kind": kind, "ground": found[kind], "days": house.terms[kind]} for kind in KINDS]
    context = {"form": form if request.membership.manages else None, "kinds": kinds, "house": house}
    return render(request, "userrequests/terms.html", context, status=422 if form.is_bound else 200)
