"""Conditional requests (RFC 9110, section 13): what a client knows already, and whether a case has moved on."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from citong.adapters.api.asking import by_session
from citong.adapters.api.problem import Turned
from citong.core.cases.models import Case, Submission


def version(case: Case) -> str:
    """Where the history of the case stands: as many entries, ending in this hash. Every act changes it."""
    return version_at(case.position, bytes(case.head))


def version_at(position: int, head: bytes) -> str:
    """The version of a case whose history ends in the entry of that position and hash."""
    return f"{position}-{head[:8].hex()}"


def tagged(request: HttpRequest, case: Case, body: dict[str, Any]) -> HttpResponse:
    """The body with its ETag, or 304 when the client named it in If-None-Match.

    The tag is the case's version and, as two people see two things in one case, a hash of what is shown.
    """
    answer: HttpResponse = JsonResponse(body)
    tag = f"{version(case)}.{hashlib.sha256(answer.content).hexdigest()[:16]}"
    if tag in set(_tags(request, "If-None-Match")):
        answer = HttpResponse(status=304)
    answer["ETag"] = f'"{tag}"'
    patch_vary_headers(answer, ["Authorization", "Cookie", "Accept-Language"])
    if not by_session(request):  # what a browser shows to somebody signed in is kept in no cache at all
        answer["Cache-Control"] = "private, no-cache"
    return answer


def assert_unmoved(request: HttpRequest, case_id: UUID, *, key: str) -> None:
    """Raises Turned (412) when If-Match names another version; else the case is locked until the transaction ends.

    A command that was carried out before is not asked again: it moved the case itself.
    """
    if "If-Match" not in request.headers or (key and Submission.objects.filter(key=key).exists()):
        return
    case = Case.objects.select_for_update().get(pk=case_id)
    named = {tag.partition(".")[0] for tag in _tags(request, "If-Match")}
    if not named & {version(case), "*"}:
        mend = _("Fetch the case, see what was done meanwhile, and send the act with its new ETag.")
        raise Turned(412, _("The case has moved on since you saw it."), mend=mend)


def _tags(request: HttpRequest, header: str) -> Iterator[str]:
    for one in request.headers.get(header, "").split(","):
        yield one.strip().removeprefix("W/").strip('"')
