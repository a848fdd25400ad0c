"""The page of the ledger: its state, who confirmed it, and a box in which anybody of the organisation checks a receipt."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tanba.digest import sha256
from tanba.errors import EvidenceError, InputError, TanbaError
from tanba.ledger import home
from tanba.ledger.checkpoint import Signed
from tanba.seal import LONGEST, Receipt
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.accounts.models import MANAGERS
from tanba.web.evidence import ledger as ledgers
from tanba.web.evidence import outbox, rounds
from tanba.web.evidence.forms import CheckForm
from tanba.web.evidence.models import Artifact
from tanba.web.evidence.verdicts import Shown, judge, troubled
from tanba.web.language import say, told
from tanba.workspace import current

NEWEST = 20


@member()
def ledger(request: MemberRequest) -> HttpResponse:
    """State, confirmations, the newest artifacts, the box."""
    return _page(request, CheckForm(), None)


def _page(request: MemberRequest, form: CheckForm, checked: Shown | None, status: int = 200) -> HttpResponse:
    rows = Artifact.objects.filter(organisation=request.organisation).select_related("system", "by").defer("packed", "event", "entry")
    context = {"rows": rows[:NEWEST], "form": form, "checked": checked, "manages": request.membership.manages, **_state(request)}
    return render(request, "evidence/ledger.html", context, status=status)


@member()
def state(request: MemberRequest) -> HttpResponse:
    """The live part of the page."""
    found = _state(request)
    if request.GET.get("seen") == found["mark"]:
        return HttpResponse(status=204)  # nothing is swapped: who reads or copies is not disturbed
    return render(request, "evidence/_state.html", found)


def _state(request: MemberRequest) -> dict[str, Any]:
    """The checkpoint and what is known about it; trouble in place of it where the ledger cannot be read."""
    try:
        log = ledgers.log()
        signed = log.head()
        anchors = [{"anchor": anchor, "lines": Signed.parse(anchor.note).cosignatures} for anchor in log.store.anchors(newest=5)]
        policy = home.policy(current())
    except TanbaError as error:
        return _marked({"trouble": told(error)})
    return _marked(
        {
            "signed": signed,
            "origin": log.origin,
            "key": log.keyring.signer.key.text,
            "anchors": anchors[::-1],
            "asked": [*policy.witnesses, *filter(None, [current().config().timestamp_authority])],
            "waiting": Artifact.objects.filter(organisation=request.organisation).exclude(state=Artifact.State.SEALED).count(),
            "trouble": told(problem) if (problem := outbox.trouble()) else None,
        }
    )


def _marked(found: dict[str, Any]) -> dict[str, Any]:
    """With a short mark of all that the live part shows."""
    seen = [str(found.get(name, "")) for name in ("signed", "anchors", "waiting", "trouble")]
    return found | {"mark": sha256("\n".join(seen).encode())[:16]}


@require_POST
@member(changes=False)
def check(request: MemberRequest) -> HttpResponse:
    """Check a receipt, and the file it is for."""
    form = CheckForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form, None, status=422)
    file = form.cleaned_data["file"]
    try:
        receipt = Receipt.parse(form.cleaned_data["receipt"].read(LONGEST + 1))
    except (EvidenceError, InputError) as error:
        return _page(request, form, troubled(error), status=422)
    return _page(request, CheckForm(), judge(receipt, file.read() if file else None))


@require_POST
@member(*MANAGERS)
def confirm(request: MemberRequest) -> HttpResponse:
    """Ask witnesses and the time-stamping authority now."""
    try:
        answers = rounds.confirm_now()
    except TanbaError as error:
        messages.error(request, told(error)[0])
        return redirect("evidence:ledger", request.organisation.pk)
    for who, problem in answers:
        if problem:
            messages.error(request, f"{who}: {told(problem)[0]}")
        else:
            messages.success(request, say("proof.confirmed_by", who=who))
    if not answers:
        messages.warning(request, say("proof.nobody_asked"))
    return redirect("evidence:ledger", request.organisation.pk)
