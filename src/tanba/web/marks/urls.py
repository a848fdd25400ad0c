"""Addresses of marking."""

from django.urls import path

from tanba.web.marks import gatepage, guidelines, pasted, publicpage, standardpage, syntheticpage, views

app_name = "marks"
urlpatterns = [
    path("verify/", publicpage.verify, name="verify"),
    path("gate/", publicpage.gate, name="public_gate"),
    path("o/<uuid:org>/marks/", views.marks, name="marks"),
    path("o/<uuid:org>/marks/text/", pasted.text, name="text"),
    path("o/<uuid:org>/marks/synthetic/", syntheticpage.synthetic, name="synthetic"),
    path("o/<uuid:org>/marks/gate/", gatepage.gate, name="gate"),
    path("o/<uuid:org>/marks/guidelines/<str:audience>/", guidelines.guidelines, name="guidelines"),
    path("o/<uuid:org>/marks/standard/", standardpage.standard, name="standard"),
    path("o/<uuid:org>/marks/<str:number>/", views.mark, name="mark"),
]
