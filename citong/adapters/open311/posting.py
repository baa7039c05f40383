"""A new request from another program: one case, opened by the service's own form."""

import logging
import re
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from citong.adapters.open311.answer import Fault
from citong.adapters.open311.asked import text
from citong.adapters.open311.catalogue import attributes, intake, offered
from citong.adapters.open311.keys import client_of, command_key
from citong.adapters.open311.noting import note_down
from citong.core.cases.declare import CaseType
from citong.core.cases.models import Category
from citong.core.flow.intake import Opened, open_case
from citong.core.people.access import ANYBODY
from citong.kit.text import RUNS
from citong.web.public.names import kind_name

FIELDS = {
    "description": "text", "address_string": "address", "address_id": "grid", "lat": "lat", "long": "lon",
    "phone": "phone", "email": "email",
}  # fmt: skip
ATTRIBUTE = re.compile(r"attribute\[([^\]]+)\](?:\[\d*\])?")
SHOWN_OF_NAME = 40
logger = logging.getLogger(__name__)


def post_request(request: HttpRequest) -> dict[str, Any]:
    """The report is a case; answers its number and, as notice, the address of its receipt, which is told only now.

    The same Idempotency-Key of the same client gives the same case. Raises Fault or Invalid.
    """
    client = client_of(request)
    category = _category(request)
    kind = intake()
    assert kind is not None  # or nothing would be offered
    name = request.headers.get("Idempotency-Key", "")
    key = command_key(client, "request", name) if name else ""
    with transaction.atomic():
        opened = open_case(
            kind.code, _form_data(request, kind, category), files=photos_of(request), actor=ANYBODY,
            channel="open311", key=key,
        )  # fmt: skip
        if not opened.again:
            _keep_media_url(request, opened)
    return {"service_request_id": opened.case.number, "service_notice": _notice(opened), "account_id": None}


def photos_of(request: HttpRequest) -> "MultiValueDict[str, Any]":
    """Uploaded files as the forms expect them."""
    return MultiValueDict({"photos": [*request.FILES.getlist("media"), *request.FILES.getlist("uploads")]})


def _category(request: HttpRequest) -> Category:
    code = text(request.POST, "service_code")
    if not code:
        raise Fault(400, "service_code is missing.")
    category = offered().get(code)
    if category is None:
        raise Fault(404, "service_code was not found.")
    return category


def _form_data(request: HttpRequest, kind: type[CaseType], category: Category) -> QueryDict:
    """The parameters under the names of the form's fields."""
    data = QueryDict(mutable=True)
    for parameter, field in FIELDS.items():
        if value := request.POST.get(parameter, ""):
            data[field] = value
    _add_attributes(data, request, {one["code"] for one in attributes(kind.opening.form())})
    data.update({"category": category.code, "name": _name(request), "public": "on"})
    if not data.get("text", "").strip():
        data["text"] = kind_name(category)
    return data


def _add_attributes(data: QueryDict, request: HttpRequest, known: Iterable[str]) -> None:
    """Answers to the service's own questions, repeated ones in their order; others are passed over."""
    unknown = []
    for name, values in request.POST.lists():
        found = ATTRIBUTE.fullmatch(name)
        if found and found[1] in known:
            data.setlist(found[1], [*data.getlist(found[1]), *filter(None, values)])
        elif found:
            unknown.append(found[1][:SHOWN_OF_NAME])
    if unknown:
        logger.warning("Open311: passed over unknown attributes %r", unknown)


def _name(request: HttpRequest) -> str:
    """The name as it is written in its own script."""
    first, last = text(request.POST, "first_name"), text(request.POST, "last_name")
    if all((found := RUNS.fullmatch(part)) and found["han"] for part in (first, last)):
        return last + first
    return " ".join(filter(None, (first, last)))


def _keep_media_url(request: HttpRequest, opened: Opened) -> None:
    """An address of a photo elsewhere is written down for the desk, and never fetched."""
    if url := text(request.POST, "media_url"):
        note_down(opened.case, url)


def _notice(opened: Opened) -> str:
    url = reverse("receipt_link", args=[opened.case.number, opened.secret])
    return _("See every step with your receipt: %(url)s") % {"url": f"{settings.ORIGIN}{url}"}
