"""Django app `companyforms`."""

from django.apps import AppConfig


class CompanyFormsConfig(AppConfig):
    """Label `companyforms`."""

    name = "tanba.web.companyforms"
    label = "companyforms"
