"""How the doors answer: JSON, gzipped where that is shorter and asked for, named where it may be asked for again."""

import gzip
import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse

WORTH_ZIPPING = 500  # bytes
LEVEL = 5


def json_answer(request: HttpRequest, told: Any, *, status: int = 200, tag: str = "") -> HttpResponse:
    """The JSON as it is sent. With a `tag` the client may keep it, and asks whether it still holds."""
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return _sent(body, zipped=_zips(request) and len(body) > WORTH_ZIPPING, status=status, tag=tag)


def tagged_answer(request: HttpRequest, told: Any) -> HttpResponse:
    """The JSON, or 304 where the client has just this."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    tag = hashlib.sha256(text.encode()).hexdigest()[:32]
    return unchanged(request, tag) or json_answer(request, told, tag=tag)


def gzipped_answer(request: HttpRequest, body: bytes, *, tag: str) -> HttpResponse:
    """JSON that is gzipped already, or 304."""
    if found := unchanged(request, tag):
        return found
    if not _zips(request):
        return _sent(gzip.decompress(body), zipped=False, tag=tag)
    return _headed(HttpResponse(body), zipped=True, tag=tag)


def unchanged(request: HttpRequest, tag: str) -> HttpResponse | None:
    """304 where the client names this tag."""
    named = {one.strip().removeprefix("W/").strip('"') for one in request.headers.get("If-None-Match", "").split(",")}
    return _headed(HttpResponse(status=304), zipped=False, tag=tag) if tag in named else None


def nothing() -> HttpResponse:
    """204, as short as it can be."""
    answer = HttpResponse(status=204)
    del answer["Content-Type"]
    return answer


def _sent(body: bytes, *, zipped: bool, status: int = 200, tag: str = "") -> HttpResponse:
    answer = HttpResponse(gzip.compress(body, LEVEL, mtime=0) if zipped else body, status=status)
    return _headed(answer, zipped=zipped, tag=tag)


def _headed(answer: HttpResponse, *, zipped: bool, tag: str) -> HttpResponse:
    answer["Content-Type"] = "application/json"
    answer["Cache-Control"] = "private, no-cache" if tag else "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    if zipped:
        answer["Content-Encoding"] = "gzip"
    if tag:
        answer["ETag"], answer["Vary"] = f'"{tag}"', "Accept-Encoding"
    return answer


def _zips(request: HttpRequest) -> bool:
    return "gzip" in request.headers.get("Accept-Encoding", "")
