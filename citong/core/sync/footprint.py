"""The footprint of a scope: how many rows a phone holds of it, and a hash over their ids and versions."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from citong.core.people.access import Actor
from citong.core.sync.models import Prepared
from citong.core.sync.registry import holdings
from citong.core.sync.scopes import scopes_of


class Footprint(NamedTuple):
    rows: int
    sha256: str


def footprint(scope: str) -> Footprint:
    """The footprint the scope has with us; a query or two for each sort of rows."""
    return hashed((what, id, version) for what, one in holdings().items() for id, version in one.versions(scope))


def hashed(rows: Iterable[tuple[str, UUID, int]]) -> Footprint:
    """The footprint of (what, id, version)s: SHA-256 over the sorted lines `what:id:version`, each with its end."""
    lines = sorted(f"{what}:{id}:{version}\n" for what, id, version in rows)
    return Footprint(len(lines), hashlib.sha256("".join(lines).encode()).hexdigest())


def wrong(said: Mapping[str, Footprint], *, actor: Actor) -> list[str]:
    """Those of the scopes that a phone holds otherwise than we do: it fills them anew, and keeps what it has to say.

    A load that lies ready for such a scope is made anew, too: something may be wrong with it.
    """
    mine = scopes_of(actor)
    found = sorted(scope for scope, one in said.items() if scope in mine and one != footprint(scope))
    Prepared.objects.filter(scope__in=found).delete()
    return found
