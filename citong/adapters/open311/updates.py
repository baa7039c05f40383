"""mySociety's extension `servicerequestupdates`: what happened to requests, and what others have to add."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from citong.adapters.open311.answer import Fault
from citong.adapters.open311.asked import Given, Page, Window, listed, moment, page, text, told, window
from citong.adapters.open311.keys import client_of, command_key
from citong.adapters.open311.noting import note_down
from citong.adapters.open311.posting import photos_of
from citong.adapters.open311.query import by_number, published
from citong.adapters.open311.status import EXTENDED
from citong.adapters.open311.steps import Step, photos, public_acts, steps_of
from citong.core.cases.models import Submission
from citong.core.ledger.models import Entry
from citong.kit.ids import MILLISECOND, uuid7_floor

REQUIRED = ("service_request_id", "update_id", "status", "updated_datetime", "description")


def feed(given: Given) -> list[dict[str, Any]]:
    """Public acts on public cases in the window, oldest first, each once; four queries."""
    wanted = _entries(window(given), page(given))
    cases = list(published().filter(pk__in={subject for _entry, subject in wanted}))
    media: dict[UUID, list[str]] = {}
    for photo, url in photos(cases):
        media.setdefault(photo.entry, []).append(url)
    steps = {step.entry.id: step for step in steps_of(cases)}
    found = [steps[entry] for entry, _subject in wanted if entry in steps]
    return [_update(step, media.get(step.entry.id, [])) for step in found]


def post_update(request: HttpRequest) -> dict[str, Any]:
    """The update is written down in the case, once. Raises Fault or Invalid; the case's state stays as it is."""
    client = client_of(request)
    _check(request.POST)
    case = by_number(text(request.POST, "service_request_id"))
    key = command_key(client, "update", text(request.POST, "update_id"))
    words = "\n".join([request.POST["description"], *filter(None, request.POST.getlist("media_url"))])
    done = note_down(case, words, files=photos_of(request), key=key)
    if done.again if done else Submission.objects.filter(pk=key).exists():
        raise Fault(400, "update_id was posted before: it is recorded once.")
    if done is None:
        raise Fault(400, "This request takes no updates any more.")
    entry = Entry.objects.get(subject=case.id, position=done.case.position)
    return {"update_id": str(entry.id)}


def _entries(span: Window, rows: Page) -> list[tuple[UUID, UUID]]:
    """Entry and subject of the page; identifiers hold the time, so they bound which months are read."""
    entries = Entry.objects.filter(
        public_acts(), id__gte=uuid7_floor(span.start), id__lt=uuid7_floor(span.end + MILLISECOND),
        at__gte=span.start, at__lt=span.end,
    )  # fmt: skip
    return [(one.id, one.subject) for one in rows.of(entries.only("id", "subject").order_by("id"))]


def _update(step: Step, media: list[str]) -> dict[str, Any]:
    return {
        "update_id": str(step.entry.id), "service_request_id": step.case.number, "status": step.status,
        "updated_datetime": told(step.entry.at), "description": str(step.act.done),
        "media_url": media[0] if media else None,
    }  # fmt: skip


def _check(given: Given) -> None:
    missing = [f"{name} is missing." for name in REQUIRED if not text(given, name)]
    if missing:
        raise Fault(400, *missing)
    moment(given, "updated_datetime")
    if text(given, "status").lower() not in EXTENDED or len(listed(given, "status")) != 1:
        raise Fault(400, f"status must be one of {', '.join(sorted(EXTENDED))}.")
