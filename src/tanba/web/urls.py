"""Every address of the register. Pages of an organisation lie under /o/<organisation>/."""

from django.urls import include, path

from tanba.web import home

handler400 = "tanba.web.security.bad_request"
handler403 = "tanba.web.security.forbidden"
handler404 = "tanba.web.security.not_found"
handler500 = "tanba.web.security.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", home.language, name="language"),
    path("healthz", home.healthy, name="healthy"),
    path("", include("tanba.web.accounts.urls")),
    path("", include("tanba.web.systems.urls")),
    path("", include("tanba.web.assessments.urls")),
    path("", include("tanba.web.obligations.urls")),
    path("", include("tanba.web.lawtracker.urls")),
    path("", include("tanba.web.evidence.urls")),
    path("", include("tanba.web.marks.urls")),
    path("", include("tanba.web.faces.urls")),
    path("", include("tanba.web.notices.urls")),
    path("", include("tanba.web.requests.urls")),
    path("", include("tanba.web.agreements.urls")),
    path("", include("tanba.web.incidents.urls")),
    path("", include("tanba.web.decisions.urls")),
    path("", include("tanba.web.risks.urls")),
    path("", include("tanba.web.documents.urls")),
    path("", include("tanba.web.companyforms.urls")),
    path("", include("tanba.web.exchange.urls")),
    path("", include("tanba.web.audits.urls")),
    path("", include("tanba.web.state.urls")),
]
