"""Open311 GeoReport v2 with the updates extension: what other programs read and report."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from citong.adapters.open311.answer import Fault, answering
from citong.adapters.open311.asked import told, yes
from citong.adapters.open311.catalogue import definition as defined
from citong.adapters.open311.catalogue import offered
from citong.adapters.open311.catalogue import services as all_services
from citong.adapters.open311.posting import post_request
from citong.adapters.open311.present import requests_of
from citong.adapters.open311.query import asked_for, by_number, by_token
from citong.adapters.open311.rendering import TYPES, Document
from citong.adapters.open311.updates import feed, post_update
from citong.core.places.current import city
from citong.web.public.names import city_name

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


@answering("GET")
def discovery(request: HttpRequest) -> Document:
    """Where the service is, in which formats, and whom to ask for a key."""
    changed, contact = told(city().loaded_at), f"{city_name()}, {settings.DEFAULT_FROM_EMAIL}, {settings.ORIGIN}/"
    endpoint: dict[str, Any] = {
        "specification": SPECIFICATION, "url": f"{settings.ORIGIN}/open311/v2", "changeset": changed,
        "type": "test" if settings.DEBUG else "production", "formats": list(TYPES.values()),
    }  # fmt: skip
    body = {"changeset": changed, "contact": contact, "key_service": contact, "endpoints": [endpoint]}
    return Document("discovery", body)


@answering("GET")
def services(request: HttpRequest) -> Document:
    """Everything that can be reported."""
    return Document("services", all_services())


@answering("GET")
def definition(request: HttpRequest, code: str) -> Document:
    """The attributes of one service."""
    category = offered().get(code)
    if category is None:
        raise Fault(404, "service_code was not found.")
    return Document("service_definition", defined(category))


@answering("GET", "POST")
def requests(request: HttpRequest) -> Document:
    """GET: public requests by number or by filters. POST: a new request."""
    if request.method == "POST":
        return Document("service_requests", [post_request(request)])
    cases = asked_for(request.GET)
    return Document("service_requests", requests_of(cases, extensions=yes(request.GET, "extensions")))


@answering("GET")
def one(request: HttpRequest, number: str) -> Document:
    """One public request, in an array all the same."""
    rows = requests_of([by_number(number)], extensions=yes(request.GET, "extensions"))
    return Document("service_requests", rows)


@answering("GET")
def token(request: HttpRequest, token: str) -> Document:
    """The number behind a token."""
    return Document("service_requests", [{"service_request_id": by_token(token).number, "token": token}])


@answering("GET", "POST")
def updates(request: HttpRequest) -> Document:
    """GET: what happened to public requests. POST: something to add to one."""
    if request.method == "POST":
        return Document("service_request_updates", [post_update(request)])
    return Document("service_request_updates", feed(request.GET))


@answering("GET", "POST")
def unknown(request: HttpRequest) -> Document:
    """Whatever else is asked for does not exist."""
    raise Fault(404, "There is nothing at this address; every resource ends in .xml or .json.")
