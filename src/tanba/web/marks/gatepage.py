"""What vendors deliver, before it is released: several files are dropped, and the gate judges each. Nothing of them is kept."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render

from tanba.errors import TanbaError
from tanba.marking.gate import judge
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.marking.verify import Checked, verify
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.bounds import BusyError, place
from tanba.web.evidence.outbox import safe_name
from tanba.web.faces.suspensions import stop_of
from tanba.web.language import say, told
from tanba.web.marks import desk
from tanba.web.systems.models import System
from tanba.workspace import current

MOST_FILES = 20
WORDS = {True: "passes", False: "refused", None: "unchecked"}


@dataclass(frozen=True, slots=True)
class Judged:
    """One file: `word` is passes, refused or unchecked; `reasons` in the language of the page; layers {name: state}."""

    name: str
    word: str
    reasons: list[str]
    layers: dict[str, str]


@member(changes=False)
def gate(request: MemberRequest) -> HttpResponse:
    """The form; a verdict for each file that was sent. Whoever reads here may check, also an auditor."""
    systems = System.objects.filter(organisation=request.organisation).exclude(state="rejected").order_by("slug")
    chosen = systems.filter(slug=request.POST.get("system", "")).first()
    context: dict[str, Any] = {"most": MOST_FILES, "systems": systems, "chosen": chosen}
    if request.method != "POST":
        return render(request, "marks/gate.html", context)
    files = request.FILES.getlist("files")
    if not 0 < len(files) <= MOST_FILES:
        context["wrong"] = say("marking_pages.files_many", count=MOST_FILES) if files else say("marking_pages.files_none")
        return render(request, "marks/gate.html", context, status=422)
    try:
        standard = load_standard(current())
    except TanbaError as error:
        return render(request, "marks/gate.html", {**context, "trouble": told(error)}, status=422)
    judged = [_judged(file, standard, chosen) for file in files]
    context |= {"judged": judged, "counts": {word: sum(each.word == word for each in judged) for word in WORDS.values()}}
    return render(request, "marks/gate.html", context)


def _judged(file: "UploadedFile[Any]", standard: Standard, system: System | None) -> Judged:
    """What cannot be looked at does not pass; why is said."""
    name = safe_name(file.name or "")
    if (file.size or 0) > desk.LARGEST:
        return Judged(name, "unchecked", [say("proof.file_large", limit=desk.LARGEST // 1_000_000)], {})
    try:
        checked = _checked(file, name, standard)
        verdict = judge(checked, stop_of(system) if system else None)
    except BusyError:
        return Judged(name, "unchecked", [say("marking_pages.refused_busy")], {})
    except TanbaError as error:
        return Judged(name, "unchecked", [". ".join(filter(None, told(error)))], {})
    why = {told(found.reason)[0] for found in checked.layers if found.reason} if verdict.passes is None else set()
    reasons = [*(say(f"gate.reason_{reason}") for reason in verdict.reasons), *sorted(why)]
    return Judged(name, WORDS[verdict.passes], reasons, {found.layer: found.state for found in checked.layers})


def _checked(file: "UploadedFile[Any]", name: str, standard: Standard) -> Checked:
    """Raises BusyError, InputError and StoreError."""
    data = file.read()
    desk.refuse_huge(data, desk.CHECK_PIXELS)
    with place():
        return verify(data, name, standard, desk.issuer_if_any(), desk.register_if_any(), deep=True)
