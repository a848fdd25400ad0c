"""House policy: which provisions of practice an organisation adopted, who did it and when."""

from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import models

from tanba.ids import uuid7


class AdoptionQuerySet(models.QuerySet["Adoption"]):
    """Adoptions by organisation and day."""

    def paths(self, organisation_id: UUID, day: date) -> set[str]:
        """Paths that the organisation's house policy holds on `day`."""
        found = self.filter(organisation_id=organisation_id, on__lte=day)
        return set(found.exclude(withdrawn_on__lte=day).values_list("path", flat=True))


class Adoption(models.Model):
    """One dated act of a named officer: a provision of practice becomes house policy, until it is withdrawn."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.CASCADE, related_name="adoptions")
    path = models.CharField(max_length=80)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AdoptionQuerySet.as_manager()

    class Meta:
        """A provision is adopted once at a time."""

        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "path"], condition=models.Q(withdrawn_on=None), name="adopted_once"),
        ]

    def __str__(self) -> str:
        """The path and the day."""
        return f"{self.path} {self.on}"
