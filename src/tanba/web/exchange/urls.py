"""Addresses of import and export."""

from django.urls import path

from tanba.web.exchange import export, views

app_name = "exchange"
ONE = "o/<uuid:org>/imports/<uuid:pk>/"
urlpatterns = [
    path("o/<uuid:org>/imports/", views.imports, name="imports"),
    path(ONE, views.show, name="show"),
    path(f"{ONE}apply/", views.apply, name="apply"),
    path(f"{ONE}drop/", views.drop, name="drop"),
    path(f"{ONE}undo/", views.undo, name="undo"),
    path(f"{ONE}problems/", views.problems, name="problems"),
    path("o/<uuid:org>/export/", export.export, name="export"),
    path("o/<uuid:org>/export/template/", export.template, name="template"),
]
