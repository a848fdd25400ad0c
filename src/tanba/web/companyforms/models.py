"""Forms of an organisation: each upload is a version of a name, sealed, and kept encrypted."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7
from tanba.web.evidence.models import Artifact


class CompanyForm(models.Model):
    """One version. `unused`: fields that the built-in document must have and the form does not show."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="forms")
    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    artifact = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="+")
    used = models.PositiveIntegerField()
    unused: Any = models.JSONField(default=list)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "name", "version"], name="one_form_version")]

    def __str__(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}"


def current(rows: Iterable[CompanyForm]) -> list[CompanyForm]:
    """The newest version of each name that was not withdrawn, by name."""
    newest: dict[str, CompanyForm] = {}
    for row in sorted(rows, key=lambda each: each.version):
        if row.withdrawn_at is None:
            newest[row.name] = row
    return [newest[name] for name in sorted(newest)]
