"""Notices, to be written with the act that causes them: they wait in the outbox or stay in the app."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from citong.core.cases.models import Case, Party
from citong.core.notices.models import Notice
from citong.kit.ids import uuid7

TOLD = (Party.Role.REPORTER, Party.Role.FOLLOWER, Party.Role.ON_BEHALF_OF)
ADDRESS = {"email": "email", "sms": "phone", "webhook": "webhook"}


def to_unit(subject: UUID, unit: int, facts: dict[str, Any], *, account: UUID | None, at: datetime) -> Notice:
    """A notice for everybody in a unit, or for the one who holds the case there."""
    return Notice(
        id=uuid7(at), subject=subject, channel=Notice.Channel.APP, unit_id=unit, account_id=account,
        code=str(facts["act"]), facts=facts, made_at=at, sent_at=at,
    )  # fmt: skip


def to_parties(
    case: Case, facts: dict[str, Any], *, at: datetime, parties: Iterable[Party] | None = None
) -> list[Notice]:
    """A notice on each channel that each reporter and follower of the case chose; one query, none with `parties`."""
    if parties is None:
        parties = Party.objects.filter(case=case, role__in=TOLD).select_related("account")
    return [one for party in parties if party.role in TOLD for one in to_party(case, party, facts, at=at)]


def to_party(case: Case, party: Party, facts: dict[str, Any], *, at: datetime) -> list[Notice]:
    """A notice on each channel that this one chose; no query where the account is loaded."""
    return [
        _to_party(case, party, channel, facts, at)
        for channel in party.channels
        if channel == "app" or getattr(party, ADDRESS[channel])
    ]


def _to_party(case: Case, party: Party, channel: str, facts: dict[str, Any], at: datetime) -> Notice:
    outside = channel != Notice.Channel.APP
    facts = facts | {"follower": True} if party.role == Party.Role.FOLLOWER else facts
    return Notice(
        id=uuid7(at), subject=case.id, channel=channel, account_id=party.account_id,
        address=getattr(party, ADDRESS[channel]) if outside else "",
        language=party.account.language if party.account else "zh-hans",
        code=str(facts["act"]), facts=facts, made_at=at,
        next_at=at if outside else None, sent_at=None if outside else at,
    )  # fmt: skip
