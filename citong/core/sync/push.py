"""What a phone sends: each operation done once, in whatever order and however often it comes, and answered for.

The operations of a push are done together, one statement for all that a rank of them leaves. If anything unforeseen
happens all of it is taken back, and each is tried alone: the one that can not be done goes to the supervisor and stops
no other.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from citong.core.ledger import prepared
from citong.core.ledger.rows import Rows, fresh
from citong.core.people.access import Actor
from citong.core.sync import files
from citong.core.sync.declare import Outcome, Result
from citong.core.sync.given import Given, given, given_again, in_order, ranks, skew_of
from citong.core.sync.models import Device, Operation
from citong.core.sync.registry import kinds

MOST = 50
LOCK = "SELECT held FROM sync_device WHERE id = %s FOR NO KEY UPDATE"
# The bounds let PostgreSQL leave out the months that none of the ids lies in.
KNOWN = """
SELECT id, device_id, result, answer, settled_at IS NULL AND result IN ('held', 'refused') FROM sync_operation
WHERE id = ANY (%(ids)s::uuid[]) AND id >= %(least)s::uuid AND id <= %(most)s::uuid
"""
OPEN = frozenset({Result.HELD, Result.REFUSED})
Answer = dict[str, Any]
log = logging.getLogger(__name__)


@dataclass
class Push:
    """Operations of one device on their way through one transaction. `kept` are those that were held or refused and
    are tried again; `force` those of them that no longer wait; `by` the account that wanted it so."""

    device: UUID
    actor: Actor
    at: datetime
    coming: Sequence[Given]
    kept: dict[UUID, Operation] = field(default_factory=dict)
    force: Set[UUID] = frozenset()
    by: UUID | None = None
    answers: dict[UUID, Answer] = field(default_factory=dict)
    rows: Rows = field(default_factory=Rows)


def push(
    device: UUID, raw: Sequence[Mapping[str, Any]], *, actor: Actor, now_there: Any, at: datetime
) -> list[Answer]:  # fmt: skip
    """One answer for each operation that has an id, in order. What was answered before gets that answer again.

    Each speaks for the device's account, and is judged by the seats the account has now.
    """
    skew = skew_of(now_there, now=at)
    read = [given(one, branch=str(device), skew=skew, now=at) for one in raw[:MOST]]
    coming = list({one.sent.id: one for one in read if one}.values())
    done = carried_out(Push(device, actor, at, coming)) if coming else {}
    return [done[one.sent.id] for one in read if one]


def try_again(device: UUID, operations: Sequence[Operation], *, actor: Actor, by: UUID | None, at: datetime) -> None:
    """Operations that were held or refused are tried once more, whatever they build on, with a mark."""
    kept = {one.id: one for one in operations}
    coming = [_kept(one) for one in operations]
    carried_out(Push(device, actor, at, coming, kept=kept, force=frozenset(kept), by=by))


def carried_out(push: Push) -> dict[UUID, Answer]:
    """The answers to all that were coming, everything written. Database trouble is raised: the phone tries again."""
    for apply in (_together, _alone):
        try:
            with transaction.atomic():
                return _carried_out(replace(push, kept=dict(push.kept), answers={}, rows=Rows()), apply)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            if apply is _alone:
                raise
            log.exception("A push of device %s failed as a whole; each operation is tried alone.", push.device)
    raise AssertionError


def _carried_out(push: Push, apply: Callable[[Push, list[Given]], None]) -> dict[UUID, Answer]:
    held_before = prepared.run(LOCK, [push.device])[0][0]
    settled = _repeated(push)
    _put_away(push)
    ready, held = in_order(_coming(push, held_before), settled=settled)
    for rank in ranks(files.handed_over(push.device, ready)):
        apply(push, rank)
        push.rows.write()
    for one in held:
        _note(push, one, Outcome(Result.HELD, sentence=_("It waits for something you said before it.")))
    if held:
        push.rows.write()
    if len(held) != held_before:
        Device.objects.filter(pk=push.device).update(held=len(held))
    if named := {str(file["sha256"]) for one in ready for file in one.files}:
        transaction.on_commit(partial(files.attach_what_fits, push.device, named, at=push.at))
    return push.answers


def _put_away(push: Push) -> None:
    """What was refused and is said anew by its worker, mended, waits for nobody any more; a query if there is such."""
    if over := [one.instead for one in push.coming if one.instead]:
        refused = Operation.objects.filter(device_id=push.device, id__in=over, result=Result.REFUSED, settled_at=None)
        refused.update(settled_at=push.at, body=b"")


def _repeated(push: Push) -> set[UUID]:
    """Those of the ids, and of what they build on, that are settled; known ones have their answers already."""
    ids = [id for one in push.coming for id in (one.sent.id, one.sent.after) if id is not None]
    given = {"ids": ids, "least": min(ids), "most": max(ids)}
    settled = set()
    for id, device, result, answer, is_open in prepared.run(KNOWN, given):
        mine = device == push.device
        if not (is_open and id in push.kept):
            push.answers[id] = (
                json.loads(answer) if mine else _answer(id, _refused(_("Another phone said something by this id.")))
            )
        if mine and result != Result.HELD:
            settled.add(id)
    return settled


def _coming(push: Push, held_before: int) -> list[Given]:
    """What is to be tried: what is new, and what was held until now."""
    found = {one.sent.id: one for one in push.coming if one.sent.id not in push.answers}
    if held_before:
        waiting = Operation.objects.filter(device=push.device, result=Result.HELD, settled_at=None)
        for one in waiting.order_by("received_at", "id"):
            push.kept.setdefault(one.id, one)
            found.setdefault(one.id, _kept(one))
    loose = {id: replace(one, sent=replace(one.sent, after=None, forced=True)) for id, one in found.items()}
    return [loose[id] if id in push.force else one for id, one in found.items()]


def _kept(one: Operation) -> Given:
    return given_again(one.body, one.id, branch=str(one.device_id), at=one.at)


def _together(push: Push, rank: list[Given]) -> None:
    """Runs of one kind in one go each; all that they leave waits in the push's rows."""
    for code in dict.fromkeys(one.sent.kind for one in rank):
        run = [one for one in rank if one.sent.kind == code]
        for one, outcome in zip(run, _applied(push, code, run, push.rows), strict=True):
            _note(push, one, outcome)


