"""Signing in and out, joining, one's own account, organisations."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from tanba.web.accounts import attempts
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.forms import OrganisationForm, PasswordForm, PersonForm, ProfileForm, SetupForm, SignInForm
from tanba.web.accounts.links import BACKEND, BY_LINK, open_invitation, open_link, setup_is_open, use_link
from tanba.web.accounts.models import Invitation, Membership, Organisation, Role, User
from tanba.web.language import current, say


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """By e-mail and password."""
    wanted = _next(request)
    if request.user.is_authenticated:
        return redirect(wanted)
    form = SignInForm(request.POST or None)
    if form.is_valid():
        user = _authenticated(request, form)
        if user is not None:
            login(request, user)
            return redirect(wanted)
    return render(request, "accounts/sign_in.html", {"form": form, "next": wanted}, status=429 if getattr(form, "slowed", False) else 200)


def _authenticated(request: HttpRequest, form: Any) -> User | None:
    """The user, or None with the reason on the form."""
    email = form.cleaned_data["email"]
    if attempts.too_many(request, email):
        form.slowed = True
        form.add_error(None, say("accounts.too_many_attempts"))
        return None
    user = authenticate(request, username=email, password=form.cleaned_data["password"])
    if user is None:
        attempts.failed(request, email)
        form.add_error(None, say("accounts.wrong_password"))
        return None
    attempts.succeeded(request, email)
    return user


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()) else reverse("home")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("accounts:sign_in")


def link(request: HttpRequest, token: str) -> HttpResponse:
    """A sign-in link: opening it shows a button, so that a preview does not use it up; the button signs in."""
    if request.method == "POST" and use_link(request, token):
        return redirect("home")
    found = open_link(token)
    if found is None:
        return render(request, "accounts/link_ended.html", status=410)
    return render(request, "accounts/link.html", {"person": found.user})


def setup(request: HttpRequest, token: str) -> HttpResponse:
    """An empty register: the first administrator and the organisation."""
    if not setup_is_open(token):
        return render(request, "accounts/link_ended.html", status=410)
    person, organisation = SetupForm(request.POST or None), OrganisationForm(request.POST or None, prefix="organisation")
    if person.is_valid() and organisation.is_valid():
        with transaction.atomic():
            data = person.cleaned_data
            user = User.objects.create_user(data["email"], data["password"], name=data["name"], language=current())
            home = organisation.save()
            Membership.objects.create(user=user, organisation=home, role=Role.ADMINISTRATOR)
        login(request, user, backend=BACKEND)
        return redirect("systems:portfolio", home.pk)
    return render(request, "accounts/setup.html", {"person": person, "form": organisation})


def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: as the signed-in person it is for, or as a new person."""
    invitation = open_invitation(token)
    if invitation is None:
        return render(request, "accounts/link_ended.html", status=410)
    user = request.user if request.user.is_authenticated else None
    known = User.objects.filter(email=invitation.email).exists()
    if user is None and known:
        return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': request.path})}")
    form = PersonForm(request.POST or None, email=invitation.email) if user is None else None
    fits = user is None or user.email == invitation.email
    if request.method == "POST" and fits and (form is None or form.is_valid()):
        organisation = _accept(request, invitation, user, form)
        return redirect("systems:portfolio", organisation.pk)
    return render(request, "accounts/join.html", {"invitation": invitation, "form": form, "fits": fits})


@transaction.atomic
def _accept(request: HttpRequest, invitation: Invitation, user: User | None, form: PersonForm | None) -> Organisation:
    if form is not None:
        data = form.cleaned_data
        user = User.objects.create_user(invitation.email, data["password"], name=data["name"], language=current())
        login(request, user, backend=BACKEND)
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(accepted_at=timezone.now()):
        Membership.objects.get_or_create(
            user=cast(User, user), organisation=invitation.organisation, defaults={"role": invitation.role, "scoped": invitation.scoped}
        )
    return invitation.organisation


@login_required
@sensitive_post_parameters("old", "password")
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name and password."""
    user = cast(User, request.user)
    which = request.POST.get("form")
    about = ProfileForm(request.POST if which == "about" else None, instance=user)
    by_link = bool(request.session.get(BY_LINK))
    password = PasswordForm(request.POST if which == "password" else None, user=user, by_link=by_link)
    if about.is_bound and about.is_valid():
        about.save()
        messages.success(request, say("web.saved"))
        return redirect("accounts:profile")
    if password.is_bound and password.is_valid():
        user.set_password(password.cleaned_data["password"])
        user.save(update_fields=["password"])
        update_session_auth_hash(request, user)
        request.session.pop(BY_LINK, None)
        messages.success(request, say("accounts.password_changed"))
        return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"about": about, "password": password})


@login_required
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation one belongs to."""
    memberships = Membership.objects.filter(user=cast(User, request.user)).select_related("organisation")
    return render(request, "home.html", {"memberships": memberships})


@login_required
def new_organisation(request: HttpRequest) -> HttpResponse:
    """Open a register for another organisation; its maker administers it."""
    form = OrganisationForm(request.POST or None)
    if form.is_valid():
        with transaction.atomic():
            organisation = form.save()
            Membership.objects.create(user=cast(User, request.user), organisation=organisation, role=Role.ADMINISTRATOR)
        return redirect("systems:portfolio", organisation.pk)
    return render(request, "accounts/new_organisation.html", {"form": form})


@member(Role.ADMINISTRATOR)
def organisation(request: MemberRequest) -> HttpResponseBase:
    """Correct the organisation's name, BIN and class."""
    form = OrganisationForm(request.POST or None, instance=request.organisation)
    if form.is_valid():
        form.save()
        messages.success(request, say("web.saved"))
        return redirect("accounts:people", request.organisation.pk)
    request.organisation = Organisation.objects.get(pk=request.organisation.pk)
    return render(request, "accounts/organisation.html", {"form": form})
