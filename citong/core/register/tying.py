"""Ties between records: begun, ended, and where they house somebody."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Purpose, reaches_record
from citong.core.people.refusal import NotThere
from citong.core.register.checking import invalid
from citong.core.register.declare import TieKind
from citong.core.register.held import leave, locked, standing, together, touch
from citong.core.register.kinds import TIES
from citong.core.register.making import place_at
from citong.core.register.models import Record, Tie
from citong.core.register.place import inside
from citong.kit.ids import uuid7


def tie(
    kind: str, subject: UUID, object: UUID, *, source: str, actor: Actor, at: datetime, since: date | None = None,
    id: UUID | None = None, rows: Rows | None = None,
) -> Tie:  # fmt: skip
    """The subject belongs to the object in this way; a tie that houses it puts it where the object is.

    A tie that holds already, or one of this id, is returned as it stands. Whoever ties must be able to write to the
    subject and to see the object. Raises NotThere, NotAllowed, Invalid.
    """
    declared = TIES.get(kind)
    if declared is None:
        raise NotThere(_("There is no such tie."))
    with together(rows) as rows:
        held = locked([subject, object], rows=rows)
        one, seat = standing(held, subject, actor=actor)
        other = _seen(held, object, actor)
        _fits(declared, one, other)
        if known := _known(kind, one, other, id, rows):
            return known
        found = Tie(
            id=id or uuid7(at), kind=kind, subject=one, object=other, since=since, source=source, changed_at=at
        )  # fmt: skip
        rows.add(found)
        facts = {"tie": str(found.id), "tie_kind": kind, "object": str(other.id), "source": source}
        facts |= {"since": since.isoformat()} if since else {}
        leave(one, "tie", actor=actor, seat=seat, at=at, rows=rows, facts=facts)
        if declared.houses:
            place_at(one, inside(other), actor=actor, seat=seat, at=at, rows=rows)
        return found


def untie(tie: UUID, *, until: date, actor: Actor, at: datetime, rows: Rows | None = None) -> Tie:
    """The tie held until this day. Told again it stays as it was first told. Raises NotThere, NotAllowed, Invalid."""
    with together(rows) as rows:
        found = rows.held(Tie).get(tie) or Tie.objects.select_for_update().filter(pk=tie).first()
        if found is None:
            raise NotThere(_("There is no such tie."))
        one, seat = standing(locked([found.subject_id], rows=rows), found.subject_id, actor=actor)
        if found.until is not None:
            return found
        if found.since and until < found.since:
            raise invalid({"until": [_("It ends before it begins.")]})
        found.until, found.changed_at = until, at
        found.version += 1
        touch(found, rows=rows)
        facts = {"tie": str(found.id), "tie_kind": found.kind, "object": str(found.object_id)}
        leave(one, "untie", actor=actor, seat=seat, at=at, rows=rows, facts=facts | {"until": until.isoformat()})
        return found


def ties_of_all(records: Sequence[UUID], *, held: bool = True) -> list[Tie]:
    """Ties of these records from either end, with both ends; one query. Without `held` the ended ones as well."""
    ties = Tie.objects.filter(Q(subject__in=records) | Q(object__in=records)).select_related("subject", "object")
    return list((ties.filter(until=None) if held else ties).order_by("id"))


def _seen(held: dict[UUID, Record], id: UUID, actor: Actor) -> Record:
    found = held.get(id)
    while found is not None and found.merged_into_id:
        found = held.get(found.merged_into_id)
    if found is None or not reaches_record(actor, found, Purpose.HANDLING):
        raise NotThere(_("There is no such record."))
    return found


def _fits(declared: TieKind, subject: Record, object: Record) -> None:
    if subject.kind not in declared.subject or object.kind not in declared.object or subject.id == object.id:
        raise invalid({"object": [_("“%(tie)s” does not fit between these two.") % {"tie": declared.label}]})


def _known(kind: str, subject: Record, object: Record, id: UUID | None, rows: Rows) -> Tie | None:
    for waiting in rows.held(Tie).values():
        same = (waiting.kind, waiting.subject_id, waiting.object_id) == (kind, subject.id, object.id)
        if waiting.id == id or (same and waiting.until is None):
            return waiting
        if same:  # what ends and what begins anew can not be in one statement: each tie holds once at a time
            rows.write()
            break
    same_now = Q(subject=subject.id, kind=kind, object=object.id, until=None)
    return Tie.objects.filter(Q(pk=id) | same_now).select_for_update().first()
