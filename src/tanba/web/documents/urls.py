"""Addresses of documents."""

from django.urls import path

from tanba.web.documents import views

app_name = "documents"
urlpatterns = [path("o/<uuid:org>/systems/<slug:slug>/documents/", views.page, name="page")]
