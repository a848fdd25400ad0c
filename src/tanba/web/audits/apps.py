"""Django app `audits`."""

from django.apps import AppConfig


class AuditsConfig(AppConfig):
    """Label `audits`."""

    name = "tanba.web.audits"
    label = "audits"
