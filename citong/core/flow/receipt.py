"""Receipts: a short number plus a secret let their holder see and do what the reporter may, without an account."""

from typing import Any
from uuid import UUID

from citong.core.cases.declare import Act
from citong.core.cases.models import Case
from citong.core.cases.reading import words_for_reporter
from citong.core.cases.registry import case_type
from citong.core.flow.reading import reads
from citong.core.ledger.proof import receipt
from citong.core.ledger.read import Recorded, history
from citong.core.people import slip
from citong.core.people.access import Actor
from citong.core.people.posts import Post


def receipt_actor(number: str, secret: str) -> tuple[Case, Actor] | None:
    """The case and an actor who holds its receipt, or None for a wrong number or secret alike; one query."""
    given = slip.read(number, secret)
    case = Case.objects.filter(number=given.number).first() if given else None
    if given is None or case is None or not given.opens([case.receipt]):
        return None
    return case, holder_of(case.id)


def proof_of(case: Case, actor: Actor) -> dict[str, Any]:
    """The file of the case's receipt: its whole history with proofs, and the words meant for this actor. Of what they
    do not read in a private case, it holds the hash alone."""
    acts = case_type(case.service).acts
    recorded = history(case.id, since=case.opened_at)
    readable = frozenset(one.entry.id for one in recorded if _readable(one, acts.get(one.entry.act)))
    withheld = frozenset(one.entry.id for one in recorded if not reads(one.entry, case, actor))
    return receipt(case.number, [one.entry for one in recorded], readable=readable - withheld, withheld=withheld)


def _readable(one: Recorded, declared: Act | None) -> bool:
    """Words are bound as a whole, so they are given only where all of them are meant for the reporter."""
    content = {name: value for name, value in (one.words or {}).items() if value}
    own = one.entry.post == Post.RESIDENT
    return bool(content) and len(words_for_reporter(declared, content, own=own)) == len(content)


def holder_of(case: UUID) -> Actor:
    """Whoever holds the receipt of this case."""
    return Actor(receipt=case)
