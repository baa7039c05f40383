"""What a phone is told when it asks: rows that changed or left its scopes, scopes to fill, scopes to forget."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from citong.core.people.access import Actor
from citong.core.sync import feed, grants
from citong.core.sync.declare import Told
from citong.core.sync.feed import Changed
from citong.core.sync.registry import holdings
from citong.core.sync.scopes import scopes_of


@dataclass(frozen=True)
class Pulled:
    """`scopes` has the cursor from which each goes on. A row says with `scope` where it is, or where it left."""

    scopes: Mapping[str, str]
    rows: Sequence[Told]
    forget: Sequence[str]
    fill: Sequence[str]
    more: bool


def pull(
    device: UUID, asked: Mapping[str, str], *, actor: Actor, owed: Sequence[str], at: datetime,
    most: int = feed.MOST, bare: bool = False,
) -> Pulled | None:  # fmt: skip
    """What changed for this device since the cursors it holds; None when nothing did, after one query.

    `owed` are the scopes it was told to forget and has not answered for.
    """
    mine = scopes_of(actor)
    forget = sorted({*asked, *owed} - mine)
    found = feed.news({scope: cursor for scope, cursor in asked.items() if scope in mine}, most=most, bare=bare)
    fill = sorted(mine - found.cursors.keys())
    if forget:
        grants.end(device, forget, at=at)
    if again := set(owed) & mine & set(asked):
        grants.keep(device, again)
    if not (forget or fill or found.changes):
        return None
    rows = [row for scope, changes in found.changes.items() for row in told(scope, changes, actor=actor)]
    return Pulled({scope: str(cursor) for scope, cursor in found.cursors.items()}, rows, forget, fill, found.more)


def told(scope: str, changes: Sequence[Changed], *, actor: Actor) -> Iterator[Told]:
    """Each changed subject as it is now in the scope, or that it is there no longer; a query or some for each sort."""
    known = holdings()
    for what in dict.fromkeys(change.what for change in changes if change.what in known):
        subjects = [change.subject for change in changes if change.what == what]
        rows = known[what].rows(subjects, actor=actor, scopes=[scope])
        for subject in subjects:
            yield rows.get(subject, {"what": what, "id": str(subject), "gone": True}) | {"scope": scope}
