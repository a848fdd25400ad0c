"""Addresses of public pages and of the tab "users"."""

from django.urls import path

from tanba.web.faces import public, views

app_name = "faces"
urlpatterns = [
    path("ai/<uuid:system>/", public.page, name="page"),
    path("o/<uuid:org>/users/", views.all_faces, name="all"),
    path("o/<uuid:org>/systems/<slug:slug>/users/", views.users, name="users"),
]
