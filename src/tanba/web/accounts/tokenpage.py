"""API tokens of an organisation: made by an administrator, shown once, revoked at any time."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import ApiToken, Role, Scope
from tanba.web.accounts.tokens import digest_of, new_secret
from tanba.web.evidence.outbox import record
from tanba.web.language import say, say_later
from tanba.web.systems.models import System

MOST = 200
"""Tokens of an organisation that are good at one time."""

DAYS = (30, 90, 365)


class TokenForm(forms.Form):
    """What the token is for."""

    name = forms.CharField(label=say_later("tokens.name"), help_text=say_later("tokens.name_help"), max_length=80)
    scope = forms.ChoiceField(label=say_later("tokens.scope"), widget=forms.RadioSelect)
    system = forms.ModelChoiceField(
        label=say_later("tokens.system"), queryset=System.objects.none(), required=False, help_text=say_later("tokens.system_help")
    )
    days = forms.TypedChoiceField(label=say_later("tokens.expires"), coerce=int, initial=365)

    def __init__(self, *args: Any, request: MemberRequest) -> None:
        """Systems of this organisation only."""
        super().__init__(*args)
        fields: dict[str, Any] = self.fields
        fields["scope"].choices = [(scope, say(f"tokens.scope_{scope}")) for scope in Scope.values]
        fields["scope"].initial = Scope.NOTICES
        fields["system"].queryset = System.objects.filter(organisation=request.organisation).exclude(state="rejected").order_by("slug")
        fields["system"].empty_label = say("tokens.all_systems")
        fields["days"].choices = [(days, say("tokens.days", count=days)) for days in DAYS]


@member(Role.ADMINISTRATOR)
def tokens(request: MemberRequest) -> HttpResponseBase:
    """The list, and a form for a new one, whose secret the answer shows."""
    form, secret = TokenForm(request.POST or None, request=request), ""
    if form.is_valid():
        if _good(request).count() >= MOST:
            form.add_error(None, say("tokens.too_many_good", count=MOST))
        else:
            secret, form = _made(request, form), TokenForm(request=request)
    found = request.organisation.tokens.select_related("system", "made_by")[: 2 * MOST]
    return render(request, "accounts/tokens.html", {"form": form, "secret": secret, "tokens": found})


@require_POST
@member(Role.ADMINISTRATOR)
def revoke(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """End a token at once."""
    found = get_object_or_404(request.organisation.tokens, pk=pk)
    with transaction.atomic():
        if request.organisation.tokens.filter(pk=pk, revoked_at=None).update(revoked_at=timezone.now()):
            record(request.organisation, "api-token", {"did": "revoke", **_details(found)}, request.user, found.system)
    messages.success(request, say("tokens.revoked", name=found.name))
    return redirect("accounts:tokens", request.organisation.pk)


@transaction.atomic
def _made(request: MemberRequest, form: TokenForm) -> str:
    secret, given = new_secret(), form.cleaned_data
    row = ApiToken.objects.create(
        organisation=request.organisation,
        system=given["system"],
        name=given["name"],
        scope=given["scope"],
        digest=digest_of(secret),
        made_by=request.user,
        expires=timezone.now() + timedelta(days=given["days"]),
    )
    record(request.organisation, "api-token", {"did": "make", **_details(row)}, request.user, row.system)
    return secret


def _good(request: MemberRequest) -> Any:
    return request.organisation.tokens.filter(revoked_at=None, expires__gt=timezone.now())


def _details(row: ApiToken) -> dict[str, Any]:
    return {"expires": row.expires and row.expires.date().isoformat(), "scope": row.scope, "token": str(row.pk)}
