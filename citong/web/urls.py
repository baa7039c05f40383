"""Addresses of the web ring: the public site, the desk of the staff, webhooks, languages."""

from django.urls import include, path

urlpatterns = [
    path("i18n/", include("django.conf.urls.i18n")),
    path("desk/", include("citong.web.office.urls")),
    path("desk/", include("citong.web.desk.urls")),
    path("desk/register/", include("citong.web.register.urls")),
    path("desk/knowledge/", include("citong.web.knowledge.urls")),
    path("hooks/", include("citong.web.hooks.urls")),
    path("", include("citong.web.public.urls")),
]
