"""`{% notice_block face %}`: the notice on the public page of a system. `{% notice_links %}`: the way to it from a system's tab."""

from typing import Any

from django import template

from tanba.errors import TanbaError
from tanba.people.notice import Policy
from tanba.web.faces.models import Face
from tanba.web.language import current
from tanba.web.notices import desk

register = template.Library()


@register.inclusion_tag("notices/_block.html", takes_context=True)
def notice_block(context: dict[str, Any], face: Face) -> dict[str, Any]:
    """The text in the language of the page, and its version."""
    try:
        policy = desk.policy()
    except TanbaError:
        policy = Policy()
    about = desk.about(face.system, current(), desk.page_of(context["request"], face.system))
    return {"text": policy.text("text", current(), about), "version": policy.version}


@register.inclusion_tag("notices/_links.html", takes_context=True)
def notice_links(context: dict[str, Any]) -> dict[str, Any]:
    """Of the system whose tab is open."""
    return {"org": context["request"].organisation.pk, "slug": context["system"].slug}
