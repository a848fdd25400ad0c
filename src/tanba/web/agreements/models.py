"""Words of an officer for a system's agreement, and the versions that were published. A published one is never changed."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7
from tanba.web.systems.models import System


class Wording(models.Model):
    """`own` {section: {language: text}} takes the place of what the facts say."""

    system = models.OneToOneField(System, on_delete=models.CASCADE, primary_key=True, related_name="wording")
    own: Any = models.JSONField(default=dict)


class Agreement(models.Model):
    """One published version: `content` is `tanba.agreement/1`, in force from `effective` until the next one's day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.ForeignKey(System, on_delete=models.PROTECT, related_name="agreements")
    number = models.PositiveIntegerField()
    version = models.CharField(max_length=12)
    content: Any = models.JSONField()
    effective = models.DateField()
    published_at = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        """Newest first, numbered within a system."""

        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["system", "number"], name="one_agreement_number")]

    def __str__(self) -> str:
        """System and number."""
        return f"{self.system} {self.number}"


def in_force(system: System, day: date) -> Agreement | None:
    """The version of a day: of those that have begun, the one published last. A later one with an earlier day replaces what came before."""
    return Agreement.objects.filter(system=system, effective__lte=day).order_by("-number").first()
