"""What is for one person: notices to them, what they proposed, and what became of their operations."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from citong.core.notices.models import Notice
from citong.core.notices.words import words
from citong.core.people.access import Actor
from citong.core.register.declare import OnPhone
from citong.core.register.kinds import KINDS
from citong.core.register.models import Proposal
from citong.core.register.sealed import unseal
from citong.core.sync.declare import Holding, Result, Told
from citong.core.sync.models import Operation
from citong.core.sync.scopes import ACCOUNT, sort_of

KEPT = timedelta(days=30)


class Notices(Holding):
    """Notices in the app to this person, of the last thirty days."""

    what = "notice"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        return {notice.id: _notice(notice, actor.language) for notice in _notices(scopes).filter(pk__in=subjects)}

    def whole(self, scope: str) -> Iterable[Told]:
        return [_notice(notice, notice.language) for notice in _notices([scope]).order_by("id")]

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        return [(id, 2 if seen_at else 1) for id, seen_at in _notices([scope]).values_list("id", "seen_at")]


class Proposals(Holding):
    """What this person said of a record and somebody decides; for thirty days more, how it was decided."""

    what = "proposal"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        found = _proposals(scopes).filter(pk__in=subjects).select_related("record")
        with override(actor.language):
            return {proposal.id: _proposal(proposal) for proposal in found}

    def whole(self, scope: str) -> Iterable[Told]:
        return [_proposal(proposal) for proposal in _proposals([scope]).select_related("record").order_by("id")]

    def versions(self, scope: str) -> Iterable[tuple[UUID, int]]:
        return [(id, 2 if at else 1) for id, at in _proposals([scope]).values_list("id", "decided_at")]


class Operations(Holding):
    """News of an operation that was held or refused at first. It is told once and not held: no load has it."""

    what = "operation"

    def rows(self, subjects: Sequence[UUID], *, actor: Actor, scopes: Sequence[str]) -> dict[UUID, Told]:
        found = Operation.objects.filter(pk__in=subjects, device__account__in=_accounts(scopes))
        told = found.exclude(result=Result.HELD)
        return {one.id: {"what": "operation", "version": 1} | one.answer for one in told}

    def whole(self, scope: str) -> Iterable[Told]:
        return ()


def _notices(scopes: Sequence[str]) -> QuerySet[Notice]:
    return Notice.objects.filter(
        account__in=_accounts(scopes), channel=Notice.Channel.APP, made_at__gt=timezone.now() - KEPT
    )


def _notice(notice: Notice, language: str) -> Told:
    notice.language = language
    return {
        "what": "notice", "id": str(notice.id), "version": 2 if notice.seen_at else 1, "text": words(notice).body,
        "at": notice.made_at.isoformat(), "case": str(notice.subject), "read": notice.seen_at is not None,
    }  # fmt: skip


def _proposals(scopes: Sequence[str]) -> QuerySet[Proposal]:
    lately = Q(decided_at=None) | Q(decided_at__gt=timezone.now() - KEPT)
    return Proposal.objects.filter(lately, author__in=_accounts(scopes))


def _proposal(proposal: Proposal) -> Told:
    return {
        "what": "proposal", "id": str(proposal.id), "version": 2 if proposal.decided_at else 1,
        "record": str(proposal.record_id), "values": _values(proposal), "why": proposal.get_why_display(),
        "state": proposal.state,
    }  # fmt: skip


def _values(proposal: Proposal) -> dict[str, Any]:
    known, shown = KINDS[proposal.record.kind].known, {}
    for name, value in proposal.values.items():
        if name in known and not known[name].sealed:
            shown[name] = value
        elif name in known and known[name].on_phone is OnPhone.WHOLE:
            shown[name] = unseal(value, proposal.record_id, name)
    return shown


def _accounts(scopes: Sequence[str]) -> list[UUID]:
    return [UUID(key) for sort, key in map(sort_of, scopes) if sort == ACCOUNT]
