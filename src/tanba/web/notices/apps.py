"""Django app `notices`. It has no tables of its own: receipts are in `notices.sqlite3`."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Label `notices`."""

    name = "tanba.web.notices"
    label = "notices"
