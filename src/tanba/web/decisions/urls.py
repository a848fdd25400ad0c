"""Addresses of the decision log."""

from django.urls import path

from tanba.web.decisions import api, views

app_name = "decisions"
urlpatterns = [
    path("api/decisions/v1/traces", api.traces, name="api"),
    path("api/decisions/kept/v1/traces", api.traces_kept, name="api_kept"),
    path("o/<uuid:org>/decisions/", views.everything, name="all"),
    path("o/<uuid:org>/decisions/erase/", views.erase, name="erase"),
    path("o/<uuid:org>/systems/<slug:slug>/decisions/", views.listed, name="list"),
    path("o/<uuid:org>/systems/<slug:slug>/decisions/<uuid:pk>/", views.one, name="one"),
    path("o/<uuid:org>/systems/<slug:slug>/decisions/<uuid:pk>/proof", views.proof, name="proof"),
]
