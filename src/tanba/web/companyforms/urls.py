"""Addresses of a company's own forms, and of edited documents."""

from django.urls import path

from tanba.web.companyforms import editedpage, fillpage, formspage

app_name = "companyforms"
urlpatterns = [
    path("o/<uuid:org>/templates/", formspage.page, name="all"),
    path("o/<uuid:org>/templates/<uuid:pk>/withdraw/", formspage.withdraw, name="withdraw"),
    path("o/<uuid:org>/systems/<slug:slug>/documents/fill/", fillpage.fill, name="fill"),
    path("o/<uuid:org>/systems/<slug:slug>/documents/edited/", editedpage.read, name="edited"),
    path("o/<uuid:org>/systems/<slug:slug>/documents/edited/apply/", editedpage.apply, name="apply"),
]
