"""Django app `marks`."""

from django.apps import AppConfig


class MarksConfig(AppConfig):
    """Label `marks`; it has no tables: marks lie in the register of marks, their records in the ledger."""

    name = "tanba.web.marks"
    label = "marks"
