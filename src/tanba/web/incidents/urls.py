"""Addresses of incidents, of the ladder, and of stops."""

from django.urls import path

from tanba.web.incidents import ladder, stoppage, views

app_name = "incidents"
ONE = "o/<uuid:org>/incidents/<int:count>/"
STOP = "o/<uuid:org>/systems/<slug:slug>/stop/"

urlpatterns = [
    path("o/<uuid:org>/incidents/", views.incidents, name="list"),
    path("o/<uuid:org>/incidents/new/", views.new, name="new"),
    path("o/<uuid:org>/incidents/ladder/", ladder.ladder, name="ladder"),
    path("o/<uuid:org>/incidents/ladder/<uuid:pk>/remove/", ladder.remove, name="remove_step"),
    path("o/<uuid:org>/incidents/ladder/<uuid:pk>/test/", ladder.test, name="test_step"),
    path("o/<uuid:org>/incidents/terms/", ladder.add_term, name="add_term"),
    path("o/<uuid:org>/incidents/terms/<uuid:pk>/withdraw/", ladder.withdraw_term, name="withdraw_term"),
    path(ONE, views.show, name="show"),
    path(f"{ONE}edit/", views.edit, name="edit"),
    path(f"{ONE}note/", views.add_note, name="note"),
    path(f"{ONE}prove/", views.add_proof, name="prove"),
    path(f"{ONE}close/", views.sign_off, name="close"),
    path(f"{ONE}draft/<slug:to>/", views.draft_page, name="draft"),
    path(STOP, stoppage.stop, name="stop"),
    path(f"{STOP}restart/", stoppage.restart, name="restart"),
    path(f"{STOP}records/<uuid:pk>/", stoppage.decide_record, name="decide"),
]
