"""Addresses of notices."""

from django.urls import path

from tanba.web.notices import api, views

app_name = "notices"
urlpatterns = [
    path("api/notices/<uuid:system>", api.notice, name="api"),
    path("api/notices/<uuid:system>/shown", api.shown, name="api_shown"),
    path("o/<uuid:org>/notices/", views.policy, name="policy"),
    path("o/<uuid:org>/systems/<slug:slug>/notices/", views.system, name="system"),
]
