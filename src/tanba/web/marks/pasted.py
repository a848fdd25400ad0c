"""A text is pasted, and comes back marked: to copy, to download, with its record. Nothing of it is kept."""

from base64 import b64encode

from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.shortcuts import render

from tanba.errors import TanbaError
from tanba.marking.standardfile import load_standard
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import told
from tanba.web.marks.forms import KINDS, TextForm
from tanba.web.marks.making import Done, mark_one
from tanba.workspace import current


@member()
def text(request: MemberRequest) -> HttpResponse:
    """The form; the marked text where one was sent."""
    try:
        standard = load_standard(current())
    except TanbaError as error:
        return render(request, "marks/text.html", {"trouble": told(error)}, status=422)
    form = TextForm(request.POST if request.method == "POST" else None, request=request, standard=standard)
    if request.method != "POST":
        return render(request, "marks/text.html", {"form": form})
    if not form.is_valid():
        return render(request, "marks/text.html", {"form": form}, status=422)
    file = ContentFile(form.cleaned_data["text"].encode(), f"text.{KINDS[form.cleaned_data['kind']]}")
    done = mark_one(file, *form.ordered(request))
    return render(request, "marks/text.html", {"form": form, "done": done, **_handed(done)}, status=200 if done.number else 422)


def _handed(done: Done) -> dict[str, str]:
    """The text to show, and the same bytes as an address to download from, for browsers without scripts."""
    address = f"data:{done.media_type};charset=utf-8;base64,{b64encode(done.content).decode()}"
    return {"marked": done.content.decode(), "address": address} if done.number else {}