def _alone(push: Push, rank: list[Given]) -> None:
    """Each by itself; what can not be done leaves nothing but itself."""
    for one in rank:
        try:
            with transaction.atomic():
                rows = Rows()
                (outcome,) = _applied(push, one.sent.kind, [one], rows)
                rows.write()
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("Operation %s (%s) of device %s failed.", one.sent.id, one.sent.kind, push.device)
            outcome = _refused(_("This could not be carried out. Your supervisor sees it and takes care of it."))
        _note(push, one, outcome)


def _applied(push: Push, code: str, run: Sequence[Given], rows: Rows) -> Sequence[Outcome]:
    kind = kinds().get(code)
    if kind is None:
        return [_refused(_("Nothing of this kind can be done here.")) for _one in run]
    return kind.apply([one.sent for one in run], actor=push.actor, device=push.device, at=push.at, rows=rows)


def _note(push: Push, one: Given, outcome: Outcome) -> None:
    """The operation stands in the database with its outcome, as soon as the rows are written."""
    sent, kept = one.sent, push.kept.get(one.sent.id)
    answer = push.answers[sent.id] = _answer(sent.id, outcome) | ({"forced": True} if sent.forced else {})
    if kept is None:
        _note_new(push, one, outcome, answer)
    elif outcome.result != Result.HELD:
        kept.result, kept.answer, kept.forced = outcome.result, answer, sent.forced
        if outcome.result not in OPEN:
            kept.body, kept.settled_at, kept.settled_by_id = b"", push.at, push.by
            files.now_about(sent.id, outcome.about or sent.subject, at=push.at)
        push.rows.change(kept)


def _note_new(push: Push, one: Given, outcome: Outcome, answer: Answer) -> None:
    sent, is_open = one.sent, outcome.result in OPEN
    values = {
        "id": sent.id, "device_id": push.device, "kind": sent.kind, "subject": sent.subject, "after": sent.after,
        "result": str(outcome.result), "answer": answer, "body": one.sealed() if is_open else b"",
        "said_at": one.said_at, "at": sent.at, "received_at": push.at, "forced": sent.forced,
    }  # fmt: skip
    push.rows.add(fresh(Operation, values))
    if one.files and (is_open or not sent.files):
        files.expect(push.device, one, None if is_open else outcome.about or sent.subject, at=push.at, rows=push.rows)


def _refused(sentence: str) -> Outcome:
    return Outcome(Result.REFUSED, sentence=sentence)


def _answer(id: UUID, outcome: Outcome) -> Answer:
    errors = {name: [str(one) for one in sentences] for name, sentences in outcome.errors.items()}
    said = {"version": outcome.version, "number": outcome.number, "errors": errors, "sentence": str(outcome.sentence)}
    return {"id": str(id), "result": str(outcome.result), **{name: value for name, value in said.items() if value}}
