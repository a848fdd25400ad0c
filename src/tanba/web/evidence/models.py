"""Artifacts on their way into the ledger and after it, evidence for obligations, and reviewers' acceptances.

An `Artifact` row is the outbox (design decision 9): written in the transaction of the act it records, taken into the ledger once, under its
own id, by `outbox.drain`. Erasing one drops key, salts, digest and names; the entry stands.
"""

import zlib
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tanba.ids import uuid7


class Artifact(models.Model):
    """Something made in the register. `event` is its entry without the time, `entry` and `position` what the ledger made of it."""

    class State(models.TextChoices):
        """`waiting` may still be replaced by a newer version of the same act; `taken` is on its way; `sealed` has its position."""

        WAITING = "waiting"
        TAKEN = "taken"
        SEALED = "sealed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="artifacts")
    system = models.ForeignKey("systems.System", null=True, on_delete=models.PROTECT, related_name="artifacts")
    kind = models.CharField(max_length=40)
    schema = models.CharField(max_length=80)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64, blank=True)
    salt = models.CharField(max_length=64, blank=True)
    author = models.JSONField(null=True)
    author_salt = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    packed = models.BinaryField(null=True)
    payload = models.CharField(max_length=64, blank=True)
    key = models.BinaryField(null=True)
    event = models.BinaryField()
    due = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    position = models.BigIntegerField(null=True)
    entry = models.BinaryField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        indexes = [
            models.Index(fields=["due"], name="artifacts_not_sealed", condition=~Q(state="sealed")),
            models.Index(fields=["organisation", "-id"]),
            models.Index(fields=["system", "-id"]),
        ]

    def __str__(self) -> str:
        """Kind and name."""
        return f"{self.kind} {self.name}"

    @property
    def is_sealed(self) -> bool:
        """Whether the ledger has it."""
        return self.state == self.State.SEALED

    @property
    def made_here(self) -> bytes | None:
        """Content that the register itself wrote; None for uploads."""
        packed = self.packed
        if packed is None and not self.payload:
            packed = Packed.objects.filter(artifact=self).values_list("content", flat=True).first()
        return zlib.decompress(packed) if packed is not None else None


class Packed(models.Model):
    """Content of an artifact that was written with many others. It lies apart, since a row is written whole each time its state changes."""

    artifact = models.OneToOneField(Artifact, on_delete=models.CASCADE, primary_key=True, related_name="apart")
    content = models.BinaryField()


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence by whether it still counts."""

    def valid(self) -> "EvidenceQuerySet":
        """Sealed, not erased, not withdrawn, not expired."""
        today = timezone.localdate()
        current = Q(expires=None) | Q(expires__gte=today)
        return self.filter(current, withdrawn_at=None, artifact__state="sealed", artifact__erased_at=None, artifact__size__gt=0)

    def invalid(self) -> "EvidenceQuerySet":
        """The others."""
        return self.exclude(pk__in=self.model.objects.valid().values("pk"))


class Evidence(models.Model):
    """An uploaded artifact put forward for one obligation, until it expires or is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    obligation = models.ForeignKey("obligations.Obligation", on_delete=models.PROTECT, related_name="evidence")
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="evidence")
    description = models.CharField(max_length=300, blank=True)
    expires = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ["-id"]

    @property
    def expired(self) -> bool:
        """Whether its last day has passed."""
        return self.expires is not None and self.expires < timezone.localdate()


class AcceptanceQuerySet(models.QuerySet["Acceptance"]):
    """Acceptances by whether they still hold."""

    def standing(self) -> "AcceptanceQuerySet":
        """Of the edition that the obligation has now, and everything that was accepted is still valid."""
        gone = Evidence.objects.invalid().filter(acceptances=OuterRef("pk"))
        return self.filter(provision=models.F("obligation__provision")).exclude(Exists(gone))

    def holding(self) -> "AcceptanceQuerySet":
        """Those of them that are sealed: they make an obligation met."""
        return self.standing().filter(artifact__state="sealed")


class Acceptance(models.Model):
    """A named reviewer held the evidence against the provision's listed criteria, and every one was met. Sealed itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    obligation = models.ForeignKey("obligations.Obligation", on_delete=models.PROTECT, related_name="acceptances")
    provision = models.CharField(max_length=100)
    evidence: Any = models.ManyToManyField(Evidence, related_name="acceptances")
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    remark = models.TextField(blank=True)

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        """Newest first."""

        ordering = ["-id"]


class Lease(models.Model):
    """When a recurring task is due next. Whoever moves the date does the task, so that of many processes one does."""

    name = models.CharField(primary_key=True, max_length=30)
    due = models.DateTimeField()
