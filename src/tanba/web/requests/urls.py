"""Addresses of the desk and of the public form."""

from django.urls import path

from tanba.web.requests import calendarpage, export, public, termspage, views

app_name = "requests"
DESK = "o/<uuid:org>/requests/"
urlpatterns = [
    path("ai/<uuid:system>/request/", public.ask, name="ask"),
    path("ai/<uuid:system>/request/<str:token>/", public.follow, name="follow"),
    path(DESK, views.requests, name="list"),
    path(f"{DESK}new/", views.enter, name="enter"),
    path(f"{DESK}export/", export.export, name="export"),
    path(f"{DESK}terms/", termspage.terms, name="terms"),
    path(f"{DESK}calendar/", calendarpage.calendar, name="calendar"),
    path(f"{DESK}<uuid:pk>/", views.show, name="show"),
    path(f"{DESK}<uuid:pk>/act/", views.act, name="act"),
    path(f"{DESK}<uuid:pk>/draft/", views.draft, name="draft"),
]
