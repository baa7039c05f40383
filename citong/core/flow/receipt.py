"""Receipts: a short number plus a secret let their holder see and do what the reporter may, without an account."""

import hmac
from typing import Any
from uuid import UUID

from django.conf import settings

from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.ledger.proof import receipt
from citong.core.ledger.read import history
from citong.core.people.access import Actor
from citong.kit import ids


def receipt_actor(number: str, secret: str) -> tuple[Case, Actor] | None:
    """The case and an actor who holds its receipt, or None for a wrong number or secret alike; one query."""
    try:
        plain = ids.case_number(*ids.parse_number(number))
        given = ids.digest(secret, settings.RECEIPT_PEPPER)
    except ValueError:
        return None
    case = Case.objects.filter(number=plain).first()
    if case is None or not hmac.compare_digest(bytes(case.receipt), given):
        return None
    return case, holder_of(case.id)


def proof_of(case: Case) -> dict[str, Any]:
    """The file of the case's receipt: its whole history with proofs, and the words meant for its reporter."""
    acts = case_type(case.service).acts
    entries = [recorded.entry for recorded in history(case.id, since=case.opened_at)]
    readable = frozenset(entry.id for entry in entries if entry.act not in acts or acts[entry.act].public)
    return receipt(case.number, entries, readable=readable)


def holder_of(case: UUID) -> Actor:
    """Whoever holds the receipt of this case."""
    return Actor(receipt=case)
