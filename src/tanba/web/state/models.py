"""Forms of dealings with the state as they stand (`tanba.state`). What they were is in sealed versions, which can be erased."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from tanba.ids import uuid7
from tanba.web.accounts.models import Organisation
from tanba.web.systems.models import System


class Written(models.Model):
    """A content and its last sealed version. `version` counts changes, so that nobody writes over what they have not seen."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    content = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    artifact = models.ForeignKey("evidence.Artifact", null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """For both kinds below."""

        abstract = True


class StateForm(Written):
    """One form of one system: pilot, trusted-list or security."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="state_forms")
    name = models.CharField(max_length=20)

    class Meta:
        """One of each."""

        constraints = [models.UniqueConstraint(fields=["system", "name"], name="one_state_form")]


class TrainingPlan(Written):
    """Courses, roles, what is planned, programmes of the state. Records are rows of their own."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="training_plan")


class TrainingRecord(models.Model):
    """One person had one course. `person` is optional and can be erased; with it goes the sealed content."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="training_records")
    role = models.CharField(max_length=80)
    course = models.CharField(max_length=80)
    day = models.DateField(null=True)
    person = models.CharField(max_length=150, blank=True)
    provider = models.CharField(max_length=200, blank=True)
    hours = models.FloatField(null=True)
    valid_until = models.DateField(null=True)
    certificate = models.CharField(max_length=200, blank=True)
    artifact = models.ForeignKey("evidence.Artifact", null=True, on_delete=models.PROTECT, related_name="+")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Newest first."""

        ordering = ["-day", "-id"]
