"""The open data of the city: what it is, and all public requests as CSV or GeoJSON, as fast as a reader takes them."""

import re
from collections.abc import AsyncIterator, Iterable, Iterator

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_safe

from citong.core.flow.published import batches, extent, file_of, licence
from citong.core.flow.published_filter import PublishedFilterForm, read_filter
from citong.core.flow.refusal import Invalid
from citong.core.places.current import city, zone
from citong.kit.export import gzipped
from citong.web.throttle import spend

PACKED = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
MEDIA = {"csv": "text/csv; charset=utf-8", "geojson": "application/geo+json"}


@require_safe
def open_data(request: HttpRequest) -> HttpResponse:
    """What is published, on which terms, with the filters of a download."""
    return _page(request, PublishedFilterForm(request.GET or None))


@require_GET
def open_data_file(request: HttpRequest, form: str) -> StreamingHttpResponse | HttpResponse:
    """The file, or the page again with what is wrong with a filter."""
    try:
        return download(request, form=form)
    except Invalid as refusal:
        strange = refusal.errors.keys() - PublishedFilterForm.base_fields
        fault = " ".join(sentence for name in sorted(strange) for sentence in refusal.errors[name])
        return _page(request, PublishedFilterForm(request.GET), fault=fault, status=refusal.status)


def download(request: HttpRequest, *, form: str) -> StreamingHttpResponse:
    """The rows that are asked for as a file, "csv" or "geojson", in the memory of one batch; packed if accepted.

    Raises TooMany, and Invalid for a filter that means nothing.
    """
    spend(request, "download")
    asked = read_filter(request.GET)
    at = timezone.now().astimezone(zone())
    parts = _freed(file_of(batches(asked), form=form, at=at))
    packed = PACKED.search(request.headers.get("Accept-Encoding", "")) is not None
    parts = gzipped(parts) if packed else parts
    # A server without threads of its own would gather a plain iterator into one list.
    content = _awaited(parts) if isinstance(request, ASGIRequest) else parts
    response = StreamingHttpResponse(content, content_type=MEDIA[form])
    response["Content-Disposition"] = f'attachment; filename="{city().code}-requests-{at:%Y-%m-%d}.{form}"'
    patch_vary_headers(response, ["Accept-Encoding", "Accept-Language"])
    if packed:
        response["Content-Encoding"] = "gzip"
    return response


def _freed(parts: Iterable[bytes]) -> Iterator[bytes]:
    """The parts; while a slow reader takes one, the database has its connection back."""
    for part in parts:
        if not connection.in_atomic_block:
            connection.close()
        yield part


async def _awaited(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    take = sync_to_async(lambda: next(parts, None))
    while (part := await take()) is not None:
        yield part


def _page(request: HttpRequest, form: PublishedFilterForm, *, fault: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "fault": fault, "extent": extent(), "licence": licence(), "zone": city().zone}
    return render(request, "web/public/open_data.html", context, status=status)
