"""Addresses of marking."""

from django.urls import path

from tanba.web.marks import publicpage, standardpage, views

app_name = "marks"
urlpatterns = [
    path("verify/", publicpage.verify, name="verify"),
    path("o/<uuid:org>/marks/", views.marks, name="marks"),
    path("o/<uuid:org>/marks/standard/", standardpage.standard, name="standard"),
    path("o/<uuid:org>/marks/<str:number>/", views.mark, name="mark"),
]
