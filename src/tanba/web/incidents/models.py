"""Incidents with their timeline and proofs; the ladder, its alarms and messages; terms that officers entered; stops to be decided.

Timeline and proofs are append-only and sealed. An `Alarm` is a step of the ladder with its moment; when that has come it becomes a
`Message` in the same transaction, and every try to send one is an `Attempt`.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tanba.ids import uuid7
from tanba.people import escalation, incidents
from tanba.web.accounts.models import Organisation
from tanba.web.evidence.models import Artifact
from tanba.web.systems.models import System

Person = settings.AUTH_USER_MODEL


def _choices(*names: str) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


class Term(models.Model):
    """A term that an officer entered from its text: of the monitoring rules (`critical`), or of one contract (`vendor`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="incident_terms")
    kind = models.CharField(max_length=8, choices=_choices("critical", "vendor"))
    within = models.PositiveIntegerField()
    unit = models.CharField(max_length=12)
    source = models.CharField(max_length=300)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first: of two terms of the rules the newer holds."""

        ordering = ["-id"]

    def __str__(self) -> str:
        """Where it is written."""
        return self.source

    def pure(self) -> incidents.Term:
        """As the rules take it."""
        return incidents.Term(self.within, self.unit, self.source)


class Incident(models.Model):
    """What is known of it now. `token` is of the form that made it, so that it is entered once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="incidents")
    number = models.PositiveIntegerField()
    token = models.UUIDField(default=uuid7, unique=True)
    what = models.TextField(max_length=incidents.LONGEST_TEXT)
    aware = models.DateTimeField()
    systems = models.ManyToManyField(System, related_name="incidents", blank=True)
    severity = models.CharField(max_length=8, blank=True, choices=_choices(*incidents.SEVERITIES))
    high_risk = models.BooleanField(null=True)
    harm = models.BooleanField(null=True)
    personal_data = models.BooleanField(null=True)
    critical_infrastructure = models.BooleanField(null=True)
    vendor = models.BooleanField(null=True)
    persons = models.PositiveIntegerField(null=True, blank=True)
    contract = models.ForeignKey(Term, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    root_cause = models.TextField(blank=True, max_length=incidents.LONGEST_TEXT)
    measures = models.TextField(blank=True, max_length=incidents.LONGEST_TEXT)
    lessons = models.TextField(blank=True, max_length=incidents.LONGEST_TEXT)
    entered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    next_due = models.DateTimeField(null=True)

    class Meta:
        """Numbered within the organisation; the open one with the next clock first."""

        constraints = [models.UniqueConstraint(fields=["organisation", "number"], name="one_incident_number")]
        indexes = [models.Index(fields=["organisation", "closed_at", "next_due"], name="incidents_by_clock")]

    def __str__(self) -> str:
        """Its number."""
        return f"№ {self.number}"


class Event(models.Model):
    """One line of the timeline: when it happened, when it was written down. Never changed, never deleted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField()
    text = models.TextField(blank=True, max_length=incidents.LONGEST_TEXT)
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Oldest first."""

        ordering = ["at", "id"]


class Proof(models.Model):
    """That a notification left. The earliest of a clock stops it. `file` is the uploaded confirmation, where there is one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.PROTECT, related_name="proofs")
    clock = models.CharField(max_length=8, choices=_choices(*incidents.CLOCKS))
    sent_at = models.DateTimeField()
    reference = models.CharField(max_length=200, blank=True)
    artifact = models.ForeignKey(Artifact, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(Artifact, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """The earliest first; sent twice, a form enters one."""

        ordering = ["sent_at", "id"]
        constraints = [models.UniqueConstraint(fields=["incident", "clock", "sent_at", "reference"], name="one_proof")]


class Step(models.Model):
    """A step of an organisation's ladder."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="ladder")
    when = models.CharField(max_length=5, choices=_choices(*escalation.WHEN))
    value = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=8, choices=_choices(*escalation.CHANNELS))
    to = models.CharField(max_length=500, blank=True)

    class Meta:
        """In the order in which they were added; none twice."""

        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organisation", "when", "value", "channel", "to"], name="one_step")]

    def pure(self) -> escalation.Step:
        """As the rules take it."""
        return escalation.Step(self.when, self.value, self.channel, self.to)


class Alarm(models.Model):
    """A step that is due at a moment for an incident; `clock` is empty where it counts from awareness."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="alarms")
    step = models.ForeignKey(Step, on_delete=models.CASCADE, related_name="alarms")
    clock = models.CharField(max_length=8, blank=True)
    at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True)

    class Meta:
        """Each once; found by time among those that have not fired."""

        constraints = [models.UniqueConstraint(fields=["incident", "step", "clock"], name="one_alarm")]
        indexes = [models.Index(fields=["at"], name="alarms_not_fired", condition=Q(fired_at=None))]


class Message(models.Model):
    """What is to be sent: a number and a link, made when it is sent. `next_try` moves on before each try: whoever moves it sends."""

    class State(models.TextChoices):
        """`failed`: given up after the last try."""

        WAITING = "waiting"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="messages")
    incident = models.ForeignKey(Incident, null=True, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(max_length=8)
    to = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    made_at = models.DateTimeField(default=timezone.now)
    next_try = models.DateTimeField(default=timezone.now)
    tries = models.PositiveIntegerField(default=0)

    class Meta:
        """Newest first."""

        ordering = ["-id"]
        indexes = [models.Index(fields=["next_try"], name="messages_waiting", condition=Q(state="waiting"))]


class Attempt(models.Model):
    """One try: written before it, so that one that a process did not survive is seen (`outcome` empty)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts")
    at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=12, blank=True)
    detail = models.CharField(max_length=200, blank=True)

    class Meta:
        """Oldest first."""

        ordering = ["id"]


class StopRecord(models.Model):
    """A prohibition was found (art. 17(3)): an officer decides on the measures of art. 18(2). Nothing is stopped by itself."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="stop_records")
    capabilities = models.JSONField()
    found_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=8, blank=True)
    reason = models.TextField(blank=True, max_length=2000)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        """One undecided for a system."""

        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["system"], name="one_open_stop_record", condition=Q(decision=""))]


class Restart(models.Model):
    """Somebody asks to lift a stop; with four eyes another person signs it off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="restarts")
    reason = models.TextField(max_length=2000)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    signed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        """One unsigned for a system."""

        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["system"], name="one_open_restart", condition=Q(signed_at=None))]
