"""Django app `assessments`."""

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Label `assessments`; rows have UUIDv7 keys, so the automatic field is never used."""

    name = "tanba.web.assessments"
    label = "assessments"
    default_auto_field = "django.db.models.BigAutoField"
