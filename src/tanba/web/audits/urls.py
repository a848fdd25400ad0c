"""Addresses of audits."""

from django.urls import path

from tanba.web.audits import findings, views

app_name = "audits"
ONE = "o/<uuid:org>/audits/<uuid:pk>/"
urlpatterns = [
    path("o/<uuid:org>/audits/", views.listed, name="list"),
    path("o/<uuid:org>/audits/new/", views.new, name="new"),
    path(ONE, views.show, name="show"),
    path(f"{ONE}seats/", views.seat, name="seat"),
    path(f"{ONE}seats/<uuid:seat>/end/", views.unseat, name="unseat"),
    path(f"{ONE}change/", views.change, name="change"),
    path(f"{ONE}log/", views.log, name="log"),
    path(f"{ONE}systems/<slug:slug>/", findings.checks, name="checks"),
    path(f"{ONE}systems/<slug:slug>/findings/new/", findings.new, name="new_finding"),
    path(f"{ONE}findings/<int:number>/", findings.finding, name="finding"),
]
