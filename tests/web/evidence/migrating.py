"""Run as a program in a new workspace: makes a register as it was before artifacts, brings it up to date, prints what became of it."""

import json
import os
import zlib
from datetime import UTC, date, datetime, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tanba.web.settings"

import django

django.setup()

from django.apps import apps as registry  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402

from tanba.digest import canonical_json, sha256  # noqa: E402
from tanba.law.assess import assess  # noqa: E402
from tanba.law.load import load  # noqa: E402
from tanba.law.rulebook import on  # noqa: E402
from tanba.web import start  # noqa: E402
from tanba.workspace import current  # noqa: E402

APPS = ("accounts", "systems", "assessments", "obligations", "lawtracker")
COUNT = 40


def old() -> dict[str, str]:
    """{assessment: digest} of a register of the first schema."""
    current().create()
    executor = MigrationExecutor(connection)
    first = [(app, "0001_initial") for app in APPS]
    ours = {config.label for config in registry.get_app_configs() if config.name.startswith("tanba.")}  # others were not there yet
    leaves = [leaf for leaf in executor.loader.graph.leaf_nodes() if leaf[0] not in ours]
    executor.migrate([*leaves, *first])
    apps = executor.loader.project_state(first).apps
    organisation = apps.get_model("accounts", "Organisation").objects.create(name={"en": "A"}, bin="190140999998")
    user = apps.get_model("accounts", "User").objects.create(email="bob@tanba.example", name="Bob")
    nameless = apps.get_model("accounts", "User").objects.create(email="nameless@tanba.example", name="")
    system = apps.get_model("systems", "System").objects.create(organisation=organisation, slug="scorer", name={"en": "Scorer"}, owner=user)
    kept = {}
    for number in range(COUNT):
        day = date(2026, 2, 1) + timedelta(days=number)
        written = canonical_json(assess(on(load("kz"), day), {"uses_model": bool(number % 2)}, system="scorer", adopted=set(), similar=[]))
        row = apps.get_model("assessments", "Assessment").objects.create(
            system=system,
            day=day,
            at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            by=(user, nameless, None)[number % 3],
            packed=zlib.compress(written, 6),
            digest=sha256(written),
            headline={"gate": number},
        )
        kept[str(row.pk)] = row.digest
    return kept


def new(before: dict[str, str]) -> dict[str, object]:
    """The same register under today's schema."""
    start.prepare()
    from tanba.seal import Trust, measure, verify
    from tanba.web.assessments.models import Assessment
    from tanba.web.evidence import ledger, outbox
    from tanba.web.evidence.models import Artifact

    rows = list(Assessment.objects.select_related("artifact", "by").order_by("at"))
    found: dict[str, object] = {
        "same": {str(row.pk): sha256(row.written) for row in rows} == {str(row.pk): row.artifact.digest for row in rows} == before,
        "read": all(row.report["schema"] == "tanba.assessment/1" and row.headline["gate"] == n for n, row in enumerate(rows)),
        "waiting": sorted({row.artifact.state for row in rows}),
        "when": all(row.artifact.at == row.at and row.artifact.by == row.by for row in rows),
        "authors": sorted({(row.artifact.author or {}).get("name", "-") for row in rows}),
    }
    found["sealed"] = outbox.drain()
    trust = Trust(ledger.trust().policy)
    artifacts = list(Artifact.objects.order_by("at"))
    words = {verify(outbox.receipt_of(row), trust, measure(outbox.content_of(row) or b"")).words for row in artifacts}
    found |= {"order": [row.position for row in artifacts] == [*range(COUNT)], "words": sorted(map(list, words))}
    start.prepare()  # once more does nothing
    ledger.close()
    return found


if __name__ == "__main__":
    print(json.dumps(new(old())))
