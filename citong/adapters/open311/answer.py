"""How every call is answered: in the format of its suffix, and with an errors array where something is wrong."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.views.decorators.csrf import csrf_exempt

from citong.adapters.open311.rendering import Document, rendered
from citong.core.flow.refusal import Invalid, NotThere, Refusal
from citong.core.places.current import city
from citong.web.throttle import TooMany, spend

PARAMETERS = {
    "text": "description", "category": "service_code", "lon": "long", "grid": "address_id", "name": "last_name",
    "address": "address_string", "place": "lat", "photos": "media", "note": "description",
}  # fmt: skip


class Fault(Exception):
    """The call can not be answered: 403 for the key, 404 for what is not there, 400 for all else."""

    def __init__(self, status: int, *sentences: str) -> None:
        super().__init__(*sentences)
        self.status, self.sentences = status, sentences


def answering(*methods: str) -> Callable[[Callable[..., Document]], Callable[..., HttpResponse]]:
    """The view's document becomes the answer; faults and refusals become an errors array with their status."""

    def decorate(view: Callable[..., Document]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def answered(request: HttpRequest, suffix: str | None = None, **named: Any) -> HttpResponse:
            headers: Mapping[str, str] = {}
            try:
                if request.method != "POST":  # what is written is counted by key
                    spend(request, "open311")
                _in_place(request, methods)
                return rendered(view(request, **named), suffix or "xml")
            except (Fault, Refusal, SuspiciousOperation, MultiPartParserError) as trouble:
                status, sentences = _told(trouble)
                headers = getattr(trouble, "headers", {})
            answer = rendered(_errors(status, sentences), suffix or "xml", status=status)
            for name, value in headers.items():
                answer[name] = value
            if status == 405:
                answer["Allow"] = ", ".join(methods)
            return answer

        return csrf_exempt(answered)  # no session counts here, so there is nothing to forge

    return decorate


def _in_place(request: HttpRequest, methods: Sequence[str]) -> None:
    """The method is one of the call's own, and the jurisdiction, if named, is this city."""
    if ("GET" if request.method == "HEAD" else str(request.method)) not in methods:
        raise Fault(405, f"This address answers to {', '.join(methods)}.")
    asked = (request.GET.get("jurisdiction_id") or request.POST.get("jurisdiction_id") or "").strip()
    if asked and asked != city().code:
        raise Fault(404, f"jurisdiction_id was not found: this server speaks for {city().code} alone.")


def _told(trouble: Exception) -> tuple[int, list[str]]:
    if isinstance(trouble, Fault):
        return trouble.status, list(trouble.sentences)
    if isinstance(trouble, Invalid):
        return 400, _named(trouble) or [str(trouble)]
    if isinstance(trouble, TooMany):
        return trouble.status, [str(trouble)]
    if isinstance(trouble, Refusal):
        return 404 if isinstance(trouble, NotThere) else 400, [str(trouble)]
    return 400, ["This can not be read: it is too large or not a form."]


def _named(refusal: Invalid) -> list[str]:
    """Each sentence behind the parameter it is about, as the client knows it."""
    return [f"{PARAMETERS.get(name, name)}: {sentence}" for name, found in refusal.errors.items() for sentence in found]


def _errors(status: int, sentences: Iterable[str]) -> Document:
    return Document("errors", [{"code": status, "description": sentence} for sentence in sentences])
