"""The register as a file, and the template of an import. Whoever reads the register may have both."""

from django.http import HttpResponse, HttpResponseBase
from django.utils import timezone

from tanba.exchange import files
from tanba.law.load import load
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.bounds import BusyError, place
from tanba.web.exchange.door import exported
from tanba.web.language import current, say


@member()
def export(request: MemberRequest) -> HttpResponseBase:
    """Every system that was not rejected; `format=xlsx`, `csv` or `json`, in the language of the page."""
    form = request.GET.get("format", "")
    form = form if form in files.FORMS else "xlsx"
    try:
        with place():
            content, _ = exported(request.organisation, form, current())
    except BusyError:
        return HttpResponse(say("documentpages.busy"), status=503, content_type="text/plain; charset=utf-8")
    return _file(content, f"systems-{timezone.localdate().isoformat()}.{form}", files.FORMS[form])


@member()
def template(request: MemberRequest) -> HttpResponseBase:
    """An empty table with drop-downs and explanations."""
    return _file(files.template(load("kz"), current()), "systems-template.xlsx", files.FORMS["xlsx"])


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    return HttpResponse(content, content_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
