"""Obligations of a system: what the newest assessment asks, and what people arranged about it."""

from django.conf import settings
from django.db import models

from tanba.ids import uuid7


class Obligation(models.Model):
    """One provision for one system. Provision, layer, kind and answer follow the assessment; the rest belongs to people.

    `status` is derived, never typed in (design decision 15): `open` until evidence is sealed. `due_proposed` marks a date that
    tanba proposed from the provision's period; it is no statutory date.
    """

    class Status(models.TextChoices):
        """Nothing sealed; evidence sealed; a reviewer's sealed acceptance."""

        OPEN = "open"
        EVIDENCED = "evidenced"
        MET = "met"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey("systems.System", on_delete=models.CASCADE, related_name="obligations")
    path = models.CharField(max_length=80)
    provision = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    layer = models.CharField(max_length=20)
    answer = models.CharField(max_length=20)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    due = models.DateField(null=True, blank=True)
    due_proposed = models.BooleanField(default=False)
    remind_on = models.DateField(null=True, blank=True)
    remark = models.TextField(blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        """One row per system and provision path."""

        constraints = [models.UniqueConstraint(fields=["system", "path"], name="obligation_once")]
        indexes = [
            models.Index(fields=["path", "active"]),
            models.Index(fields=["assignee", "active"]),
            models.Index(fields=["active", "due"]),
        ]

    def __str__(self) -> str:
        """The provision."""
        return self.provision
