"""Django app `agreements`."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """Label `agreements`."""

    name = "tanba.web.agreements"
    label = "agreements"
