"""Addresses of documents."""

from django.urls import path

from tanba.web.documents import checkpage, onepage, setpage, signpage, views

app_name = "documents"
urlpatterns = [
    path("o/<uuid:org>/documents/<uuid:pk>/", onepage.page, name="one"),
    path("o/<uuid:org>/documents/<uuid:pk>/withdraw/", onepage.withdraw, name="withdraw"),
    path("o/<uuid:org>/documents/<uuid:pk>/sign/", signpage.sign, name="sign"),
    path("o/<uuid:org>/documents/<uuid:pk>/evidence/", onepage.put_forward, name="put_forward"),
    path("check/<uuid:id>/", checkpage.page, name="check"),
    path("check/<uuid:id>/statement/", checkpage.statement, name="check_statement"),
    path("check/<uuid:id>/statement/receipt/", checkpage.receipt, {"of": "statement"}, name="check_statement_receipt"),
    path("check/<uuid:id>/file/receipt/", checkpage.receipt, {"of": "file"}, name="check_file_receipt"),
    path("o/<uuid:org>/documents/", views.of_organisation, name="organisation"),
    path("o/<uuid:org>/documents/set/", setpage.of_organisation, name="organisation_set"),
    path("o/<uuid:org>/systems/<slug:slug>/documents/set/", setpage.of_system, name="set"),
    path("o/<uuid:org>/systems/<slug:slug>/documents/", views.page, name="page"),
]
