"""The list as CSV and JSON (`tanba.requests/1`): what happened and when, no words of people. Cells cannot be read as formulas."""

import itertools
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponseBase, JsonResponse, StreamingHttpResponse
from django.utils import timezone, translation

from tanba.sheets import write_csv
from tanba.web.accounts.access import MemberRequest, member
from tanba.web.language import current, say
from tanba.web.requests.listing import Filters
from tanba.web.requests.models import Request

COLUMNS = (
    *("number", "system", "kind", "category", "state", "resolution", "ground", "channel"),
    *("received", "due", "closed", "term", "basis", "source", "late", "assignee"),
)
MOST = 50_000


@member()
def export(request: MemberRequest) -> HttpResponseBase:
    """With the filters of the list; `format=json` or CSV in the language of the page."""
    filters = Filters.read(request.GET)
    rows = filters.apply(Request.objects.filter(organisation=request.organisation), request).select_related("system", "assignee")[:MOST]
    name = f"requests-{timezone.localdate().isoformat()}"
    if request.GET.get("format") == "json":
        answer = JsonResponse({"requests": [record_of(row) for row in rows], "schema": "tanba.requests/1"})
        answer["Content-Disposition"] = f'attachment; filename="{name}.json"'
        return answer
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(_csv(rows, current()), content_type="text/csv; charset=utf-8", headers=headers)


def record_of(row: Request) -> dict[str, Any]:
    """One request as JSON: words of ours, moments with their zone."""
    return {
        "number": row.number,
        "system": row.system.slug,
        "kind": row.kind,
        "category": row.category or None,
        "state": row.state,
        "resolution": row.outcome or None if not row.is_open else None,
        "ground": row.reason or None if not row.is_open else None,
        "channel": row.channel,
        "received": _moment(row.received),
        "due": _moment(row.due),
        "closed": _moment(row.closed),
        "term": {"within": row.term_within, "unit": row.term_unit},
        "basis": row.term_basis,
        "source": row.term_source or None,
        "late": row.late,
        "assignee": str(row.assignee) if row.assignee else None,
    }


def _moment(moment: Any) -> str | None:
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def _csv(rows: Any, language: str) -> Iterator[str]:
    with translation.override(language):  # the middleware's override has ended by the time this runs
        heading = [say(f"requests.column_{name}") for name in COLUMNS]
        yield from write_csv(itertools.chain([heading], map(_cells, rows)))


def _cells(row: Request) -> list[str]:
    record = record_of(row)
    words = {
        "system": str(row.system),
        "kind": say(f"answers.about_{row.kind}"),
        "category": say(f"requests.category_{row.category}") if row.category else "",
        "state": say(f"requests.state_{row.state}"),
        "resolution": say(f"requests.outcome_{record['resolution']}") if record["resolution"] else "",
        "ground": say(f"requests.reason_{record['ground']}") if record["ground"] else "",
        "channel": say(f"requests.channel_{row.channel}"),
        "term": say(f"words.unit.{row.term_unit}", count=row.term_within),
        "basis": say(f"requests.basis_{row.term_basis}"),
        "late": say("web.yes" if row.late else "web.no"),
    }
    return [words.get(name, record[name] or "") for name in COLUMNS]
