"""Two records that turn out to be one, and one that turns out to be two: nothing is lost either way."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.ledger.models import Content, Entry
from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Purpose, Seat, may_decide, reaches_record
from citong.core.people.refusal import NotAllowed, NotThere, WrongState
from citong.core.places.current import day_of
from citong.core.register.changing import branch_of
from citong.core.register.checking import fit_together, invalid, opened
from citong.core.register.held import Held, leave, locked, say, together
from citong.core.register.kinds import KINDS
from citong.core.register.models import Record, Source
from citong.core.register.sealed import unseal

Said = list[Any]


def merge(
    lost: UUID, *, into: UUID, actor: Actor, at: datetime, take: Sequence[str] = (), rows: Rows | None = None
) -> Record:  # fmt: skip
    """`lost` is from now on the record `into`, which takes the named fields from it with their source and day.

    The lost record keeps its values, its ties and its history; whatever is said about it is said about `into`.
    Raises NotThere, NotAllowed, WrongState when one of them was merged already, Invalid for different kinds.
    """
    with together(rows) as rows:
        held = locked([lost, into], rows=rows)
        (gone, seat), (kept, _seat) = _mine(held, lost, actor), _mine(held, into, actor)
        _one_kind(gone, kept, take)
        values = {name: value for name, value in opened(gone, take).items() if opened(kept, [name])[name] != value}
        was = {name: [kept.values.get(name, ""), kept.said.get(name)] for name in values}
        fit_together(KINDS[kept.kind], opened(kept), opened(kept) | values)
        told = _retold(kept, values, {name: gone.said.get(name) for name in values}, actor=actor, at=at, rows=rows)
        facts = {"lost": str(gone.id), "fields": sorted(told), "version": kept.version}
        content = told | {"was": was} if was else {}
        leave(kept, "merge", actor=actor, seat=_seat, at=at, rows=rows, facts=facts, content=content)
        gone.merged_into_id = kept.id
        gone.version += 1
        facts = {"into": str(kept.id), "version": gone.version}
        leave(gone, "merge", actor=actor, seat=seat, at=at, rows=rows, facts=facts)
        return kept


def unmerge(lost: UUID, *, actor: Actor, at: datetime, rows: Rows | None = None) -> Record:
    """The two are two again: `lost` as it was when it was merged, with its ties, under its own id.

    The other record gets back what stood in each field that it took from the lost one, unless somebody has said
    something else about that field since: the later word stays. All else that was said or tied meanwhile stays with
    it as well; which of that belongs to the lost one a person must say. Raises NotThere, NotAllowed, WrongState.
    """
    with together(rows) as rows:
        held = locked([lost], rows=rows)
        gone, seat = _mine(held, lost, actor)
        if gone.merged_into_id is None:
            raise WrongState(_("This record is not merged into another."))
        kept, _seat = _mine(held, gone.merged_into_id, actor)
        version, was = _before(gone, kept)
        back = {name: one for name, one in was.items() if kept.said[name][0] == version}
        known = KINDS[kept.kind].known
        values = {
            name: unseal(value, kept.id, name) if known[name].sealed else value for name, (value, _said) in back.items()
        }  # fmt: skip
        told = _retold(kept, values, {name: said for name, (_v, said) in back.items()}, actor=actor, at=at, rows=rows)
        facts = {"lost": str(gone.id), "fields": sorted(told), "version": kept.version}
        leave(kept, "unmerge", actor=actor, seat=_seat, at=at, rows=rows, facts=facts, content=told)
        gone.merged_into_id = None
        gone.version += 1
        facts = {"into": str(kept.id), "version": gone.version}
        leave(gone, "unmerge", actor=actor, seat=seat, at=at, rows=rows, facts=facts)
        return gone


def _mine(held: Held, id: UUID, actor: Actor) -> tuple[Record, Seat]:
    found = held.get(id)
    if found is None or not reaches_record(actor, found, Purpose.HANDLING):
        raise NotThere(_("There is no such record."))
    seat = may_decide(actor, found, author=None)
    if seat is None:
        raise NotAllowed(_("Records are merged by an office of their area."))
    return found, seat


def _one_kind(gone: Record, kept: Record, take: Sequence[str]) -> None:
    if gone.merged_into_id or kept.merged_into_id:
        raise WrongState(_("One of these records is merged into another already."))
    if gone.kind != kept.kind or gone.id == kept.id:
        raise invalid({"into": [_("Only two records of one kind can be merged.")]})
    if strange := [name for name in take if name not in KINDS[kept.kind].known]:
        raise invalid({name: [_("Records of this kind have no such field.")] for name in strange})


def _retold(
    record: Record, values: Mapping[str, Any], said: Mapping[str, Said | None], *,
    actor: Actor, at: datetime, rows: Rows,
) -> dict[str, Any]:  # fmt: skip
    """The record says these values in a new version, each with the source and day it was said with before."""
    today = day_of(at)
    told = say(record, values, branch=branch_of(actor, ""), source=Source.OFFICE, on=today, rows=rows)
    before = {name: one for name, one in said.items() if one}
    record.said = record.said | {name: [*record.said[name][:2], *one[2:]] for name, one in before.items()}
    return told


def _before(gone: Record, kept: Record) -> tuple[int, dict[str, tuple[str, Said | None]]]:
    """The version by which `kept` took fields from `gone`, and what it said in them before."""
    entries = Entry.objects.filter(subject=kept.id, act="merge", facts__lost=str(gone.id))
    last = entries.order_by("-position").first()
    if last is None:
        return 0, {}
    body = Content.objects.filter(pk=last.id).values_list("body", flat=True).first() or {}
    return last.facts["version"], {name: (value, said) for name, (value, said) in body.get("was", {}).items()}
