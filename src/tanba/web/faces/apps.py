"""Django app `faces`."""

from django.apps import AppConfig


class FacesConfig(AppConfig):
    """Label `faces`."""

    name = "tanba.web.faces"
    label = "faces"
