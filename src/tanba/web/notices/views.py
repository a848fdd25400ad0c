"""The policy's page: every member reads it, managers change it, all variants are shown before it is saved. Notices of one system."""

from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from tanba.errors import EvidenceError, InputError, TanbaError
from tanba.files import alone
from tanba.people import noticefile
from tanba.people.notice import CHANNELS, Policy
from tanba.people.receipt import read, token_in, verify
from tanba.strings import LANGUAGES, t
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import Organisation
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.outbox import record
from tanba.web.language import NATIVE, say, told
from tanba.web.marks.sources import in_force
from tanba.web.notices import desk
from tanba.web.notices.forms import PolicyForm
from tanba.web.systems.access import system_of
from tanba.web.systems.head import head
from tanba.web.systems.models import System
from tanba.workspace import current

SOURCES = ("230-VIII/21/1", "230-VIII/7/1", "practice/user-notice")


@member()
def policy(request: MemberRequest) -> HttpResponse:
    """Show it; with `look`, show what a change would read like; else save the change."""
    stands, trouble = _stands()
    if request.method != "POST":
        return _page(request, PolicyForm(policy=stands), stands, trouble=trouble)
    if not request.membership.manages:
        raise PermissionDenied
    form = PolicyForm(request.POST, policy=stands)
    if not form.is_valid():
        return _page(request, form, stands, status=422)
    if "look" in request.POST:
        return _page(request, form, form.cleaned_data["policy"])
    return _saved(request, form, stands)


@member(changes=False)
def system(request: MemberRequest, slug: str) -> HttpResponseBase:
    """What users of this system are shown, how it is built in, and how often it was shown."""
    found = system_of(request, slug)
    stands, trouble = _stands()
    page = desk.page_of(request, found)
    context = {
        "texts": _rows(desk.texts(stands, found, page)),
        "policy": stands,
        "trouble": trouble,
        "counts": desk.shown().counts(str(found.pk)),
    }
    context["checked"] = _checked(request.POST.get("receipt", ""), found) if request.method == "POST" else None
    context |= {"register": request.build_absolute_uri("/").rstrip("/"), "page": page, "languages_of": NATIVE}
    return render(request, "notices/system.html", {**context, **head(request, found, "users")})


def _checked(written: str, system: System) -> dict[str, Any]:
    """What is to be said of a receipt: whether it counts for this system, what it says, and the artifact that seals it."""
    claims, wrong = None, None
    try:
        claims = read(token_in(written), [desk.public_key()])
        verify(claims, datetime.now(UTC), system=str(system.pk))
    except (EvidenceError, InputError) as error:
        wrong = told(error)
    proof = desk.shown().proof(claims.id) if claims else None
    sealed = Artifact.objects.filter(organisation=system.organisation, name=f"notices-{proof[2].id}.json").first() if proof else None
    return {"claims": claims, "sealed": sealed, "wrong": wrong, "written": written}


def _stands() -> tuple[Policy, Any]:
    """The policy that stands, ours where its file cannot be read, and the trouble."""
    try:
        return desk.policy(), None
    except TanbaError as error:
        return Policy(), told(error)


def _rows(texts: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    return [{"channel": channel, "texts": [(each, NATIVE[each], texts[channel][each]) for each in LANGUAGES]} for channel in CHANNELS]


def _sample(policy: Policy, organisation: Organisation) -> list[dict[str, Any]]:
    """Every text, for a system that stands for all."""
    names = {each: organisation.name.get(each) or str(organisation) for each in LANGUAGES}
    about = {each: {"organisation": names[each], "page": "https://…/ai/…/", "system": t("notices.some_system", each)} for each in LANGUAGES}
    return _rows({channel: {each: policy.text(channel, each, about[each]) for each in LANGUAGES} for channel in CHANNELS})


def _page(request: MemberRequest, form: PolicyForm, looks: Policy, status: int = 200, trouble: Any = None) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "stands": form.policy, "trouble": trouble, "samples": _sample(looks, request.organisation)}
    context |= {"manages": request.membership.manages, "file": noticefile.written(form.policy), "look": "look" in request.POST}
    context |= {"several": Organisation.objects.count() > 1, "versions": desk.shown().versions(), "sources": in_force(*SOURCES)}
    if request.htmx and status == 422:
        status = 200  # else htmx swaps nothing
    return render(request, "notices/policy.html", context, status=status)


def _saved(request: MemberRequest, form: PolicyForm, stands: Policy) -> HttpResponse:
    """The file and the sealed act, both or neither. The lock keeps two people from saving over each other."""
    new: Policy = form.cleaned_data["policy"]
    workspace = current()
    try:
        with alone(workspace.create().root / ".notices.lock"), transaction.atomic():
            if _stands()[0] != stands:
                form.add_error(None, say("marking_pages.changed_meanwhile"))
                return _page(request, form, stands, status=422)
            details = {"before": stands.version, "policy": noticefile.written(new), "version": new.version}
            record(request.organisation, "notice-policy", details, request.user)
            noticefile.save_policy(workspace, new)
            desk.policy()
    except TanbaError as error:
        form.add_error(None, told(error)[0])
        return _page(request, form, stands, status=422)
    messages.success(request, say("notices.saved", version=new.version))
    return redirect("notices:policy", request.organisation.pk)
