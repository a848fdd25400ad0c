"""Addresses of people and organisations."""

from django.urls import path

from tanba.web.accounts import people, tokenpage, views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("sign-in/<str:token>/", views.link, name="link"),
    path("setup/<str:token>/", views.setup, name="setup"),
    path("join/<str:token>/", views.join, name="join"),
    path("account/", views.profile, name="profile"),
    path("organisations/", views.organisations, name="organisations"),
    path("organisations/new/", views.new_organisation, name="new_organisation"),
    path("o/<uuid:org>/organisation/", views.organisation, name="organisation"),
    path("o/<uuid:org>/tokens/", tokenpage.tokens, name="tokens"),
    path("o/<uuid:org>/tokens/<uuid:pk>/revoke/", tokenpage.revoke, name="revoke_token"),
    path("o/<uuid:org>/people/", people.people, name="people"),
    path("o/<uuid:org>/people/invite/", people.invite, name="invite"),
    path("o/<uuid:org>/people/<uuid:pk>/", people.change, name="change_member"),
    path("o/<uuid:org>/people/invitations/<uuid:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
]
