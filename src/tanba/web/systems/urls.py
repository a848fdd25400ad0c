"""Addresses of the register."""

from django.urls import path

from tanba.web.systems import facts, intake, parts, portfolio, views

app_name = "systems"
ONE = "o/<uuid:org>/systems/<slug:slug>/"

urlpatterns = [
    path("o/<uuid:org>/", portfolio.portfolio, name="portfolio"),
    path("o/<uuid:org>/new/", views.create, name="create"),
    path("o/<uuid:org>/import/", parts.import_new, name="import_new"),
    path("o/<uuid:org>/proposals/", intake.proposals, name="proposals"),
    path("o/<uuid:org>/proposals/links/", intake.new_link, name="new_link"),
    path("o/<uuid:org>/proposals/links/<uuid:pk>/close/", intake.close_link, name="close_link"),
    path("propose/<str:token>/", intake.intake, name="intake"),
    path(ONE, views.show, name="show"),
    path(f"{ONE}edit/", views.edit, name="edit"),
    path(f"{ONE}decide/", views.decide, name="decide"),
    path(f"{ONE}export/", views.export, name="export"),
    path(f"{ONE}parts/", parts.parts, name="parts"),
    path(f"{ONE}parts/<uuid:pk>/remove/", parts.remove, name="remove_part"),
    path(f"{ONE}import/", parts.upload, name="upload"),
    path(f"{ONE}facts/", facts.facts, name="facts"),
    path(f"{ONE}facts/confirm/", facts.confirm, name="confirm"),
    path(f"{ONE}facts/<slug:name>/", facts.fact, name="fact"),
]
