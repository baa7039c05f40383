"""The feed of every hook: the sealed ledger, in the one order in which nothing is ever skipped.

An entry gets its place (checkpoint, index) when it is sealed, after its transaction has committed. So whoever has read
up to a place has read everything before it, however late some transaction committed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from citong.core.cases.models import Case
from citong.core.cases.registry import case_types
from citong.core.hooks.models import Hook
from citong.core.ledger.models import Checkpoint, Entry, Seal
from citong.core.ledger.write import utc
from citong.core.notices.hook import written
from citong.core.people.access import ANYBODY, Actor, Purpose, actor_of, owns, scope

Cursor = tuple[int, int]
START: Cursor = (0, 0)
KEPT = timedelta(days=30)  # how long deliveries are kept; what happened before that is history and no news
Placed = tuple[Seal, Entry]


def end_of_feed(*, until: datetime | None = None) -> Cursor:
    """The place of the last sealed entry, or of the last one sealed by a moment; one query."""
    sealed = Checkpoint.objects.filter(at__lte=until) if until else Checkpoint.objects
    last = sealed.order_by("-number").first()
    return (last.number, last.count - 1) if last else START


def after(cursor: Cursor, *, most: int) -> tuple[list[Placed], Cursor]:
    """(entries about cases among the next `most` sealed ones, the place they lead up to); two queries."""
    checkpoint, index = cursor
    beyond = Q(checkpoint__gt=checkpoint) | Q(checkpoint=checkpoint, index__gt=index)
    seals = list(Seal.objects.filter(beyond, checkpoint__gte=checkpoint).order_by("checkpoint", "index")[:most])
    entries = Entry.objects.filter(id__in=[seal.entry for seal in seals], kind="case").in_bulk()
    end = (seals[-1].checkpoint or 0, seals[-1].index or 0) if seals else cursor
    return [(seal, entries[seal.entry]) for seal in seals if seal.entry in entries], end


def placed(entries: Iterable[UUID]) -> dict[UUID, Placed]:
    """These entries with their places, by id; two queries."""
    wanted = list(entries)
    seals = Seal.objects.in_bulk(wanted)
    return {id: (seals[id], entry) for id, entry in Entry.objects.in_bulk(wanted).items() if id in seals}


def owner_of(hook: Hook, *, at: datetime) -> Actor:
    """The owner with the seats they hold now; anybody, who reaches nothing, once the account is closed."""
    return actor_of(hook.owner, at=at) if hook.owner.is_active else ANYBODY


def reached(actor: Actor, entries: Iterable[Entry]) -> dict[UUID, Case]:
    """The cases of these entries that the actor may see now; one query."""
    seen = Case.objects.filter(scope(actor, Purpose.HANDLING)).only("id", "number", "service", "reporter_id")
    return seen.in_bulk({entry.subject for entry in entries})


def wanted(hook: Hook, entries: Sequence[Entry], *, at: datetime) -> list[Entry]:
    """Those entries the hook asked for and its owner may know now; five queries at most.

    Years that were moved in from another system are sealed like anything else, and are told to nobody.
    """
    asked = [entry for entry in entries if entry.at >= at - KEPT and (not hook.acts or entry.act in hook.acts)]
    actor = owner_of(hook, at=at) if asked else ANYBODY
    cases = reached(actor, asked) if asked else {}
    return [
        entry
        for entry in asked
        if (case := cases.get(entry.subject))
        and (not hook.services or case.service in hook.services)
        and may_know(actor, case, entry)
    ]


def may_know(actor: Actor, case: Case, entry: Entry) -> bool:
    """Reporters are not told of the steps that offices take among themselves; the pages keep to the same."""
    declared = case_types()[case.service].acts.get(entry.act)
    return declared is None or declared.public or not (owns(actor, case) and not actor.seats)


def event(hook: Hook, case: Case, entry: Entry, seal: Seal) -> bytes:
    """What a hook is told of an entry: what, which, where, when. It names no person and repeats no words."""
    data = {
        "hook": str(hook.id), "number": case.number, "service": case.service, "act": entry.act,
        "state": _state(entry), "position": entry.position, "unit": entry.unit, "district": entry.district,
        "checkpoint": seal.checkpoint, "index": seal.index, "path": f"/api/v1/cases/{case.number}",
    }  # fmt: skip
    return written(f"case.{entry.act}", at=utc(entry.at), data=data)


def trial(hook: Hook, at: datetime) -> bytes:
    """A message by which an owner tries whether the way is open."""
    return written("test", at=utc(at), data={"hook": str(hook.id)})


def _state(entry: Entry) -> str | None:
    """The state into which the act moved the case; nothing when it moved none."""
    to = entry.facts.get("to")
    return str(to) if to else None
