"""Public cases as service requests: personal numbers masked, the place in names of divisions, no person in it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from citong.adapters.open311.asked import told
from citong.adapters.open311.status import extended_status, plain_status
from citong.adapters.open311.steps import Step, photos, steps_of
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.kit.text import masked
from citong.web.public.names import division_name, kind_name, where_words

LEVELS = ("district", "street", "community")


def requests_of(cases: Sequence[Case], *, extensions: bool) -> list[dict[str, Any]]:
    """The cases as GeoReport v2 tells them, with what `extensions=true` adds; two queries at most."""
    urls: dict[UUID, list[str]] = {}
    for photo, url in photos(cases):
        urls.setdefault(photo.subject, []).append(url)
    told_of: dict[UUID, list[Step]] = {}
    for step in steps_of(cases) if extensions else []:
        told_of.setdefault(step.case.id, []).append(step)
    rows = []
    for case in cases:
        media = urls.get(case.id, [])
        more = _extension(case, told_of.get(case.id, []), media) if extensions else {}
        rows.append(_request(case, media) | more)
    return rows


def _request(case: Case, media: Sequence[str]) -> dict[str, Any]:
    state = case_type(case.service).states[case.state]
    changed = case.changed_at if case.open else case.closed_at or case.changed_at
    row = {
        "service_request_id": case.number, "status": plain_status(state), "status_notes": str(state.public),
        "service_name": kind_name(case.category), "service_code": case.category_id or "",
        "description": masked(case.text), "agency_responsible": case.unit.name,
        "requested_datetime": told(case.opened_at), "updated_datetime": told(changed),
    }  # fmt: skip
    if case.due_at is not None:
        row["expected_datetime"] = told(case.due_at)
    return row | {
        "address": where_words(case), "address_id": case.grid.code if case.grid else None, "zipcode": None,
        "lat": case.lat, "long": case.lon, "media_url": media[0] if media else None,
    }  # fmt: skip


def _extension(case: Case, steps: Sequence[Step], media: Sequence[str]) -> dict[str, Any]:
    kind = case_type(case.service)
    return {
        "extended_attributes": {
            "title": masked(case.title), "detailed_status": extended_status(kind, kind.states[case.state]),
            "stage": kind.states[case.state].stage.value, "urgent": case.urgent, "media_urls": list(media),
        },
        "attributes": [
            {"code": level, "label": division_name(code), "value": code}
            for level in LEVELS if (code := getattr(case, level))
        ],
        "notes": [
            {"datetime": told(step.entry.at), "type": step.act.name, "description": str(step.act.done)}
            for step in steps
        ],
    }  # fmt: skip
