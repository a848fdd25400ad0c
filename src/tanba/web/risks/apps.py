"""Django app `risks`."""

from django.apps import AppConfig


class RisksConfig(AppConfig):
    """Label `risks`."""

    name = "tanba.web.risks"
    label = "risks"
