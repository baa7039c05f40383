"""Addresses of GeoReport v2; the suffix decides the format. Whatever else is asked below them does not exist."""

from django.urls import re_path

from citong.adapters.open311 import views

SUFFIX = r"\.(?P<suffix>xml|json)$"

urlpatterns = [
    re_path(rf"^open311/discovery{SUFFIX}", views.discovery, name="open311_discovery"),
    re_path(rf"^open311/v2/services{SUFFIX}", views.services, name="open311_services"),
    re_path(rf"^open311/v2/services/(?P<code>[^/]+){SUFFIX}", views.definition, name="open311_definition"),
    re_path(rf"^open311/v2/requests{SUFFIX}", views.requests, name="open311_requests"),
    re_path(rf"^open311/v2/requests/(?P<number>[^/]+){SUFFIX}", views.one, name="open311_request"),
    re_path(rf"^open311/v2/tokens/(?P<token>[^/]+){SUFFIX}", views.token, name="open311_token"),
    re_path(rf"^open311/v2/servicerequestupdates{SUFFIX}", views.updates, name="open311_updates"),
    re_path(r"^open311/(?:v2/)?(?:.*\.(?P<suffix>json)|.*)$", views.unknown, name="open311_unknown"),
]
