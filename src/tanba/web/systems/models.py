"""AI systems with their parts and facts.

A fact is append-only: the newest confirmed row of a name is its answer, and a newer unconfirmed row is a suggestion. A confirmed row
without a value takes an answer back. Columns below "denormalised" are written by `assessments.run.reassess` for the portfolio.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from tanba.ids import uuid7
from tanba.law.facts import checked
from tanba.law.load import load
from tanba.web.accounts.models import Organisation, User
from tanba.web.language import pick

STAGES = ("planned", "development", "pilot", "production", "suspended", "retired")


class State(models.TextChoices):
    """Whether the organisation has admitted the system to its register."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class Attention(models.IntegerChoices):
    """How urgently a system wants somebody; smaller is sooner."""

    PROHIBITED = 0
    PROPOSED = 1
    UNDECIDED = 2
    OPEN_STATUTE = 3
    OPEN_HOUSE = 4
    NONE = 5
    CLOSED = 9


ATTENTION = Case(
    When(Q(state="rejected") | Q(stage="retired"), then=Value(Attention.CLOSED.value)),
    When(conclusion="prohibited", then=Value(Attention.PROHIBITED.value)),
    When(state="proposed", then=Value(Attention.PROPOSED.value)),
    When(conclusion__in=["", "undecided"], then=Value(Attention.UNDECIDED.value)),
    When(open_statute__gt=0, then=Value(Attention.OPEN_STATUTE.value)),
    When(open_house__gt=0, then=Value(Attention.OPEN_HOUSE.value)),
    default=Value(Attention.NONE.value),
)


class System(models.Model):
    """One AI system of an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="systems")
    slug = models.SlugField(max_length=80, db_index=False)
    name = models.JSONField()
    purpose = models.JSONField(default=dict, blank=True)
    department = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="systems")
    vendor = models.CharField(max_length=120, blank=True)
    limits = models.JSONField(default=dict, blank=True)
    channels = models.JSONField(default=list, blank=True)
    regions = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.APPROVED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    intake = models.ForeignKey("Intake", on_delete=models.SET_NULL, null=True, blank=True, related_name="systems")
    proposed_by = models.CharField(max_length=200, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.TextField(blank=True)
    # denormalised
    search = models.TextField(blank=True, editable=False)
    stage = models.CharField(max_length=11, blank=True)
    conclusion = models.CharField(max_length=20, blank=True)
    risk_levels = models.CharField(max_length=40, blank=True)
    gate = models.CharField(max_length=10, blank=True)
    open_statute = models.PositiveIntegerField(default=0)
    open_house = models.PositiveIntegerField(default=0)
    questions = models.PositiveIntegerField(default=0)
    next_due = models.DateField(null=True, blank=True)
    assessed_at = models.DateTimeField(null=True, blank=True)
    attention = models.GeneratedField(expression=ATTENTION, output_field=models.SmallIntegerField(), db_persist=True)

    class Meta:
        """Indexed for the portfolio: its order, its counts, and the nearest dates."""

        constraints = [models.UniqueConstraint(fields=["organisation", "slug"], name="one_slug")]
        indexes = [
            models.Index(fields=["organisation", "attention", "next_due", "slug"], name="portfolio_order"),
            models.Index(fields=["organisation", "next_due"], name="portfolio_due"),
            models.Index(
                fields=["organisation", "state", "conclusion", "risk_levels", "open_statute", "open_house", "questions", "next_due"],
                name="portfolio_counts",
            ),
            models.Index(fields=["organisation", "department"], name="portfolio_departments"),
        ]

    def __str__(self) -> str:
        """The name in the current language."""
        return pick(self.name) or self.slug

    def fold(self) -> None:
        """Keep the search column true: every text in folded case, since SQLite cannot fold Cyrillic."""
        department: dict[str, str] = next((texts for texts in self.organisation.departments if self.department in texts.values()), {})
        self.department = department.get("kk", self.department)
        words = [self.slug, *self.name.values(), *self.purpose.values(), self.department, *department.values(), self.vendor]
        self.search = "\n".join(words).casefold()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """With the search column."""
        self.fold()
        if (only := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = {*only, "search"}
        super().save(*args, **kwargs)

    def facts(self) -> dict[str, Any]:
        """Confirmed answers only, as the assessment takes them."""
        return {name: fact.value for name, fact in self.answers().items()}

    def answers(self) -> dict[str, "Fact"]:
        """The newest confirmed row of each name that has a value."""
        newest = {fact.name: fact for fact in self.fact_rows.filter(confirmed=True).select_related("by").order_by("id")}
        return {name: fact for name, fact in newest.items() if fact.value is not None}

    def suggested(self) -> dict[str, "Fact"]:
        """Suggestions that nobody has confirmed or set aside: the newest row of the name is unconfirmed."""
        newest = {fact.name: fact for fact in self.fact_rows.order_by("id")}
        return {name: fact for name, fact in newest.items() if not fact.confirmed}

    def answer(self, name: str, value: Any, source: str, by: User | None, confirmed: bool = True) -> "Fact":
        """Add one answer; None takes it back.

        Raises KeyError on an unknown fact, and what `tanba.law.facts.checked` raises on a value that does not fit.
        """
        fact = load("kz").facts[name]
        if value is not None:
            checked(fact, value)
        row = self.fact_rows.create(name=name, value=value, source=source[:200], by=by, confirmed=confirmed)
        if name == "stage" and confirmed:
            self.stage = value or ""
            self.save(update_fields=["stage"])
        return row


class Part(models.Model):
    """A model, a data library, or a vendor of a system. `details` holds texts: name, version, licence."""

    class Kind(models.TextChoices):
        """What it is."""

        MODEL = "model"
        DATA_LIBRARY = "data_library"
        VENDOR = "vendor"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="parts")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    details = models.JSONField(default=dict)

    def __str__(self) -> str:
        """Its name."""
        return str(self.details.get("name", ""))


class Fact(models.Model):
    """One answer to one question, with its source. Never changed, never deleted alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="fact_rows")
    name = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    source = models.CharField(max_length=200, blank=True)
    confirmed = models.BooleanField(default=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        """Name and value."""
        return f"{self.name} = {self.value}"


def new_token() -> str:
    """A secret for a link."""
    return secrets.token_urlsafe(24)


def in_a_month() -> Any:
    """When an intake link ends."""
    return timezone.now() + timedelta(days=30)


class Intake(models.Model):
    """A link by which a department proposes systems without an account."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="intakes")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    label = models.CharField(max_length=120)
    expires = models.DateTimeField(default=in_a_month)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)

    def __str__(self) -> str:
        """Its label."""
        return self.label
