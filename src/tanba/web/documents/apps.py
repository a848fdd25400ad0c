"""Django app `documents`."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Label `documents`."""

    name = "tanba.web.documents"
    label = "documents"
