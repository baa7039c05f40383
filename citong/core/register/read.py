"""Reading the register: what an actor may see of a record, how it came about, and who looked at it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from citong.core.ledger.read import history as entries_of
from citong.core.people.access import READERS_FOR, Actor, Purpose, reaches_record, register_scope
from citong.core.people.administration import look
from citong.core.people.models import Account, Look
from citong.core.people.refusal import NotAllowed, NotThere
from citong.core.register.checking import opened
from citong.core.register.declare import OnPhone
from citong.core.register.kinds import KINDS
from citong.core.register.models import Proposal, Record, Tie
from citong.core.register.place import family
from citong.core.register.sealed import blind, unseal
from citong.core.search.index import found as found_documents
from citong.kit import checks
from citong.kit.text import plain

EXACT = sorted({known.key for kind in KINDS.values() for known in kind.known.values() if known.key})


@dataclass(frozen=True)
class FieldStep:
    """One word about one field: the value as it may be shown, where it came from, and who said it when."""

    field: str
    value: Any
    source: str
    on: date | None
    at: datetime
    by: str
    unit: str
    version: int
    act: str


def reach(actor: Actor, purpose: Purpose = Purpose.HANDLING) -> QuerySet[Record]:
    """The records the actor may see for the purpose, those that were merged into others left out."""
    return Record.objects.filter(register_scope(actor, purpose), merged_into=None)


def one(record: UUID, *, actor: Actor, purpose: Purpose = Purpose.HANDLING) -> Record:
    """The record of this id, or the one it was merged into. Raises NotThere; it leaves no look: `opened_page` does."""
    found = Record.objects.filter(pk=record).select_related("merged_into").first()
    while found is not None and found.merged_into is not None:
        found = found.merged_into
    if found is None or not reaches_record(actor, found, purpose):
        raise NotThere(_("There is no such record."))
    return found


def opened_page(record: UUID, *, actor: Actor, purpose: Purpose, at: datetime) -> Record:
    """As `one`, and the look is in the record's access history."""
    found = one(record, actor=actor, purpose=purpose)
    look(found.id, actor=actor, purpose=purpose, at=at)
    return found


def shown(record: Record, actor: Actor) -> dict[str, Any]:
    """Field to value in declared order, sealed ones masked; fields without a value are left out. No query."""
    if not reaches_record(actor, record, Purpose.HANDLING):
        return {}
    clear, known = opened(record), KINDS[record.kind].known
    return {name: _masked(record.kind, name, clear[name]) for name in known if clear.get(name)}


def reveal(
    record: UUID, fields: Iterable[str], *, actor: Actor, purpose: Purpose, at: datetime
) -> dict[str, Any]:  # fmt: skip
    """These fields in clear; the look is in the record's access history. Raises NotThere, NotAllowed."""
    if purpose not in READERS_FOR:
        raise NotAllowed(_("Say what you need it for."))
    found = opened_page(record, actor=actor, purpose=purpose, at=at)
    return {name: value for name, value in opened(found, fields).items() if value}


def name_of(record: Record) -> str:
    """How lists show the record, in the reader's language."""
    return KINDS[record.kind].shown_name(record.name)


def history(record: Record) -> list[FieldStep]:
    """Every word about every field, oldest first, also those that emptied it; sealed values masked. Three queries."""
    recorded = entries_of(record.id)
    accounts = Account.objects.filter(pk__in={one.entry.actor for one in recorded})
    names: dict[UUID | None, str] = dict(accounts.values_list("id", "name"))
    steps = []
    for one in recorded:
        facts, words = one.entry.facts, one.words or {}
        steps += [
            FieldStep(
                name, _masked(record.kind, name, _clear(record, name, words.get(name, ""))), facts.get("source", ""),
                date.fromisoformat(facts["on"]) if "on" in facts else None, one.entry.at,
                names.get(one.entry.actor, ""), one.entry.unit, facts["version"], one.entry.act,
            )
            for name in facts.get("fields", ())
        ]  # fmt: skip
    return steps


