"""Addresses of evidence and of the ledger."""

from django.urls import path

from tanba.web.evidence import ledgerpage, obligation, views

app_name = "evidence"
urlpatterns = [
    path("o/<uuid:org>/ledger/", ledgerpage.ledger, name="ledger"),
    path("o/<uuid:org>/ledger/state/", ledgerpage.state, name="state"),
    path("o/<uuid:org>/ledger/check/", ledgerpage.check, name="check"),
    path("o/<uuid:org>/ledger/confirm/", ledgerpage.confirm, name="confirm"),
    path("o/<uuid:org>/artifacts/<uuid:pk>/", views.artifact, name="artifact"),
    path("o/<uuid:org>/artifacts/<uuid:pk>/content/", views.content, name="content"),
    path("o/<uuid:org>/artifacts/<uuid:pk>/receipt/", views.receipt, name="receipt"),
    path("o/<uuid:org>/artifacts/<uuid:pk>/erase/", views.erase, name="erase"),
    path("o/<uuid:org>/obligations/<uuid:pk>/evidence/", obligation.evidence, name="obligation"),
    path("o/<uuid:org>/obligations/<uuid:pk>/accept/", obligation.accept, name="accept"),
    path("o/<uuid:org>/evidence/<uuid:pk>/withdraw/", obligation.withdraw, name="withdraw"),
    path("o/<uuid:org>/systems/<slug:slug>/evidence/", views.of_system, name="system"),
    path("o/<uuid:org>/systems/<slug:slug>/bundle/", views.bundle, name="bundle"),
]
