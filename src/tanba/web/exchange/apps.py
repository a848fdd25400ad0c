"""Django app `exchange`."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Label `exchange`."""

    name = "tanba.web.exchange"
    label = "exchange"
