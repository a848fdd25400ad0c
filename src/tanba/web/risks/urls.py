"""Addresses of risks, controls, principles, fairness."""

from django.urls import path

from tanba.web.risks import controls, fairness, principles, views

app_name = "risks"
ONE = "o/<uuid:org>/systems/<slug:slug>/risks/"
urlpatterns = [
    path(ONE, views.register, name="register"),
    path(f"{ONE}catalogue/", views.catalogue, name="catalogue"),
    path(f"{ONE}new/", views.new, name="new"),
    path(f"{ONE}review/", views.review, name="review"),
    path(f"{ONE}print/", views.printed, name="print"),
    path(f"{ONE}controls/", controls.page, name="controls"),
    path(f"{ONE}principles/", principles.page, name="principles"),
    path(f"{ONE}fairness/", fairness.page, name="fairness"),
    path(f"{ONE}fairness/<uuid:pk>/", fairness.report, name="fairness_report"),
    path(f"{ONE}<uuid:pk>/", views.one, name="one"),
    path(f"{ONE}<uuid:pk>/accept/", views.accept, name="accept"),
    path(f"{ONE}<uuid:pk>/remove/", views.remove, name="remove"),
]
