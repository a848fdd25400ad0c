"""The people of an organisation: who they are, what they may do, invitations."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.forms import InviteForm
from tanba.web.accounts.links import invitation_path
from tanba.web.accounts.models import Invitation, Membership, Role
from tanba.web.language import say


@member()
def people(request: MemberRequest) -> HttpResponseBase:
    """Everybody sees who is there; administrators see invitations and can change roles."""
    return _page(request, InviteForm())


@member(Role.ADMINISTRATOR)
def invite(request: MemberRequest) -> HttpResponseBase:
    """Make an invitation; its link is shown on the page, to be sent by any means."""
    form = InviteForm(request.POST or None)
    if request.method != "POST":
        return redirect("accounts:people", request.organisation.pk)
    if form.is_valid() and request.organisation.memberships.filter(user__email=form.cleaned_data["email"]).exists():
        form.add_error("email", say("accounts.is_member_already"))
    if not form.is_valid():
        return _page(request, form)
    _open_invitations(request).filter(email=form.cleaned_data["email"]).delete()
    Invitation.objects.create(organisation=request.organisation, made_by=request.user, **form.cleaned_data)
    messages.success(request, say("accounts.invited", email=form.cleaned_data["email"]))
    return redirect("accounts:people", request.organisation.pk)


@require_POST
@member(Role.ADMINISTRATOR)
def withdraw(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Take an invitation back."""
    get_object_or_404(_open_invitations(request), pk=pk).delete()
    messages.success(request, say("accounts.invitation_withdrawn"))
    return redirect("accounts:people", request.organisation.pk)


@require_POST
@member(Role.ADMINISTRATOR)
def change(request: MemberRequest, pk: UUID) -> HttpResponseBase:
    """Give a member another role, or end the membership. One administrator always stays."""
    membership = get_object_or_404(request.organisation.memberships.select_related("user"), pk=pk)
    role = request.POST.get("role", "")
    ends = "remove" in request.POST
    if (ends or role != Role.ADMINISTRATOR) and _last_administrator(membership):
        messages.error(request, say("accounts.last_administrator"))
    elif ends:
        membership.delete()
        messages.success(request, say("accounts.removed", name=str(membership.user)))
    elif role in Role.values:
        membership.role, membership.scoped = role, membership.scoped and role == Role.AUDITOR
        membership.save(update_fields=["role", "scoped"])
        messages.success(request, say("accounts.role_changed", name=str(membership.user), role=say(f"accounts.role_{role}")))
    if membership.user == request.user and role != Role.ADMINISTRATOR:
        return redirect("home")
    return redirect("accounts:people", request.organisation.pk)


def _last_administrator(membership: Membership) -> bool:
    others = Membership.objects.filter(organisation=membership.organisation, role=Role.ADMINISTRATOR).exclude(pk=membership.pk)
    return membership.role == Role.ADMINISTRATOR and not others.exists()


def _open_invitations(request: MemberRequest) -> QuerySet[Invitation]:
    return request.organisation.invitations.filter(accepted_at=None, expires__gt=timezone.now())


def _page(request: MemberRequest, form: InviteForm) -> HttpResponseBase:
    administrates = request.membership.role == Role.ADMINISTRATOR
    invitations = _open_invitations(request) if administrates else Invitation.objects.none()
    context = {
        "form": form,
        "administrates": administrates,
        "memberships": request.organisation.memberships.select_related("user").order_by("user__name"),
        "invitations": [(invitation, request.build_absolute_uri(invitation_path(invitation))) for invitation in invitations],
        "roles": [(role, say(f"accounts.role_{role}")) for role in Role.values],
    }
    return render(request, "accounts/people.html", context)
