"""Assessments lie in artifacts from now on; those that were kept before are moved there, and sealed as what they are: late."""

import zlib
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from tanba.ids import uuid7
from tanba.seal import Artifact, ready


def move(apps: Any, _: Any) -> None:
    kept = apps.get_model("evidence", "Artifact")
    rows = apps.get_model("assessments", "Assessment").objects.select_related("system__organisation", "by")
    for row in rows.order_by("at", "id").iterator():  # the ledger takes them in the order of their ids
        content, pk = zlib.decompress(row.packed), uuid7()
        organisation, author = row.system.organisation, {"id": str(row.by.pk), "name": row.by.name or row.by.email} if row.by else None
        made = Artifact(
            "assessment", "tanba.assessment/1", content, "assessment.json", "application/json", organisation.bin, row.system.slug, author
        )
        sealing = ready(made, pk)
        row.artifact = kept.objects.create(
            id=pk,
            organisation=organisation,
            system=row.system,
            kind=made.kind,
            schema=made.schema,
            name=made.name,
            media_type=made.media_type,
            size=len(content),
            digest=sealing.artifact.digest,
            salt=sealing.artifact.salt,
            author=author,
            author_salt=sealing.author.salt if sealing.author else "",
            by=row.by,
            at=row.at,
            packed=row.packed,
            event=sealing.event,
        )
        row.save()


class Migration(migrations.Migration):
    dependencies = [("assessments", "0001_initial"), ("evidence", "0001_initial")]
    operations = [
        migrations.AddField(
            "assessment",
            "artifact",
            models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="assessment", to="evidence.artifact"),
        ),
        migrations.RunPython(move, migrations.RunPython.noop),
        migrations.AlterField(
            "assessment",
            "artifact",
            models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name="assessment", to="evidence.artifact"),
        ),
        migrations.RemoveField("assessment", "packed"),
        migrations.RemoveField("assessment", "digest"),
    ]
