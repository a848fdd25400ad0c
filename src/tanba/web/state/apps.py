"""Django app `state`."""

from django.apps import AppConfig


class StateConfig(AppConfig):
    """Label `state`."""

    name = "tanba.web.state"
    label = "state"
