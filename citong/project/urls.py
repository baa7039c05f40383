"""Addresses: those of the web ring, of each adapter and service, and the health of the whole."""

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import include, path

from citong.project.health import health

urlpatterns = [
    path("health", health),
    path("account/", include("allauth.urls")),
    *(path("", include(f"{name}.urls")) for name in settings.ADAPTERS if import_module(name)),
    *(path("", include(f"{name}.urls")) for name in settings.SERVICES if find_spec(f"{name}.urls")),
    path("", include("citong.web.urls")),
]

handler400 = "citong.web.errors.bad_request"
handler500 = "citong.web.outage.server_error"
handler429 = "citong.web.errors.too_many"  # asked for by django-allauth
