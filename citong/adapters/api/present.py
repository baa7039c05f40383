"""Cases and their history as data, as far as the asking actor may know them."""

from typing import Any

from citong.adapters.api.describe import act as described
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.clocks.models import Clock
from citong.core.flow import reading
from citong.core.flow.act import form_for, possible
from citong.core.flow.reading import reads_all
from citong.core.ledger.read import Recorded
from citong.core.people.access import Actor, owns, sees_reporter


def row(case: Case) -> dict[str, Any]:
    """A case in a list; needs category and unit loaded."""
    return {
        "number": case.number, "service": case.service, "state": case.state, "open": case.open, "title": case.title,
        "category": case.category_id, "district": case.district, "street": case.street, "community": case.community,
        "lon": case.lon, "lat": case.lat, "address": case.address, "unit": case.unit.code, "urgent": case.urgent,
        "late": case.late, "opened_at": case.opened_at, "due_at": case.due_at, "closed_at": case.closed_at,
        "rating": case.rating,
    }  # fmt: skip


def whole(case: Case, actor: Actor) -> dict[str, Any]:
    """One case with its words, clocks and what the actor could do next."""
    acts = [described(one, form_for(one, case, actor)) for one in possible(case, actor)]
    return row(case) | {
        "text": case.text,
        "reason_of_route": case.route_reason,
        "parties": _parties(case) if sees_reporter(actor, case) and reads_all(case, actor) else [],
        "clocks": [_clock(clock) for clock in Clock.objects.filter(subject=case.id).order_by("started_at")],
        "next": acts,
    }


def told(case: Case, actor: Actor) -> list[dict[str, Any]]:
    """The history: every step with when, by which post and unit; the reporter sees what is meant for them."""
    mine = owns(actor, case) and not actor.seats
    kind = case_type(case.service)
    return [_step(one, kind.acts) for one in reading.told(case, actor) if not (mine and _inner(one, kind.acts))]


def _inner(recorded: Recorded, acts: Any) -> bool:
    declared = acts.get(recorded.entry.act)
    return declared is not None and not declared.public


def _step(recorded: Recorded, acts: Any) -> dict[str, Any]:
    entry = recorded.entry
    declared = acts.get(entry.act)
    return {
        "position": entry.position, "act": entry.act, "done": str(declared.done) if declared else entry.act,
        "at": entry.at, "post": entry.post, "unit": entry.unit, "facts": entry.facts, "words": recorded.words,
        "hash": bytes(entry.hash).hex(),
    }  # fmt: skip


def _clock(clock: Clock) -> dict[str, Any]:
    return {
        "code": clock.code, "state": clock.state, "span": clock.span, "source": clock.source,
        "started_at": clock.started_at, "due_at": clock.due_at, "certain": clock.certain,
        "extensions": clock.extensions,
    }  # fmt: skip


def _parties(case: Case) -> list[dict[str, Any]]:
    return [{"role": p.role, "name": p.name, "phone": p.phone, "email": p.email} for p in case.parties.all()]
