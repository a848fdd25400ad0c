"""Assessments as they were made, and overrides proposed beside them."""

import json
from typing import Any

from django.conf import settings
from django.db import models

from tanba.ids import uuid7

OVERRIDABLE = ("risk", "autonomy", "mode")


class Assessment(models.Model):
    """One report of `tanba.law.assess` for one system; its artifact holds it, and seals it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey("systems.System", on_delete=models.CASCADE, related_name="assessments")
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    artifact = models.OneToOneField("evidence.Artifact", on_delete=models.PROTECT, related_name="assessment")
    headline = models.JSONField(default=dict)

    class Meta:
        """Newest first."""

        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["system", "-at"])]

    def __str__(self) -> str:
        """The system and the day."""
        return f"{self.system_id} {self.day}"

    @property
    def written(self) -> bytes:
        """The report as canonical JSON: the bytes that are sealed."""
        return self.artifact.made_here or b""

    @property
    def report(self) -> dict[str, Any]:
        """The whole report, as it was written."""
        report: dict[str, Any] = json.loads(self.written)
        return report


class Override(models.Model):
    """An organisation's own level for one axis, with a reason. It stands beside the engine's answer and never replaces it."""

    class State(models.TextChoices):
        """A second person decides; the author may not."""

        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey("systems.System", on_delete=models.CASCADE, related_name="overrides")
    axis = models.CharField(max_length=20)
    level = models.CharField(max_length=20)
    reason = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)

    class Meta:
        """Newest first; the database itself refuses an approver who is the author."""

        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(author=models.F("approver")), name="override_second_person"),
            models.UniqueConstraint(fields=["system", "axis"], condition=models.Q(state="waiting"), name="override_one_waiting"),
        ]

    def __str__(self) -> str:
        """The axis and the level proposed."""
        return f"{self.axis} {self.level} {self.state}"
