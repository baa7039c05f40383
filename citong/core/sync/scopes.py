"""Scopes: the parts of the city's data that a phone may hold. What a scope holds, the holdings say.

`grid:<code>` has the records of a base grid, `unit:<id>` the cases in the hands of a station, `account:<uuid>` what is
for one person. A phone may hold what its account's seats reach as a grid worker at that moment, and nothing wider: the
posts of an office work at the desk.
"""

from uuid import UUID

from citong.core.people.access import Actor
from citong.core.people.posts import Post

GRID, UNIT, ACCOUNT = "grid", "unit", "account"


def scopes_of(actor: Actor) -> frozenset[str]:
    """What a phone of this actor may hold now; no query."""
    if actor.account is None:
        return frozenset()
    seats = [seat for seat in actor.seats if seat.post == Post.GRID_WORKER]
    grids = {of_grid(grid) for seat in seats for grid in seat.grids}
    return frozenset({of_account(actor.account), *(of_unit(seat.unit) for seat in seats), *grids})


def of_grid(code: str) -> str:
    return f"{GRID}:{code}"


def of_unit(unit: int) -> str:
    return f"{UNIT}:{unit}"


def of_account(account: UUID) -> str:
    return f"{ACCOUNT}:{account}"


def sort_of(scope: str) -> tuple[str, str]:
    """(sort, key) of a scope, such as ("grid", "350502001")."""
    sort, _colon, key = scope.partition(":")
    return sort, key
