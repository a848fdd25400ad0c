"""Engagements, seats, what was opened, checks, findings with their versions, and steps. Append-only but for the end of things.

What a finding is and who moves it stands in `state.audit`; rows hold content as that reads it. Each row that says something has the
artifact that seals it.
"""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7
from tanba.web.accounts.models import Organisation
from tanba.web.systems.models import System


class Row(models.Model):
    """Whose it is, when it was made, and what seals it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Oldest first."""

        abstract = True
        ordering: ClassVar[list[str]] = ["id"]


class Engagement(Row):
    """An auditor was let in: for these systems, from one day to another, both included. `further`: [{id, text}], checks they bring."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="engagements")
    number = models.PositiveIntegerField()
    systems: Any = models.ManyToManyField(System, related_name="engagements")
    auditor = models.CharField(max_length=200)
    bin = models.CharField(max_length=12, blank=True)
    people = models.JSONField(default=list)
    starts = models.DateField()
    ends = models.DateField()
    contract = models.CharField(max_length=200, blank=True)
    independence = models.TextField(blank=True)
    further = models.JSONField(default=list)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """Newest first; numbered by organisation."""

        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="one_engagement")]

    def __str__(self) -> str:
        """Number and auditor."""
        return f"№ {self.number}, {self.auditor}"

    @property
    def state(self) -> str:
        """`before`, `running`, `ended` or `closed`."""
        today = timezone.localdate()
        if self.closed_at:
            return "closed"
        return "before" if today < self.starts else "ended" if today > self.ends else "running"


class Seat(Row):
    """A person who audits, by address: the membership they get by invitation opens what the engagement has in scope."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="seats")
    email = models.EmailField()
    invitation = models.ForeignKey("accounts.Invitation", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """One for each address."""

        ordering = ["email"]
        constraints = [models.UniqueConstraint(fields=["engagement", "email"], name="one_seat")]


class Opening(models.Model):
    """An auditor opened a page of a system, or took something away (`taken`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="openings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    system = models.ForeignKey(System, null=True, on_delete=models.CASCADE, related_name="+")
    artifact = models.ForeignKey("evidence.Artifact", null=True, on_delete=models.SET_NULL, related_name="+")
    page = models.CharField(max_length=80)
    address = models.CharField(max_length=300)
    taken = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first."""

        ordering = ["-id"]


class Check(Row):
    """The auditor's verdict on one item of the checklist; the newest of an item counts."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="checks")
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="audit_checks")
    item = models.CharField(max_length=300)
    content = models.JSONField()
    artifact = models.ForeignKey("evidence.Artifact", on_delete=models.PROTECT, related_name="+")


class Finding(Row):
    """Something the auditor found in a system. What it says stands in its versions."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="findings")
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="audit_findings")
    number = models.PositiveIntegerField()

    class Meta:
        """Numbered within the engagement."""

        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="one_finding")]


class Step(Row):
    """What was done to a finding: `made` and `change` carry its content, the others a text and evidence (`state.audit.ACTS`)."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField(max_length=8)
    content = models.JSONField()
    artifact = models.ForeignKey("evidence.Artifact", on_delete=models.PROTECT, related_name="+")
