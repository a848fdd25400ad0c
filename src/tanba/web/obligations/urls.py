"""Addresses of obligations."""

from django.urls import path

from tanba.web.obligations import api, download, views

app_name = "obligations"
urlpatterns = [
    path("o/<uuid:org>/obligations/", views.everything, name="all"),
    path("o/<uuid:org>/obligations/export", download.export, name="export"),
    path("api/register/v1/obligations", api.obligations, name="api"),
    path("o/<uuid:org>/obligations/<uuid:pk>/", views.arrange, name="arrange"),
    path("o/<uuid:org>/systems/<slug:slug>/obligations/", views.of_system, name="list"),
]
