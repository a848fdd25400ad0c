"""Django app `userrequests`."""

from django.apps import AppConfig


class RequestsConfig(AppConfig):
    """Label `userrequests`."""

    name = "tanba.web.requests"
    label = "userrequests"
