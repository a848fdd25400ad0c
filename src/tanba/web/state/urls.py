"""Addresses of dealings with the state."""

from django.urls import path

from tanba.web.state import trainingpages, views

app_name = "state"
ONE, ALL = "o/<uuid:org>/systems/<slug:slug>/state/", "o/<uuid:org>/training/"
urlpatterns = [
    path(ONE, views.overview, name="overview"),
    path(f"{ONE}trusted-list/event/", views.event, name="event"),
    path(f"{ONE}security/take/", views.take, name="take"),
    path(f"{ONE}security/checklist/", views.checklist, name="checklist"),
    path(f"{ONE}<slug:form>/", views.one, name="one"),
    path(f"{ONE}<slug:form>/forward/", views.forward, name="forward"),
    path(f"{ONE}<slug:form>/edit/<slug:part>/", views.edit, name="edit"),
    path(ALL, trainingpages.page, name="training"),
    path(f"{ALL}record/", trainingpages.add, name="add_record"),
    path(f"{ALL}take/", trainingpages.take, name="take_records"),
    path(f"{ALL}edit/<slug:plan>/", trainingpages.edit, name="training_edit"),
    path(f"{ALL}<uuid:pk>/erase/", trainingpages.erase, name="erase_record"),
]
