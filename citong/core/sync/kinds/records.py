"""What a phone says about records: new ones, changes, ends, and how they belong together."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from citong.core.ledger.rows import Rows
from citong.core.people.access import Actor
from citong.core.people.refusal import Refusal
from citong.core.places.current import day_of
from citong.core.register import write
from citong.core.register.models import Proposal
from citong.core.sync.declare import Kind, Outcome, Result, Sent
from citong.core.sync.kinds.reading import day, mapping, outcome_of, point, refused, source, uuid, words

Way = Callable[[Sent, Rows], Outcome]


class NewRecord(Kind):
    """record: {kind, values, grid, at: [lon, lat], source, on}; its id is the operation's subject."""

    code = "record"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        made = write.record_all([_new(one) for one in sent], actor=actor, at=at, rows=rows)
        return [refused(one) if isinstance(one, Refusal) else _done(one.version) for one in made]


class Change(Kind):
    """change: {set, source, on}, of a record whose version `base` the phone had seen."""

    code = "change"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        changed = write.change_all([_change(one) for one in sent], actor=actor, at=at, rows=rows)
        return [refused(one) if isinstance(one, Refusal) else _merged(one) for one in changed]


class End(Kind):
    """end: {on, reason}."""

    code = "end"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        def ended(one: Sent, own: Rows) -> Outcome:
            reason = words(one.data, "reason")
            found = write.end(one.subject, on=_on(one), reason=reason, actor=actor, at=at, rows=own)
            return _done(found.version)

        return _apart(sent, ended)


class NewTie(Kind):
    """tie: {kind, subject, object, since, source}; its id is the operation's subject."""

    code = "tie"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        def tied(one: Sent, own: Rows) -> Outcome:
            ends = uuid(one.data, "subject"), uuid(one.data, "object")
            since = day(one.data, "since") if words(one.data, "since") else None
            found = write.tie(
                words(one.data, "kind"), *ends, source=source(one.data), since=since, id=one.subject, actor=actor,
                at=at, rows=own,
            )  # fmt: skip
            return _done(found.version)

        return _apart(sent, tied)


class Untie(Kind):
    """untie: {until}."""

    code = "untie"

    def apply(self, sent: Sequence[Sent], *, actor: Actor, device: UUID, at: datetime, rows: Rows) -> list[Outcome]:
        def untied(one: Sent, own: Rows) -> Outcome:
            until = day(one.data, "until", default=day_of(one.at))
            return _done(write.untie(one.subject, until=until, actor=actor, at=at, rows=own).version)

        return _apart(sent, untied)


def _apart(sent: Sequence[Sent], way: Way) -> list[Outcome]:
    """Each with rows of its own: what is refused half way leaves nothing."""

    def done(one: Sent) -> Outcome:
        own = Rows()
        outcome = way(one, own)
        own.write()
        return outcome

    return [outcome_of(one, done) for one in sent]


def _new(one: Sent) -> write.New:
    data, (lon, lat) = one.data, point(one.data, "at")
    return write.New(
        words(data, "kind"), mapping(data, "values"), source(data), _on(one), id=one.subject, grid=words(data, "grid"),
        lon=lon, lat=lat, branch=one.branch,
    )  # fmt: skip


def _change(one: Sent) -> write.Change:
    return write.Change(
        one.subject, mapping(one.data, "set"), one.base or 0, source(one.data), _on(one), branch=one.branch
    )


def _merged(changed: write.Changed) -> Outcome:
    """What a person must decide goes before what they are shown."""
    why: set[Any] = {proposal.why for proposal in changed.proposals}
    result = Result.DONE if not why else Result.CONFLICT if why == {Proposal.Why.OVER} else Result.WAITING
    return Outcome(result, version=changed.record.version)


def _on(one: Sent) -> date:
    return day(one.data, "on", default=day_of(one.at))


def _done(version: int) -> Outcome:
    return Outcome(Result.DONE, version=version)
