"""What an act leaves behind: ledger entry, attachments, clocks, notices, search, and a word to live screens."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import models

from citong.core.cases.declare import Tell
from citong.core.cases.models import Case
from citong.core.clocks.models import Clock
from citong.core.files.store import Cleaned, attached
from citong.core.flow.doing import Doing
from citong.core.flow.timing import aim
from citong.core.ledger.models import Entry
from citong.core.ledger.rows import Rows
from citong.core.ledger.write import Head, Signature, append
from citong.core.notices import outbox

LIVE = "citong_live"


def record(doing: Doing) -> Entry:
    """Everything the act changed is saved, recorded and told. Runs in the act's transaction."""
    case, rows = doing.case, doing.rows
    _mark_doer(doing)
    entry = write_entry(
        case, doing.act.name, by=doing.actor.signature(doing.seat), at=doing.at,
        facts=doing.facts, content=doing.content, rows=rows, id=doing.entry,
    )  # fmt: skip
    public = doing.actor.receipt is None and doing.act.public
    keep_files(case, entry, doing.data.get("photos", []), public=public, rows=rows)
    keep_files(case, entry, [one for one in doing.data.values() if isinstance(one, Cleaned)], public=False, rows=rows)
    save(case, doing.clocks, at=doing.at, rows=rows)
    rows.add(*_notices(doing))
    announce(case, rows=rows)
    rows.write()
    return entry


def write_entry(
    case: Case, act: str, *, by: Signature, at: datetime, facts: dict[str, Any], content: dict[str, Any],
    rows: Rows | None = None, id: UUID | None = None,
) -> Entry:  # fmt: skip
    """The entry stands after the case's head, at once or with the rows, and the case carries the new head."""
    entry = append(
        case.id, act, kind="case", by=by, at=at, head=Head(case.position, bytes(case.head)),
        district=case.district, facts=facts, content=content, rows=rows, id=id,
    )  # fmt: skip
    case.position, case.head = entry.position, bytes(entry.hash)
    return entry


def keep_files(case: Case, entry: Entry, photos: list[Cleaned], *, public: bool, rows: Rows) -> None:
    """The photos are stored and hang on the case."""
    rows.add(*attached(case.id, entry.id, photos, public=public))


def save(case: Case, clocks: list[Clock], *, at: datetime, rows: Rows) -> None:
    """Case and clocks are written with the rows; what has not been saved yet is inserted."""
    aim(case, clocks)
    case.changed_at = at
    for row in (case, *clocks):
        (rows.add if row._state.adding else rows.change)(row)


def split_data(form: type[forms.Form] | None, data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(facts, content) of a cleaned form: free words are content, which can be erased; the rest are facts.

    What the form calls personal is neither.
    """
    facts: dict[str, Any] = {}
    content: dict[str, Any] = {}
    personal = getattr(form, "personal", ())
    for name, value in data.items():
        if name in personal:
            continue
        if name == "photos":
            facts["files"] = [photo.media_type for photo in value]
        elif isinstance(value, Cleaned):
            facts["signed"] = [*facts.get("signed", []), name]
        elif form is not None and _is_free_text(form.base_fields.get(name)):
            content |= {name: value} if value else {}
        elif value not in (None, ""):
            facts[name] = _plain(value)
    return facts, content


def announce(case: Case, *, rows: Rows) -> None:
    """Live screens hear, after the commit, that the case changed. Names no person and no content."""
    heard = {
        "id": str(case.id), "unit": case.unit_id, "desk": case.desk_id, "joint": case.joint,
        "district": case.district, "street": case.street, "community": case.community,
    }  # fmt: skip
    rows.say(LIVE, json.dumps(heard))


def tell_merged(doing: Doing, other: Case) -> None:
    """Those who follow the other case hear that a report was merged into it."""
    facts = {"number": other.number, "act": "merged_in", "service": other.service}
    doing.rows.add(*outbox.to_parties(other, facts, at=doing.at))


def _mark_doer(doing: Doing) -> None:
    if doing.actor.account is not None:
        done = doing.case.doers.get(doing.act.name, [])
        doing.case.doers = doing.case.doers | {doing.act.name: [*done, str(doing.actor.account)]}


def _notices(doing: Doing) -> Iterable[Any]:
    case, tells = doing.case, set(doing.act.tells)
    facts = {"number": case.number, "act": doing.act.name, "service": case.service, "state": case.state}
    if tells & {Tell.REPORTER, Tell.FOLLOWERS}:
        yield from outbox.to_parties(case, facts, at=doing.at, parties=doing.parties)
    for party in doing.parties:
        if party.side and (Tell.PARTIES in tells or (Tell.SIDE in tells and party.side == doing.facts.get("side"))):
            yield from outbox.to_party(case, party, facts, at=doing.at)
    if Tell.HOLDER in tells and case.holder_id:
        yield outbox.to_unit(case.id, case.unit_id, facts, account=case.holder_id, at=doing.at)
    units = {case.desk_id} if Tell.DESK in tells else set()
    if Tell.HANDLER in tells and case.handling_unit_id:
        units.add(case.handling_unit_id)
    if Tell.PARTS in tells:
        units.update(case.joint)
    for unit in units | set(doing.also_tell):
        holder = case.holder_id if unit == case.unit_id else None
        yield outbox.to_unit(case.id, unit, facts, account=holder, at=doing.at)


def _is_free_text(field: forms.Field | None) -> bool:
    return isinstance(field, forms.CharField) and not isinstance(field, forms.EmailField)


def _plain(value: Any) -> Any:
    """A JSON value that names no person."""
    if isinstance(value, models.Model):
        return getattr(value, "code", str(value.pk))
    if isinstance(value, models.QuerySet | list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | str) else str(value)
