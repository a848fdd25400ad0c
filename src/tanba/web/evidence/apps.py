"""Django app `evidence`."""

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    """Label `evidence`; rows have UUIDv7 keys, so the automatic field is never used."""

    name = "tanba.web.evidence"
    label = "evidence"
    default_auto_field = "django.db.models.BigAutoField"
