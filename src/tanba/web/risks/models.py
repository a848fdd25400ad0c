"""Risks of systems with every version, reviews, states of controls, texts of principles, reminders that were sent.

What a risk is stands in `people.risks`; a row holds its content (`people.riskfile`). Versions, reviews, states and texts are append-only.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tanba.ids import uuid7
from tanba.people.riskfile import read_risk
from tanba.people.risks import Risk as Value
from tanba.web.language import pick
from tanba.web.systems.models import System


class Act(models.TextChoices):
    """What happened to a risk. Labels stand in the catalogue under `riskpages.act_`."""

    ADDED = "added"
    CHANGED = "changed"
    ACCEPTED = "accepted"
    REMOVED = "removed"


class Risk(models.Model):
    """One risk of a system as it stands; `name` is its id in the register."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="risks")
    name = models.SlugField(max_length=80)
    content = models.JSONField()
    removed = models.BooleanField(default=False)

    class Meta:
        """In the order in which they were added."""

        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["system", "name"], condition=Q(removed=False), name="one_risk")]

    def __str__(self) -> str:
        """The title in the current language."""
        return pick(self.content.get("title"))

    def value(self) -> Value:
        """As the rules take it."""
        return read_risk(self.content)


class Version(models.Model):
    """What a risk was after an act, with the reason where one was given."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    risk = models.ForeignKey(Risk, on_delete=models.CASCADE, related_name="versions")
    act = models.CharField(max_length=8, choices=Act.choices)
    content = models.JSONField()
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Newest first."""

        ordering = ["-id"]


class Review(models.Model):
    """Somebody went through all risks of a system on a day; the register as it was is sealed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="risk_reviews")
    on = models.DateField()
    changed = models.BooleanField()
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    artifact = models.ForeignKey("evidence.Artifact", on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Newest first."""

        ordering = ["-on", "-id"]


class Dated(models.Model):
    """A row that stands until a newer one of the same name is written."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Oldest first, so that the newest wins in a dictionary."""

        abstract = True
        ordering = ["id"]


class ControlState(Dated):
    """What a system does about one control of the catalogue. `where` says where the evidence is."""

    class State(models.TextChoices):
        """Labels stand in the catalogue under `riskpages.control_`."""

        PLANNED = "planned"
        IN_PLACE = "in_place"
        NOT_APPLICABLE = "not_applicable"

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="control_states")
    control = models.CharField(max_length=80)
    state = models.CharField(max_length=14, choices=State.choices)
    reason = models.TextField(blank=True)
    where = models.CharField(max_length=300, blank=True)


class PrincipleText(Dated):
    """What a system does for one principle."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="principle_texts")
    principle = models.CharField(max_length=20)
    text = models.JSONField(default=dict)


class Reminder(models.Model):
    """A letter that the refresh of a system is due; once for each person and date."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="risk_reminders")
    due = models.DateField()
    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    tries = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        """Once."""

        constraints = [models.UniqueConstraint(fields=["system", "due", "to"], name="reminded_once")]


def newest(rows: Any, name: str) -> dict[str, Any]:
    """{name: newest row} of append-only rows."""
    return {getattr(row, name): row for row in rows.select_related("by").order_by("id")}
