"""Lives told again: what opening and acts would have left, worked out in memory with no query and written later.

The same declarations, permissions, effects and clocks as in `intake` and `act` decide; only the database is left out.
Nobody is told anything: whoever had to hear of an act of the past heard of it then.
"""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from citong.core.cases.declare import Act, Does, Effect
from citong.core.cases.models import Case, Link, Party, Submission, Task
from citong.core.cases.registry import case_type
from citong.core.clocks import run as clocks
from citong.core.clocks.models import Clock
from citong.core.flow import guards
from citong.core.flow.doing import Doing
from citong.core.flow.effects import followers, perform, rise
from citong.core.flow.intake import opened_by, opening_parties, opening_said, opening_values, secret_of, words_of
from citong.core.flow.locate import FoundPlace
from citong.core.flow.record import split_data
from citong.core.flow.refusal import NotAllowed, WrongState
from citong.core.flow.timing import aim, begun, enter, lapse
from citong.core.ledger.models import Content, Entry
from citong.core.ledger.rows import fresh
from citong.core.ledger.write import Signature, told
from citong.core.people.access import RESIDENT_SEAT, SYSTEM, Actor, Seat, may
from citong.kit import ids
from citong.kit.chain import content_hash, entry_hash

NOTICED = timedelta(minutes=1)  # the platform looks at its clocks once a minute


@dataclass
class Life:
    """A case with everything its acts left, not written yet. `texts` are the words it can be found by."""

    case: Case
    entries: list[Entry] = field(default_factory=list)
    contents: list[Content] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    parties: list[Party] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    submissions: list[Submission] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Told:
    """How a case came in. `data` are cleaned answers to the form of opening; what it leaves out was left empty."""

    service: str
    data: Mapping[str, Any]
    at: datetime
    number: str
    found: FoundPlace
    channel: str
    key: str
    actor: Actor
    seat: Seat = RESIDENT_SEAT
    for_another: bool = False


def opened(told_of: Told, *, workers: Mapping[str, UUID] | None = None) -> Life:
    """The life of a case begins, as `intake.open_case` lets it; `workers` are those of `duties.grid_workers`."""
    kind = case_type(told_of.service)
    cleaned = completed(kind.opening.form, told_of.data)
    values = opening_values(
        kind, cleaned, told_of.found, actor=told_of.actor, channel=told_of.channel, at=told_of.at,
        for_another=told_of.for_another, workers=workers,
    )  # fmt: skip
    case = fresh(Case, values | {"number": told_of.number, "receipt": receipt_of(told_of.key)})
    case.category = cleaned["category"]
    life = Life(case, texts=words_of(case))
    facts, content = opening_said(case, kind, cleaned)
    by = opened_by(case, told_of.actor, told_of.seat)
    write(life, "open", by=by, at=told_of.at, facts=facts, content=content)
    life.parties += (kind.opening.parties or opening_parties)(case, cleaned, told_of.actor)
    life.clocks += begun(kind.opening.state, case, at=told_of.at)
    if told_of.key:
        sent = {"key": told_of.key, "case": case.id, "act": "open", "at": told_of.at}
        life.submissions.append(fresh(Submission, sent))
    settle(life, at=told_of.at)
    return life


def do(life: Life, name: str, data: Mapping[str, Any] | None = None, *, actor: Actor, at: datetime) -> None:
    """The act is done on paper, as `act.act` does it. Raises NotAllowed or WrongState where that would."""
    case, kind = life.case, case_type(life.case.service)
    declared = kind.acts[name]
    seat = _permitted(declared, case, actor, at)
    cleaned = completed(declared.form, data or {})
    running = [clock for clock in life.clocks if clock.stopped_at is None]
    known = len(running)
    parties = [party for party in life.parties if party.case_id == case.id]
    doing = Doing(case, kind, declared, cleaned, actor, seat, at, running, parties, life.tasks)
    doing.facts, doing.content = split_data(declared.form, cleaned)
    if actor.system:
        lapse(doing)
    HERE.get(declared.does, _by_effect)(doing, life)
    if (target := doing.to or declared.target) is not None:
        enter(doing, target)
    life.clocks += running[known:]
    if actor.account is not None:
        done = case.doers.get(name, [])
        case.doers = case.doers | {name: [*done, str(actor.account)]}
    write(life, name, by=actor.signature(seat), at=at, facts=doing.facts, content=doing.content)
    settle(life, at=at)


