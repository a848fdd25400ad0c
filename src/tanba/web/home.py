"""The first page, the language switch, and a sign of life."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from tanba.strings import LANGUAGES
from tanba.web.accounts.models import Membership, User
from tanba.web.language import COOKIE


def home(request: HttpRequest) -> HttpResponse:
    """To the portfolio of the only organisation, or a choice of several, or the way to a first one."""
    if not request.user.is_authenticated:
        return redirect("accounts:sign_in")
    memberships = list(Membership.objects.filter(user=request.user).select_related("organisation"))
    if len(memberships) == 1:
        return redirect("systems:portfolio", memberships[0].organisation_id)
    if not memberships:
        return redirect("accounts:new_organisation")
    return render(request, "home.html", {"memberships": memberships})


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Switch the language: for this browser, and for the signed-in person everywhere."""
    response = HttpResponseRedirect(safe_next(request))
    wanted = request.POST.get("language", "")
    if wanted in LANGUAGES:
        response.set_cookie(COOKIE, wanted, max_age=365 * 24 * 3600, samesite="Lax", httponly=True, secure=request.is_secure())
        if request.user.is_authenticated:
            User.objects.filter(pk=request.user.pk).update(language=wanted)
    return response


def safe_next(request: HttpRequest) -> str:
    """The page to return to, if it is one of ours."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else "/"


def healthy(request: HttpRequest) -> HttpResponse:
    """For monitors: the process answers."""
    return HttpResponse("ok", content_type="text/plain")
