"""Users, organisations, memberships, and the links that let people in."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from tanba.identifiers import bin_is_valid
from tanba.ids import uuid7
from tanba.strings import LANGUAGES
from tanba.web.language import pick, say


class Role(models.TextChoices):
    """What a member may do. Labels stand in the catalogue under `accounts.role_`."""

    ADMINISTRATOR = "administrator"
    COMPLIANCE = "compliance"
    OWNER = "owner"
    AUDITOR = "auditor"


MANAGERS = (Role.ADMINISTRATOR, Role.COMPLIANCE)
"""Who edits every system, decides on intake and overrides, adopts, confirms, and accepts evidence."""


class Users(BaseUserManager["User"]):
    """Makes users; the e-mail address is kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user; without a password only links let them in."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        """Sign-in ignores the case of the address."""
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """A person. Signs in with the e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=2, default="kk", choices=[(language, language) for language in LANGUAGES])
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = Users()

    def __str__(self) -> str:
        """The person's name."""
        return self.name or self.email

    def get_full_name(self) -> str:
        """The person's name; Django's forms ask for it."""
        return str(self)


class Organisation(models.Model):
    """A legal person whose register this is. With `four_eyes`, nobody accepts evidence of their own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.JSONField()
    bin = models.CharField(max_length=12, unique=True)
    offender_class = models.CharField(max_length=10, blank=True)
    departments = models.JSONField(default=list, blank=True)
    four_eyes = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        """The name in the current language."""
        return pick(self.name)

    def department_names(self) -> dict[str, str]:
        """A department's name in any language → its name in the current one."""
        return {name: pick(texts) for texts in self.departments for name in texts.values()}

    def writers(self) -> "models.QuerySet[User]":
        """Members who may write here, whatever they are in another organisation."""
        writing = self.memberships.exclude(role=Role.AUDITOR)
        return User.objects.filter(memberships__in=writing).order_by("name")

    def clean(self) -> None:
        """Refuse a BIN that cannot be one."""
        if not bin_is_valid(self.bin):
            raise ValidationError({"bin": say("accounts.bin_wrong")})


class Membership(models.Model):
    """A user's role in an organisation. A `scoped` auditor sees what running engagements open (`audits.reach`), and nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=13, choices=Role.choices)
    scoped = models.BooleanField(default=False)

    class Meta:
        """One role for each person in an organisation; only an auditor is let in for engagements only (`web.audits`)."""

        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="one_role"),
            models.CheckConstraint(condition=Q(scoped=False) | Q(role="auditor"), name="only_auditors_are_scoped"),
        ]

    def __str__(self) -> str:
        """Who is what."""
        return f"{self.user}: {self.role}"

    @property
    def manages(self) -> bool:
        """May edit every system, and decide on intake and overrides."""
        return self.role in MANAGERS

    @property
    def writes(self) -> bool:
        """May change something at all."""
        return self.role != Role.AUDITOR


def in_a_week() -> Any:
    """When an invitation ends."""
    return timezone.now() + timedelta(days=7)


def in_an_hour() -> Any:
    """When a sign-in link ends."""
    return timezone.now() + timedelta(hours=1)


class SignInLink(models.Model):
    """Lets one user in once. The link carries the signed id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    expires = models.DateTimeField(default=in_an_hour)
    used_at = models.DateTimeField(null=True, blank=True)


class Invitation(models.Model):
    """An administrator asks a person to join; the link carries the signed id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField()
    role = models.CharField(max_length=13, choices=Role.choices)
    scoped = models.BooleanField(default=False)
    expires = models.DateTimeField(default=in_a_week)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    accepted_at = models.DateTimeField(null=True, blank=True)


class Scope(models.TextChoices):
    """What a token opens. Labels stand in the catalogue under `tokens.scope_`."""

    NOTICES = "notices"
    DECISIONS = "decisions"
    REGISTER = "register"


class ApiToken(models.Model):
    """A program's key to one kind of call, for all systems of an organisation or for one (`accounts.tokens`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    system = models.ForeignKey("systems.System", on_delete=models.CASCADE, null=True, blank=True, related_name="tokens")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=9, choices=Scope.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, blank=True)

    class Meta:
        """Newest first."""

        ordering = ["-id"]

    def __str__(self) -> str:
        """Its name."""
        return self.name

    @property
    def state(self) -> str:
        """`good`, `revoked` or `expired`."""
        if self.revoked_at:
            return "revoked"
        return "expired" if self.expires and self.expires <= timezone.now() else "good"


class SignInAttempt(models.Model):
    """A failed sign-in, kept to slow down guessing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.CharField(max_length=254)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        """Counted by address and time."""

        indexes = [
            models.Index(fields=["address", "at"], name="attempts_by_address"),
            models.Index(fields=["email", "at"], name="attempts_by_email"),
        ]
