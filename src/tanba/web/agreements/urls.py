"""Addresses of agreements."""

from django.urls import path

from tanba.web.agreements import public, views

app_name = "agreements"
urlpatterns = [
    path("ai/<uuid:system>/agreement/", public.page, name="public"),
    path("ai/<uuid:system>/agreement/<int:number>/", public.page, name="public_version"),
    path("api/agreements/<uuid:system>", public.agreement, name="api"),
    path("api/agreements/<uuid:system>/shown", public.shown, name="api_shown"),
    path("api/agreements/<uuid:system>/accepted", public.accepted, name="api_accepted"),
    path("o/<uuid:org>/agreements/", views.everything, name="all"),
    path("o/<uuid:org>/systems/<slug:slug>/agreement/", views.show, name="show"),
    path("o/<uuid:org>/systems/<slug:slug>/agreement/publish/", views.make, name="publish"),
    path("o/<uuid:org>/systems/<slug:slug>/agreement/<int:edition>/", views.version, name="version"),
    path("o/<uuid:org>/systems/<slug:slug>/agreement/<str:section>/", views.section, name="section"),
]
