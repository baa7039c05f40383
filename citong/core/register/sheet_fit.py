"""Where the rows of a table belong: to a record that is known by its number or address, or to a new one."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor, Purpose, register_scope
from citong.core.people.refusal import Refusal
from citong.core.register import bulk, write
from citong.core.register.bulk import Bond, Checked
from citong.core.register.changing import Change, Changed
from citong.core.register.checking import kept
from citong.core.register.declare import TieKind
from citong.core.register.kinds import KINDS, TIES, Dwelling
from citong.core.register.models import Record, Source, TableImport, Tie
from citong.core.register.sealed import twin_keys
from citong.core.register.sheet_kinds import Draft, Outlook
from citong.core.register.twins import twins_of_all
from citong.kit.ids import uuid7_floor
from citong.kit.text import alike

NOISE_BITS = 62
MOST_AT_ONCE = 10_000  # ids in one query


@dataclass
class Fitted:
    """A row and what it is: the record it fits (`known`) or the id of the new one, and its dwelling."""

    draft: Draft
    id: UUID
    known: Record | None = None
    later: bool = False  # an earlier row of the same table is this record
    home: UUID | None = None
    home_is_new: bool = False
    twins: Sequence[str] = ()
    what: str = "fresh"


@dataclass
class Settled:
    """What becomes of some rows of a table. `load` writes the new ones, then `change` the known ones."""

    table: TableImport
    rows: list[Fitted] = field(default_factory=list)
    homes: dict[UUID, Draft] = field(default_factory=dict)  # new dwellings by id, each with the first row that names it
    refused: list[Draft] = field(default_factory=list)

    def count(self, what: str) -> int:
        """How many rows became this; "twins" counts new records that may be known already."""
        if what == "twins":
            return sum(bool(row.twins) for row in self.rows if row.what == "fresh")
        return sum(row.what == what for row in self.rows)

    def outlook(self) -> list[Outlook]:
        """What would become of each row."""
        refused = [Outlook(draft, _("refused"), "late", draft.faults) for draft in self.refused]
        return [*(_outlook(row) for row in self.rows), *refused]

    def load(self, *, actor: Actor, at: datetime) -> None:
        """New dwellings and records stand in the register; rows that could not be recorded have their faults."""
        homes = [self._home(id, draft) for id, draft in self.homes.items()]
        lost = _loaded(homes, [self.homes[row.id] for row in homes], actor, at)
        fresh = [row for row in self.rows if row.what == "fresh" and row.home not in lost]
        for row in self.rows:
            if row.home in lost:
                row.draft.faults = row.draft.faults or self.homes[row.home].faults
        _loaded([self._record(row) for row in fresh], [row.draft for row in fresh], actor, at)
        self._drop_refused()

    def change(self, *, actor: Actor, at: datetime) -> None:
        """Known records say what their rows say, and are tied to their dwellings. Part of a transaction."""
        rows, known = Rows(), [row for row in self.rows if row.known is not None or row.later]
        if not known:
            return
        self._find_later(known)
        changes = [self._change(row) for row in known]
        for row, done in zip(known, write.change_all(changes, actor=actor, at=at, rows=rows), strict=True):
            row.what = _became(row.draft, done)
        self._tie(known, actor, at, rows)
        rows.write()
        self._drop_refused()

    def _drop_refused(self) -> None:
        for row in self.rows:
            if row.draft.faults:
                row.what = "refused"

    def _home(self, id: UUID, draft: Draft) -> Checked:
        return Checked("dwelling", draft.home, self.table.on, id, draft.grid, draft.lon, draft.lat)

    def _record(self, row: Fitted) -> Checked:
        draft, home = row.draft, home_of(self.table.kind)
        ties = [Bond(home.code, row.home, draft.since)] if home and row.home else []
        place = ("", None, None) if ties else (draft.grid, draft.lon, draft.lat)
        return Checked(self.table.kind, draft.values, self.table.on, row.id, *place, ties=ties)

    def _find_later(self, known: list[Fitted]) -> None:
        """Rows that say more about a record of an earlier row find it now that it stands."""
        made = Record.objects.in_bulk([row.id for row in known if row.later])
        for row in known:
            row.known = made.get(row.id, row.known)
            if row.known is None:
                row.draft.faults.append(_("An earlier row of the same number was refused: mend that one first."))
        known[:] = [row for row in known if row.known is not None]

    def _change(self, row: Fitted) -> Change:
        """What the table says, but for what somebody said of a later day."""
        assert row.known is not None
        said, day = row.known.said, self.table.on.isoformat()
        given = {
            name: kept(value)
            for name, value in row.draft.values.items()
            if (said.get(name) or ["", "", "", ""])[3] <= day
        }
        return Change(row.known.id, given, row.known.version, Source.IMPORT, self.table.on)

    def _tie(self, known: list[Fitted], actor: Actor, at: datetime, rows: Rows) -> None:
        home = home_of(self.table.kind)
        housed = [row for row in known if row.home and not row.draft.faults]
        if home is None or not housed:
            return
        ids = [row.known.id for row in housed if row.known]
        there = set(Tie.objects.filter(subject__in=ids, kind=home.code, until=None).values_list("subject", "object"))
        for row in housed:
            assert row.known is not None and row.home is not None
            if (row.known.id, row.home) in there:
                continue
            try:
                write.tie(
                    home.code, row.known.id, row.home, since=row.draft.since, source=Source.IMPORT, actor=actor, at=at,
                    rows=rows,
                )  # fmt: skip
                row.what = "changed"
            except Refusal as refusal:
                row.draft.faults.append(str(refusal))


def _outlook(row: Fitted) -> Outlook:
    if row.known is not None:
        return Outlook(row.draft, _("is known"), "calm")
    if row.later:
        return Outlook(row.draft, _("an earlier row again"), "calm")
    if row.twins:
        return Outlook(row.draft, _("new, perhaps known"), "near", list(dict.fromkeys(row.twins)))
    return Outlook(row.draft, _("new"), "good")


def home_of(kind: str) -> TieKind | None:
    """The tie by which a record of this kind is found where a dwelling is; None for kinds that have none."""
    homes = (tie for tie in TIES.values() if tie.houses and kind in tie.subject and Dwelling.code in tie.object)
    return next((tie for tie in homes if kind in ("person", "organisation")), None)


def settle(drafts: Sequence[Draft], table: TableImport, *, actor: Actor) -> Settled:
    """Where each row belongs; nothing is written."""
    good = [draft for draft in drafts if not draft.faults]
    keys = {id(draft): _keys(table.kind, draft.values) for draft in good}
    homes = _home_keys(good)
    settled = Settled(table, refused=[draft for draft in drafts if draft.faults])
    known = _known({key for found in keys.values() for key, _why in found}, table.kind, actor)
    places = _Homes(settled, _known(set(homes.values()), Dwelling.code, actor))
    seen: dict[str, Fitted] = {}
    for draft in good:
        row = _fitted(draft, keys[id(draft)], table, known, seen)
        if draft.faults:
            settled.refused.append(draft)
            continue
        if id(draft) in homes:
            places.put(row, homes[id(draft)])
        settled.rows.append(row)
    return settled


def _home_keys(drafts: Sequence[Draft]) -> dict[int, str]:
    """Of each draft (by `id`) that names a dwelling the key of its address; rows of one home share the work."""
    held: dict[tuple[tuple[str, Any], ...], str] = {}
    found = {}
    for draft in drafts:
        if draft.home:
            home = tuple(draft.home.items())
            if home not in held:
                held[home] = _keys(Dwelling.code, draft.home)[0][0]
            found[id(draft)] = held[home]
    return found


class _Homes:
    """The dwellings that rows name, known ones and new ones."""

    def __init__(self, settled: Settled, known: Mapping[str, list[Record]]) -> None:
        self.settled, self.known, self.new = settled, known, dict[str, UUID]()

    def put(self, row: Fitted, key: str) -> None:
        """The row has its dwelling: the known one of this address, or a new one, the same for all rows that name it."""
        if found := self.known.get(key):
            row.home = found[0].id
            return
        if key not in self.new:
            # One address is one dwelling of the table, whichever row names it first.
            self.new[key] = made_id(self.settled.table, f"home {key}")
            self.settled.homes[self.new[key]] = row.draft
        row.home, row.home_is_new = self.new[key], True


def made_id(table: TableImport, of: str) -> UUID:
    """The id (UUIDv7 of the import's time) that always belongs to this part of the table."""
    noise = int.from_bytes(hashlib.sha256(f"{table.id} {of}".encode()).digest()[:8]) >> (64 - NOISE_BITS)
    return UUID(int=uuid7_floor(table.made_at).int | noise)


def _fitted(
    draft: Draft, keys: list[tuple[str, str]], table: TableImport, known: Mapping[str, list[Record]],
    seen: dict[str, Fitted],
) -> Fitted:  # fmt: skip
    """The strongest key decides; the others only say who may be the same."""
    row = Fitted(draft, made_id(table, f"row {draft.number}"))
    strong = keys[0][0] if keys and _decides(table.kind, keys[0][0]) else ""
    fitting = [one for one in known.get(strong, ()) if one.id != row.id] if strong else []
    if fitting:
        row.known, row.what = fitting[0], "changed"
        _bears_the_name(draft, fitting[0].name, table)
    elif strong in seen:
        row.id, row.later, row.what = seen[strong].id, True, "changed"
        _bears_the_name(draft, str(seen[strong].draft.values.get("name", "")), table)
    else:
        row.twins = [why for key, why in keys if key in seen or any(one.id != row.id for one in known.get(key, ()))]
        seen |= {key: row for key, _why in keys if key not in seen}
    return row


def _bears_the_name(draft: Draft, name: str, table: TableImport) -> None:
    """A number with a digit wrong can be somebody else's: no table makes one person into another."""
    if table.kind == "person" and alike(name) != alike(str(draft.values.get("name", ""))):
        draft.faults.append(
            _("The record of this identity number bears another name: look at both, and mend the row or the record.")
        )


def _decides(kind: str, key: str) -> bool:
    """Whether this is the key by which a row is a known record: the first that its kind declares."""
    twins = KINDS[kind].twins
    return bool(twins) and key.startswith(f"{kind[0]}-{twins[0].code}:")


def _keys(kind: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return twin_keys(kind, {name: kept(value) for name, value in values.items()})


def _known(keys: set[str], kind: str, actor: Actor) -> dict[str, list[Record]]:
    """Of each key the records in the actor's reach that have it, oldest first."""
    holders = twins_of_all(keys) if keys else {}
    ids = sorted({id for found in holders.values() for id, of in found if of == kind})
    reach = Record.objects.filter(register_scope(actor, Purpose.CORRECTION))
    held: dict[UUID, Record] = {}
    for first in range(0, len(ids), MOST_AT_ONCE):
        held |= {one.id: one for one in reach.filter(pk__in=ids[first : first + MOST_AT_ONCE])}
    known = {key: [held[id] for id, _kind in sorted(found) if id in held] for key, found in holders.items()}
    return {key: found for key, found in known.items() if found}


def _loaded(rows: list[Checked], drafts: list[Draft], actor: Actor, at: datetime) -> set[UUID]:
    """The rows are recorded; the ids of those that were refused, whose drafts say why."""
    if not rows:
        return set()
    loaded = bulk.load_all(rows, actor=actor, source=Source.IMPORT, at=at)
    for position, sentence in loaded.refused:
        drafts[position].faults.append(sentence)
    return {rows[position].id for position, _sentence in loaded.refused}


def _became(draft: Draft, done: Changed | Refusal) -> str:
    if isinstance(done, Refusal):
        draft.faults += [*(s for many in done.errors.values() for s in many)] or [str(done)]
        return "refused"
    return "changed" if done.merged.taken or done.merged.waiting else "same"
