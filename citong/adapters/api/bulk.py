"""Public requests whole, as files, for everybody: no key is needed, an address has so many an hour."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from citong.adapters.api.problem import answering
from citong.web.public.open_data import download


@answering
@require_GET
def public_csv(request: HttpRequest) -> HttpResponseBase:
    """All public requests as CSV; filters since, until, service, category, district, state."""
    return download(request, form="csv")


@answering
@require_GET
def public_geojson(request: HttpRequest) -> HttpResponseBase:
    """All public requests as GeoJSON; the same filters."""
    return download(request, form="geojson")
