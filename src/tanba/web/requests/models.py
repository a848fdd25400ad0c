"""Requests of people, what happened to each, and the house's own terms.

What a person wrote and what they were told are encrypted uploads of the outbox (`text`, `answer`), so that they can be erased; the rows
here hold no words of theirs. An event is written once; it and its sealed act say the same.
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7
from tanba.people.requests import CATEGORIES, CHANNELS, CLOSED, KINDS, STATES
from tanba.people.terms import HOUSE, Term, late

USER = settings.AUTH_USER_MODEL
KEEP_DAYS = 365
"""After which the texts of a closed request are erased, until an officer sets another number."""


def choices(names: Any) -> list[tuple[str, str]]:
    """Names as choices of a column."""
    return [(name, name) for name in names]


class Request(models.Model):
    """One request. `term_*` is what was promised when it came; `due` is empty while its term stands still."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="requests")
    system = models.ForeignKey("systems.System", on_delete=models.CASCADE, related_name="requests")
    number = models.CharField(max_length=9, unique=True)
    kind = models.CharField(max_length=11, choices=choices(KINDS))
    category = models.CharField(max_length=6, choices=choices(CATEGORIES), blank=True)
    state = models.CharField(max_length=9, choices=choices(STATES), default="received")
    channel = models.CharField(max_length=8, choices=choices(CHANNELS))
    language = models.CharField(max_length=2)
    received = models.DateTimeField()
    due = models.DateTimeField(null=True)
    closed = models.DateTimeField(null=True)
    term_within = models.PositiveIntegerField()
    term_unit = models.CharField(max_length=12)
    term_basis = models.CharField(max_length=8)
    term_source = models.CharField(max_length=100, blank=True)
    assignee = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.ForeignKey("evidence.Artifact", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey("evidence.Artifact", null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=12, blank=True)
    reason = models.CharField(max_length=20, blank=True)
    draft = models.BinaryField(null=True)
    draft_key = models.BinaryField(null=True)
    draft_by = models.ForeignKey(USER, null=True, on_delete=models.SET_NULL, related_name="+")
    sameness = models.CharField(max_length=64, blank=True)

    class Meta:
        """The list asks for what is open, by date; a repeated request is looked for among those just received."""

        indexes = [
            models.Index(fields=["organisation", "closed", "due"], name="requests_open"),
            models.Index(fields=["organisation", "-received"], name="requests_newest"),
            models.Index(fields=["system", "closed", "due"], name="requests_of_system"),
            models.Index(fields=["sameness"], name="requests_same", condition=~models.Q(sameness="")),
        ]

    def __str__(self) -> str:
        """Its number."""
        return self.number

    @property
    def term(self) -> Term:
        """What was promised."""
        return Term(self.term_within, self.term_unit, self.term_basis, self.term_source)  # type: ignore[arg-type]

    @property
    def is_open(self) -> bool:
        """Whether somebody still waits."""
        return self.state not in CLOSED

    @property
    def late(self) -> bool:
        """Whether its term has passed, or had when it ended."""
        return late(self.due, self.closed, timezone.now())


class EventQuerySet(models.QuerySet["Event"]):
    """A timeline only grows."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError("an event is never changed")

    def delete(self) -> NoReturn:
        """Raises TypeError."""
        raise TypeError("an event is never deleted")


class Event(models.Model):
    """One step of a request. `details` hold words of ours, never of a person's."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(USER, null=True, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=12)
    details = models.JSONField(default=dict)
    act = models.ForeignKey("evidence.Artifact", on_delete=models.PROTECT, related_name="+")

    objects = EventQuerySet.as_manager()

    class Meta:
        """Oldest first."""

        ordering = ["id"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Once. Raises TypeError on a change."""
        if not self._state.adding:
            raise TypeError("an event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Raises TypeError."""
        raise TypeError("an event is never deleted")


class House(models.Model):
    """The house's own terms in working days, by kind, and for how many days texts are kept after the end."""

    organisation = models.OneToOneField("accounts.Organisation", on_delete=models.CASCADE, primary_key=True, related_name="+")
    terms = models.JSONField(default=dict)
    keep_days = models.PositiveIntegerField(default=KEEP_DAYS)


def house_of(organisation: Any) -> House:
    """Its row with a term for every kind; one with ours where nobody has set any."""
    found = House.objects.filter(organisation=organisation).first() or House(organisation=organisation)
    found.terms = {**HOUSE, **found.terms}
    return found
