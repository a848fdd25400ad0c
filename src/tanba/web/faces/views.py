"""The tab "users" of a system: whether outsiders see it, and where they turn."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from tanba.web.accounts.access import MemberRequest, member
from tanba.web.evidence.outbox import record
from tanba.web.faces.models import Face, face_of
from tanba.web.forms import Texts
from tanba.web.language import say, say_later
from tanba.web.systems.access import may_edit, system_of
from tanba.web.systems.head import head
from tanba.web.systems.models import System


class FaceForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """Where people turn, and, for managers, whether the page is public."""

    contact = Texts(label=say_later("faces.contact"), help_text=say_later("faces.contact_help"), max_length=400, long=True, required=False)
    published = forms.BooleanField(label=say_later("faces.publish"), help_text=say_later("faces.publish_help"), required=False)

    class Meta:
        """Of the face."""

        model = Face
        fields = ("contact", "published")

    def clean(self) -> dict[str, Any]:
        """People must be able to turn to somebody before the page is public."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("published") and not values.get("contact"):
            self.add_error("contact", say("faces.contact_missing"))
        return values


@member()
def all_faces(request: MemberRequest) -> HttpResponseBase:
    """Every system, and whether its page is public."""
    systems = System.objects.filter(organisation=request.organisation).exclude(state="rejected").select_related("face").order_by("slug")
    return render(request, "faces/all.html", {"systems": systems})


@member()
def users(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What users of this system see and are owed."""
    system = system_of(request, slug)
    if request.method == "POST" and not may_edit(request, system):
        raise PermissionDenied
    face = face_of(system)
    form = FaceForm(request.POST or None, instance=face)
    if not request.membership.manages:
        del form.fields["published"]
    if form.is_valid():
        with transaction.atomic():
            face = form.save()
            record(request.organisation, "public-page", {"contact": face.contact, "published": face.published}, request.user, system)
        messages.success(request, say("web.saved"))
        return redirect("faces:users", request.organisation.pk, slug)
    address = request.build_absolute_uri(reverse("faces:page", args=[system.pk]))
    context = {"form": form, "face": face, "address": address, **head(request, system_of(request, slug), "users")}
    return render(request, "faces/users.html", context)
