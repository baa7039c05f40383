"""Sessions that can not be held any more, because their dispute has moved on."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from citong.core.cases.models import Case, Party
from citong.core.flow.doing import Doing
from citong.core.notices import outbox
from citong.core.notices.models import Notice
from citong.services.mediation.models import Session
from citong.services.mediation.sessions.reading import MEETS, attending
from citong.services.mediation.sessions.times import Taken, book, busy, give_back, lock, takers
from citong.services.mediation.sessions.words import facts_of

MOVED_ON = ~Q(case__state__in=MEETS) | Q(case__holder=None) | ~Q(case__holder=F("mediator"))


def cancelled(session: Session, *, at: datetime) -> None:
    """The session will not be held; its time is free, and calendars hear of it. One statement or two."""
    session.cancelled_at = session.changed_at = at
    session.sequence += 1
    session.save(update_fields=["cancelled_at", "changed_at", "sequence"])
    give_back([session])


def tell(session: Session, case: Case, parties: Iterable[Party], code: str, *, at: datetime) -> list[Notice]:
    """What those hear for whom the session is: when it is, and nothing of the dispute. Whoever chose no channel but
    left a telephone hears by text message, for they are asked to come."""
    facts = facts_of(session, case, code)
    whose = [_reached(one) for one in attending(parties, session.side)]
    return [one for party in whose for one in outbox.to_party(case, party, facts, at=at)]


def _reached(party: Party) -> Party:
    if party.channels or not party.phone:
        return party
    reached = copy(party)
    reached.channels = [Notice.Channel.SMS.value]
    return reached


def drop(doing: Doing) -> None:
    """An act that takes the dispute from the table cancels the sessions to come; one that has begun can still be
    written down. A query only for such an act."""
    target = doing.to or doing.act.target
    if target is None or target.name in MEETS or doing.case.state not in MEETS:
        return
    coming = Session.objects.filter(case=doing.case, cancelled_at=None, held_at=None, begins_at__gt=doing.at)
    for session in coming:
        cancelled(session, at=doing.at)
        doing.rows.add(*tell(session, doing.case, doing.parties, "session_cancelled", at=doing.at))


def tidy(*, at: datetime, limit: int = 200) -> int:
    """Sessions of a dispute that a colleague took over go along where the colleague is free; those that can not, and
    whatever else can not be held any more, are cancelled. Returns how many. Safe beside other workers."""
    stale = Session.objects.filter(MOVED_ON, cancelled_at=None, held_at=None, begins_at__gt=at)
    cases = list(stale.order_by("case").values_list("case", flat=True).distinct()[:limit])
    return sum(_tidy_case(one, at) for one in cases)


@transaction.atomic
def _tidy_case(case_id: UUID, at: datetime) -> int:
    """The case is locked before its sessions, as in every act."""
    case = Case.objects.select_for_update(skip_locked=True).filter(pk=case_id).first()
    if case is None:
        return 0
    parties = list(Party.objects.filter(case=case).select_related("account"))
    stale = list(Session.objects.filter(MOVED_ON, case=case, cancelled_at=None, held_at=None, begins_at__gt=at))
    for session in stale:
        if case.state in MEETS and case.holder_id and _goes_along(session, case, parties, at):
            continue
        cancelled(session, at=at)
        Notice.objects.bulk_create(tell(session, case, parties, "session_cancelled", at=at))
    return len(stale)


def _goes_along(session: Session, case: Case, parties: list[Party], at: datetime) -> bool:
    """Whether the colleague who has the dispute now is free then: the session is theirs."""
    assert case.holder_id is not None
    whose = takers(case.holder_id, session.room, attending(parties, session.side))
    lock(whose)
    if busy(whose, session.begins_at, session.ends_at, besides=session.pk):
        return False
    try:
        book(session, whose)
    except Taken:
        return False
    session.mediator_id, session.changed_at = case.holder_id, at
    session.sequence += 1
    session.save(update_fields=["mediator", "changed_at", "sequence"])
    return True
