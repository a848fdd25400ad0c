"""Terms and kinds in words, and the blocks of the desk on other features' pages: `{% load desk %}`."""

from typing import Any

from django import template

from tanba.people.terms import Term
from tanba.web.language import say
from tanba.web.requests.forms import kind_label
from tanba.web.requests.listing import late_of, of_system

register = template.Library()
register.filter("kind_label", kind_label)


@register.filter
def term(given: Term) -> str:
    """A term in words, with what it rests on."""
    return say(f"requests.term_{given.basis}", amount=amount(given.within, given.unit))


@register.filter
def working_days(count: int) -> str:
    """So many working days."""
    return amount(count, "working_days")


def amount(within: int, unit: str) -> str:
    """A length of time in words."""
    return say(f"words.unit.{unit}", count=within)


@register.inclusion_tag("userrequests/_on_face.html")
def request_block(system: Any) -> dict[str, Any]:
    """On the public page of a system: where to ask."""
    return {"system": system}


@register.inclusion_tag("userrequests/_on_system.html", takes_context=True)
def requests_of_system(context: Any, system: Any) -> dict[str, Any]:
    """On a system's page: what people asked."""
    return {"request": context["request"], "system": system, **of_system(system)}


@register.inclusion_tag("userrequests/_on_portfolio.html", takes_context=True)
def late_requests(context: Any) -> dict[str, Any]:
    """On the portfolio: how many requests are late, where any is."""
    organisation = context["request"].organisation
    return {"org": organisation.pk, "late": late_of(organisation)}
