"""Documents that were made: the file, and the statement of what it was made from, which was sealed before it."""

import json
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7
from tanba.web.evidence.models import Artifact


class Made(models.Model):
    """One document. Its id is random and printed on it: whoever has it may open the page that checks, nobody finds it by trying."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    statement = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="+")
    file = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="made")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    @property
    def stated(self) -> dict[str, Any]:
        """tanba.document/1."""
        return dict(json.loads(self.statement.made_here or b"{}"))


class Signature(models.Model):
    """A signature that somebody brought back to a document: a PDF that begins with it, or a CMS over it. It is judged when it is shown."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    made = models.ForeignKey(Made, on_delete=models.PROTECT, related_name="signatures")
    artifact = models.OneToOneField(Artifact, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Oldest first."""

        ordering = ["id"]


class DocumentSet(models.Model):
    """Every document of a system, or of the organisation, in several languages and forms. `languages` are editions such as "kk+ru".

    `done` of `total` documents are made; `gaps` counts each document once. `problem` {kk, ru, en} is what stopped it, if anything did.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="+")
    system = models.ForeignKey("systems.System", null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    languages = models.JSONField()
    forms = models.JSONField()
    base = models.CharField(max_length=300, blank=True)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    gaps = models.PositiveIntegerField(default=0)
    files = models.ManyToManyField(Artifact, related_name="+")
    package = models.ForeignKey(Artifact, null=True, on_delete=models.PROTECT, related_name="+")
    problem = models.JSONField(default=dict)
    stopped = models.BooleanField(default=False)
    lease = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first; the thread looks for what is neither packed nor stopped."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["lease"], name="sets_waiting", condition=models.Q(package=None, stopped=False))]
