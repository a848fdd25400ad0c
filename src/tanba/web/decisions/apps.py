"""Django app `decisions`."""

from django.apps import AppConfig


class DecisionsConfig(AppConfig):
    """Label `decisions`. No tables: the log lies in a file of its own."""

    name = "tanba.web.decisions"
    label = "decisions"
