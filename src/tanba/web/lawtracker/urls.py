"""Addresses of the law in the browser."""

from django.urls import path

from tanba.web.lawtracker import importing, policy, views

app_name = "lawtracker"
urlpatterns = [
    path("o/<uuid:org>/law/", views.law, name="law"),
    path("o/<uuid:org>/law/claims/", views.claims, name="claims"),
    path("o/<uuid:org>/law/changes/", views.changes, name="changes"),
    path("o/<uuid:org>/law/confirmations/", views.confirmations, name="confirmations"),
    path("o/<uuid:org>/law/policy/", policy.policy, name="policy"),
    path("o/<uuid:org>/law/policy/adopt/", policy.adopt, name="adopt"),
    path("o/<uuid:org>/law/policy/withdraw/", policy.withdraw, name="withdraw"),
    path("o/<uuid:org>/law/import/", importing.import_text, name="import"),
    path("o/<uuid:org>/law/confirm/<path:path>/", views.confirm, name="confirm"),
    path("o/<uuid:org>/law/at/<path:path>/", views.provision, name="provision"),
]
