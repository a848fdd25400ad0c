"""Guidelines for those who make, publish and deliver: what the law asks and what the channel standard says, to be printed."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tanba.errors import TanbaError
from tanba.law.load import load
from tanba.marking.standard import Standard
from tanba.marking.standardfile import load_standard
from tanba.marking.text.disclosure import line
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import current as current_language
from tanba.web.language import say, told
from tanba.web.marks.sources import in_force
from tanba.web.templatetags import day
from tanba.workspace import current

AUDIENCES = ("product", "marketing", "vendors")
CHANNELS = ("picture", "social", "print", "text", "chat", "voice", "video", "api")
STEPS = range(1, 6)
MARK, TELL = "230-VIII/21/2", "230-VIII/21/1"


@member()
def guidelines(request: MemberRequest, audience: str) -> HttpResponse:
    """The page of one audience, from the standard that stands."""
    if audience not in AUDIENCES:
        raise Http404
    try:
        standard = load_standard(current())
    except TanbaError as error:
        return render(request, "marks/guidelines.html", {"audience": audience, "trouble": told(error), "audiences": AUDIENCES}, status=422)
    address = request.build_absolute_uri("/verify/")
    context = {
        "audience": audience,
        "audiences": AUDIENCES,
        "standard": standard,
        "as_of": say("guidelines.as_of", day=day(timezone.now()), version=standard.version),
        "sources": in_force(MARK, TELL, "230-VIII/21/3"),
        "unread": load("kz").acts["order-202"],
        "words": {source: standard.words(source) for source in ("created", "altered")},
        "line": line(standard.languages),
        "size": _size(standard),
        "steps": [say(f"guidelines.step_{audience}_{number}", address=address) for number in STEPS],
        "channels": [_channel(name, standard) for name in CHANNELS],
    }
    return render(request, "marks/guidelines.html", context)


def _channel(name: str, standard: Standard) -> dict[str, Any]:
    """What has to be there, and the provisions it rests on; how it is done is the house's own."""
    place = say(f"marking_pages.place_{standard.place}")
    text = say(f"guidelines.do_{name}", place=place, size=_size(standard), words=" · ".join(standard.words("created")))
    return {"name": say(f"guidelines.channel_{name}"), "do": text, "basis": (TELL, MARK) if name == "chat" else (MARK,)}


def _size(standard: Standard) -> str:
    """Percent of the short side, as the page's language writes numbers."""
    text = f"{standard.size * 100:g}"
    return text if current_language() == "en" else text.replace(".", ",")  # Django has no formats for Kazakh
