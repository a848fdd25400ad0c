"""Django app `obligations`."""

from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Label `obligations`; rows have UUIDv7 keys, so the automatic field is never used."""

    name = "tanba.web.obligations"
    label = "obligations"
    default_auto_field = "django.db.models.BigAutoField"
