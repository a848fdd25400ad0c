"""Django app `lawtracker`."""

from django.apps import AppConfig


class LawtrackerConfig(AppConfig):
    """Label `lawtracker`; rows have UUIDv7 keys, so the automatic field is never used."""

    name = "tanba.web.lawtracker"
    label = "lawtracker"
    default_auto_field = "django.db.models.BigAutoField"
