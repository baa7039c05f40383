"""Who is asking: the one way from a request to an actor. Views hand the actor to core and never judge by themselves."""

from dataclasses import replace
from uuid import UUID

from django.http import HttpRequest

from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.receipt import holder_of
from citong.core.flow.standing import as_party, party_of
from citong.core.people.access import ANYBODY, Actor, actor_of, owns

RECEIPTS, SLIPS, PARTIES = "receipts", "slips", "parties"
MOST_HELD = 30


def actor_of_request(request: HttpRequest) -> Actor:
    """The signed-in account with its seats, or anybody; its queries run once for each request."""
    held: Actor | None = getattr(request, "citong_actor", None)
    if held is None:
        held = actor_of(request.user) if request.user.is_authenticated else ANYBODY
        request.citong_actor = held  # type: ignore[attr-defined]
    return held


def resident_of_request(request: HttpRequest) -> Actor:
    """The same person as a resident: on the public site no post counts."""
    return replace(actor_of_request(request), seats=(), elevated=False)


def hold_receipt(request: HttpRequest, case_id: UUID) -> None:
    """Until this session ends it holds the receipt of the case. The session gets a new key: it can do more now."""
    _hold(request, RECEIPTS, case_id)


def hold_slip(request: HttpRequest, case_id: UUID) -> None:
    """Until this session ends it may read who looked at the case."""
    _hold(request, SLIPS, case_id)


def holds_slip(request: HttpRequest, case_id: UUID) -> bool:
    """Whether this session came with the slip of a person named in the case."""
    return str(case_id) in request.session.get(SLIPS, [])


def receipt_for(request: HttpRequest, case_id: UUID) -> Actor | None:
    """The holder of the case's receipt, if this session holds it."""
    return holder_of(case_id) if str(case_id) in request.session.get(RECEIPTS, []) else None


def hold_party(request: HttpRequest, party: Party) -> None:
    """Until this session ends it may see and do what this party of the case may."""
    _hold(request, PARTIES, party.pk)


def reporter_for(request: HttpRequest, case: Case) -> Actor | None:
    """Whoever asks, as the one who reported the case or is a party to it: by account, by receipt or by a slip; None for
    anybody else. A query where the service has parties."""
    resident = resident_of_request(request)
    held = resident if owns(resident, case) else receipt_for(request, case.id)
    if case_type(case.service).opening.parties is None:
        return held
    proved = frozenset(UUID(one) for one in request.session.get(PARTIES, []))
    party = party_of(case, account=resident.account, receipt=held is not None, among=proved)
    return as_party(held or resident, party) if party else held


def _hold(request: HttpRequest, what: str, id: UUID) -> None:
    held = [one for one in request.session.get(what, []) if one != str(id)]
    request.session.cycle_key()
    request.session[what] = [*held, str(id)][-MOST_HELD:]
