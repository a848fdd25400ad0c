"""Django app `incidents`."""

from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Label `incidents`."""

    name = "tanba.web.incidents"
    label = "incidents"