def watch(life: Life, *, until: datetime, act: str) -> None:
    """Clocks that ran out before that moment raised the case by this act, and warnings were given, as `watch.tick`
    does."""
    while (due := _lapse(life)) is not None and due + NOTICED < until:
        do(life, act, actor=SYSTEM, at=due + NOTICED)
    for clock in life.clocks:
        if clock.wake_at is not None and clock.wake_at == clock.warn_at < until:
            clocks.warned(clock)


def _lapse(life: Life) -> datetime | None:
    """When the platform next finds a clock of the case run out."""
    waking = [max(clock.wake_at, clock.due_at) for clock in life.clocks if clock.wake_at is not None]
    return min(waking, default=None)


def write(
    life: Life, act: str, *, by: Signature, at: datetime, facts: Mapping[str, Any], content: Mapping[str, Any]
) -> None:
    """The entry stands after the case's head, chained and hashed as `ledger.write.append` does."""
    case = life.case
    entry = fresh(Entry, {
        "id": ids.uuid7(at), "subject": case.id, "kind": "case", "position": case.position + 1, "act": act, "at": at,
        "district": case.district, "actor": by.account, "post": by.post, "unit": by.unit, "facts": facts,
        "previous": case.head,
    })  # fmt: skip
    if content:
        salt = secrets.token_bytes(16)
        entry.content_hash = content_hash(content, salt)
        life.contents.append(fresh(Content, {"id": entry.id, "salt": salt, "body": content}))
    entry.hash = case.head = entry_hash(told(entry))
    case.position += 1
    life.entries.append(entry)


def settle(life: Life, *, at: datetime) -> None:
    """The case shows the deadline that comes first, and when it last changed."""
    aim(life.case, [clock for clock in life.clocks if clock.stopped_at is None])
    life.case.changed_at = at


def completed(form: type[forms.Form] | None, data: Mapping[str, Any]) -> dict[str, Any]:
    """Cleaned answers with every question that was left out answered empty, as the form itself would."""
    return {} if form is None else {**_empty(form), **data}


def receipt_of(key: str) -> bytes:
    """The digest of the secret that belongs to a sender's key; of one nobody knows where there is no key."""
    return ids.digest(secret_of(key) if key else ids.secret(), settings.RECEIPT_PEPPER)


def _permitted(declared: Act, case: Case, actor: Actor, at: datetime) -> Seat:
    seat = may(actor, declared, case)
    if seat is None:
        raise NotAllowed(_("“%(act)s” is not yours to do on this case.") % {"act": declared.label})
    if all(state.name != case.state for state in declared.source):
        raise WrongState(_("The case has moved on and is now “%(state)s”.") % {"state": case.state})
    guards.check(declared.guards, case, at)
    return seat


@cache
def _empty(form: type[forms.Form]) -> dict[str, Any]:
    """The cleaned answers of a form in which nothing was said."""
    return {name: _unsaid(question) for name, question in form.base_fields.items()}


def _unsaid(question: forms.Field) -> Any:
    try:
        return type(question).clean(question, None) if not question.required else None
    except forms.ValidationError:
        return None


def _by_effect(doing: Doing, _life: Life) -> None:
    perform(doing)


def _rise(doing: Doing, _life: Life) -> None:
    rise(doing)


def _merge(doing: Doing, life: Life) -> None:
    """The other life goes on in `data["other"]`; its followers are those of both."""
    case, other = doing.case, doing.data["other"]
    life.links.append(Link(first_id=case.id, second_id=other.case.id, kind=Link.Kind.MERGED))
    life.parties += followers(doing.parties, other.case.id)
    doing.facts["number"] = other.case.number
    doing.facts.pop("other", None)


def _split(_doing: Doing, _life: Life) -> None:
    raise NotImplementedError("A split makes a second case: tell that one's life by itself.")


HERE: Mapping[Does | Effect, Callable[[Doing, Life], None]] = {
    Does.RAISE: _rise,
    Does.SPLIT: _split,
    Does.MERGE: _merge,
}
