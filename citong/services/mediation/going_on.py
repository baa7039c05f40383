"""What an agreement in part leaves open: a case of its own, with the same people and the same mediator.

It begins without an agreement, so that it can go to court, be tried once more, or end; the part that was agreed stands
by itself. Nothing that was offered or said goes along.
"""

from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models

from citong.core.cases.models import Case, Link, Party
from citong.core.flow.doing import Doing
from citong.core.flow.intake import findable, next_number
from citong.core.flow.record import save, write_entry
from citong.core.flow.timing import begun
from citong.core.ledger.rows import fresh
from citong.core.notices import outbox
from citong.core.papers.models import Paper
from citong.core.papers.proof import facts_of
from citong.core.papers.write import make
from citong.kit.ids import uuid7
from citong.services.mediation.agreements import words_of
from citong.services.mediation.models import Agreement, Dispute, PartyDetails
from citong.services.mediation.papers import PAPERS
from citong.services.mediation.papers_filled import failure
from citong.services.mediation.parties import identified, identify
from citong.services.mediation.sheets import sheet_of

STATE = "failed"
Row = TypeVar("Row", bound=models.Model)


def go_on(doing: Doing, agreement: Agreement) -> Case:
    """The case of what remains, linked to the one that was settled in part; its clock runs and its parties know."""
    rest, dispute, state = _case(doing), _dispute(doing), doing.type.states[STATE]
    people = _people(doing, rest)
    entry = uuid7(doing.at)
    paper = _report(doing, rest, entry=entry)
    remains = str(doing.content.get("remains") or words_of(agreement.entry).get("remains", ""))
    told = {"to": STATE, "channel": rest.channel, "split_from": doing.case.number, **facts_of(paper)}
    write_entry(
        rest, "open", by=doing.actor.signature(doing.seat), at=doing.at, facts=told, content={"text": remains},
        rows=doing.rows, id=entry,
    )  # fmt: skip
    dispute.case = rest
    save(rest, begun(state, rest, at=doing.at), at=doing.at, rows=doing.rows)
    doing.rows.add(*people, dispute, Link(first=doing.case, second=rest, kind=Link.Kind.SPLIT), findable(rest))
    opened = {"number": rest.number, "act": "opened", "service": rest.service, "state": rest.state}
    for party in people:
        if isinstance(party, Party) and party.side:
            doing.rows.add(*outbox.to_party(rest, party, opened, at=doing.at))
    return rest


def _case(doing: Doing) -> Case:
    """A fresh row for the same place, body and hands, which has been nowhere yet."""
    rest = _afresh(doing.case, doing.at)
    rest.number, rest.position, rest.head = next_number(doing.at), 0, b""
    rest.state, rest.open, rest.outcome = STATE, True, ""
    rest.opened_at, rest.changed_at = doing.at, doing.at
    rest.fed_back_at = rest.closed_at = rest.rating = None
    rest.joint, rest.late, rest.urges, rest.reworks, rest.reopenings = [], False, 0, 0, 0
    rest.doers = {name: done for name, done in doing.case.doers.items() if name == "open"}  # still not the finder
    return rest


def _dispute(doing: Doing) -> Dispute:
    dispute = Dispute.objects.get(case=doing.case)
    dispute.failed_as, dispute.agreed_at, dispute.amount = Dispute.Failure.WIDE_GAP, None, None
    dispute._state.adding = True
    return dispute


def _people(doing: Doing, rest: Case) -> list[models.Model]:
    """Everybody of the case once more, with what identifies them sealed anew, agents after whom they speak for."""
    rows: list[models.Model] = []
    held: dict[object, Party] = {}
    for old in sorted(doing.parties, key=lambda one: one.speaks_for_id is not None):
        party = _afresh(old, doing.at)
        party.case, party.speaks_for = rest, held.get(old.speaks_for_id)
        held[old.pk] = party
        rows.append(party)
        if (known := PartyDetails.objects.filter(party=old).first()) is not None:
            details, person = PartyDetails(party=party, authority=known.authority), identified(old)
            identify(party, details, identity=person.identity, home=person.home)
            rows.append(details)
    return rows


def _report(doing: Doing, rest: Case, *, entry: UUID) -> Paper:
    """That no agreement was reached over what remains."""
    kind, sheet = PAPERS["failure"], sheet_of(doing.case, doing.parties)
    told = {**sheet, "matter": replace(sheet["matter"], number=rest.number), **failure(doing), "cause": "wide_gap"}
    return make(
        kind.code, rest.id, kind.template, kind.data(**told), title=kind.title, actor=doing.actor, at=doing.at,
        entry=entry,
    )  # fmt: skip


def _afresh(row: Row, at: datetime) -> Row:
    """The same values in a row that is not saved yet."""
    made = fresh(type(row), {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields})
    made.pk = uuid7(at)
    return made
