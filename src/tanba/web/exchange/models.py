"""An import on its way: read, shown, applied, assessed; and what it takes to undo it."""

import json
import zlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7

PATIENCE = timedelta(minutes=3)
"""For which a process that works at an import keeps others away; one that died is followed after so long."""


AT_WORK = ("waiting", "applying", "assessing", "undoing")


class Import(models.Model):
    """A table somebody gave, and its plan (see `plan`). Ids of created systems enter the plan when it is applied."""

    class State(models.TextChoices):
        """`waiting` to be read → `read`, or `refused` as a file → `applying` → `assessing` → `done` → `undoing` → `undone`."""

        WAITING = "waiting"
        READ = "read"
        APPLYING = "applying"
        ASSESSING = "assessing"
        DONE = "done"
        UNDOING = "undoing"
        UNDONE = "undone"
        REFUSED = "refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now, editable=False)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="kk")
    content = models.BinaryField(null=True)
    confirmed = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    packed_plan = models.BinaryField(null=True)
    counts = models.JSONField(default=dict)
    trouble = models.JSONField(default=dict)
    assessed = models.PositiveIntegerField(default=0)
    busy_until = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state"], name="imports_at_work", condition=models.Q(state__in=AT_WORK)),
        ]

    def __str__(self) -> str:
        """The file."""
        return self.name

    @property
    def plan(self) -> dict[str, Any]:
        """What it does, row by row."""
        return json.loads(zlib.decompress(self.packed_plan)) if self.packed_plan else {"problems": [], "rows": []}

    @plan.setter
    def plan(self, plan: dict[str, Any]) -> None:
        self.packed_plan = zlib.compress(json.dumps(plan, ensure_ascii=False, separators=(",", ":")).encode(), 3)

    @property
    def at_work(self) -> bool:
        """Whether somebody works at it, or will soon."""
        return self.state in AT_WORK

    @property
    def total(self) -> int:
        """How many systems it touches; when it is undone, how many get back what they had."""
        return int(self.counts.get("changed", 0)) + (0 if self.undone_at else int(self.counts.get("created", 0)))

    def claim(self) -> bool:
        """Whether this process works at it now: it moved the date on, and nobody else."""
        now = timezone.now()
        return bool(Import.objects.filter(pk=self.pk, busy_until__lte=now).update(busy_until=now + PATIENCE))

    def hold(self) -> None:
        """Go on working at it."""
        Import.objects.filter(pk=self.pk).update(busy_until=timezone.now() + PATIENCE)

    def release(self) -> None:
        """Let others go on."""
        Import.objects.filter(pk=self.pk).update(busy_until=timezone.now())