def ties_of(record: Record, *, ended: bool = True) -> list[Tie]:
    """The record's ties from either end, and of those merged into it, with both ends; two queries."""
    ids = family([record.id])
    ties = Tie.objects.filter(Q(subject__in=ids) | Q(object__in=ids)).select_related("subject", "object")
    return list((ties if ended else ties.filter(until=None)).order_by("id"))


def looks_at(record: Record) -> list[Look]:
    """Every look at the record and at those merged into it, newest first; two queries."""
    return list(Look.objects.filter(subject__in=family([record.id])).order_by("-at", "-id"))


def find(
    text: str, *, actor: Actor, kind: str = "", after: Record | None = None, most: int = 50,
    purpose: Purpose = Purpose.HANDLING, within: Mapping[str, str] | None = None,
) -> list[Record]:  # fmt: skip
    """Records in the actor's reach by the beginning of their name, by their words, or by an exact number.

    `within` is a level (district, street, community, grid) and its code. In order of name; `after` is the last one of
    the page before. A hit on a merged record is a hit on the other.
    """
    text = plain(text, 200) if len(text) <= 200 else ""
    if not text:
        return []
    hits = _hits(text)
    found = reach(actor, purpose).filter(pk__in=hits).order_by("name", "id")
    found = found.filter(**({"kind": kind} if kind else {}), **(within or {}))
    if after is not None:
        found = found.filter(Q(name__gt=after.name) | Q(name=after.name, id__gt=after.id))
    return list(found[:most])


def proposals_for(actor: Actor, *, after: UUID | None = None, most: int = 50) -> list[Proposal]:
    """What waits to be decided in the actor's reach, oldest first, with records and authors."""
    waiting = Proposal.objects.filter(state=Proposal.State.WAITING, record__in=_all_of(actor))
    if after is not None:
        waiting = waiting.filter(id__gt=after)
    return list(waiting.select_related("record", "author").order_by("id")[:most])


def on_phone(records: Iterable[Record], actor: Actor) -> list[dict[str, Any]]:
    """The rows a phone gets of these records, as far as the actor reaches them; what must not go there is left out."""
    return [_row(record) for record in records if reaches_record(actor, record, Purpose.VISITING)]


def _row(record: Record) -> dict[str, Any]:
    known = KINDS[record.kind].known
    fit = [name for name in record.values if name in known and not _stays(known[name])]
    row = {
        "what": "record", "id": str(record.id), "version": record.version, "kind": record.kind, "name": record.name,
        "grid": record.grid, "at": None if record.lon is None else [record.lon, record.lat],
        "values": opened(record, fit), "said": {name: said[0] for name, said in record.said.items()},
    }  # fmt: skip
    if record.merged_into_id:
        row["merged"] = str(record.merged_into_id)
    if record.ended_on:
        row["ended"] = record.ended_on.isoformat()
    return row


def _stays(known: Any) -> bool:
    return bool(known.sealed and known.on_phone is OnPhone.NEVER)


def _masked(kind: str, name: str, value: Any) -> Any:
    known = KINDS[kind].known.get(name)
    return known.mask(value) if known is not None and known.sealed and value else value


def _clear(record: Record, name: str, value: Any) -> Any:
    known = KINDS[record.kind].known.get(name)
    return unseal(value, record.id, name) if known is not None and known.sealed else value


def _hits(text: str) -> QuerySet[Any, Any]:
    number = checks.digits(text)
    keys = [blind(sort, number.casefold()) for sort in EXACT]
    plain_rows = Record.objects.order_by().values("pk")
    hits = plain_rows.filter(name__startswith=text).union(
        plain_rows.filter(keys__overlap=keys), found_documents(text, "record"), all=True
    )
    merged = Record.objects.filter(merged_into__isnull=False, pk__in=hits).values("merged_into")
    return hits.union(merged, all=True)


def _all_of(actor: Actor) -> QuerySet[Record]:
    return Record.objects.filter(register_scope(actor, Purpose.HANDLING))
