"""`{% agreement_block face %}`: the way to the agreement in force, on a public page. `{% agreement_links %}`: from a system's tab."""

from typing import Any

from django import template
from django.utils import timezone

from tanba.web.agreements.models import in_force
from tanba.web.faces.models import Face

register = template.Library()


@register.inclusion_tag("agreements/_block.html")
def agreement_block(face: Face) -> dict[str, Any]:
    """Nothing where none is in force."""
    return {"system": face.system, "stands": in_force(face.system, timezone.localdate())}


@register.inclusion_tag("agreements/_links.html", takes_context=True)
def agreement_links(context: dict[str, Any]) -> dict[str, Any]:
    """Of the system whose tab is open."""
    return {"org": context["request"].organisation.pk, "slug": context["system"].slug}
