"""Addresses of assessments."""

from django.urls import path

from tanba.web.assessments import describing, interview, overrides, views

app_name = "assessments"
HERE = "o/<uuid:org>/systems/<slug:slug>/"
urlpatterns = [
    path(f"{HERE}assessment/", views.show, name="show"),
    path(f"{HERE}assessment/again/", views.again, name="again"),
    path(f"{HERE}assessment/override/", overrides.propose, name="propose"),
    path(f"{HERE}assessment/override/<uuid:pk>/", overrides.decide, name="decide"),
    path(f"{HERE}assessments/", views.history, name="history"),
    path(f"{HERE}assessments/compare/", views.compare, name="compare"),
    path(f"{HERE}assessments/<uuid:pk>/", views.past, name="past"),
    path(f"{HERE}interview/", interview.interview, name="interview"),
    path(f"{HERE}describe/", describing.describe, name="describe"),
]
