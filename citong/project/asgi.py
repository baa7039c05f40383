"""The web application that uvicorn serves: pages and doors in a few threads, live screens and long files on the loop.

Everything but these streams is plain synchronous code. Django would carry it back and forth between loop and
threads for every middleware, which costs more than the pages themselves; so it runs as WSGI, one thread a request.
"""

import os
from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any, cast
from urllib.parse import quote_from_bytes

from a2wsgi import WSGIMiddleware
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.wsgi import get_wsgi_application
from django.urls import NoReverseMatch, reverse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "citong.project.settings")

THREADS = 4
PIECE = 256 * 1024
TOO_LARGE = b'{"type": "about:blank", "title": "This is too large.", "status": 413}'

# Long answers, which a slow reader could draw out: each would hold one of the threads to its end.
STREAMS = ("live", "escort_live", "open_data_csv", "open_data_geojson", "api_public_csv", "api_public_geojson")

live = get_asgi_application()
pages: Any = WSGIMiddleware(cast(Any, get_wsgi_application()), workers=THREADS)


def _addresses() -> Iterator[str]:
    for name in STREAMS:
        with suppress(NoReverseMatch):  # an adapter that is not installed
            yield reverse(name)


STREAMED = frozenset(_addresses())


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Streams go to the loop; any other request waits for its whole body and then takes a thread."""
    if scope["type"] == "http" and scope["path"] not in STREAMED:
        await _page(scope, receive, send)
    else:
        await live(scope, receive, send)


async def _page(scope: Any, receive: Any, send: Any) -> None:
    """Slow senders wait on the loop and hold no thread; a chunked body gets its length."""
    with SpooledTemporaryFile(PIECE) as body:
        if not await _kept(receive, body):
            return
        length = body.tell()
        if length > settings.LARGEST_BODY:
            await _too_large(send)
            return
        body.seek(0)

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body.read(PIECE), "more_body": body.tell() < length}

        await pages(_measured(scope, length), again, send)


async def _kept(receive: Any, body: Any) -> bool:
    """Whether the sender stayed until all of the request was in the file, or more than may be."""
    more = True
    while more and body.tell() <= settings.LARGEST_BODY:
        message = await receive()
        if message["type"] != "http.request":
            return False
        body.write(message.get("body", b""))
        more = message.get("more_body", False)
    return True


def _measured(scope: Any, length: int) -> dict[str, Any]:
    """The request with its length, and with signs in its query that WSGI can carry."""
    headers = [pair for pair in scope["headers"] if pair[0] not in (b"content-length", b"transfer-encoding")]
    query = quote_from_bytes(scope["query_string"], safe=bytes(range(33, 127)))
    return {**scope, "headers": [*headers, (b"content-length", b"%d" % length)], "query_string": query.encode()}


async def _too_large(send: Any) -> None:
    headers = [(b"content-type", b"application/problem+json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LARGE})
