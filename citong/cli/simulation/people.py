"""The staff of a whole city: made-up people who hold every post and can not sign in."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from random import Random
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import QuerySet

from citong.cli.demo_cast import IN_POST_FOR, MAIL, MARK
from citong.cli.simulation.words import person
from citong.core.people.access import Actor, Seat
from citong.core.people.models import Account, Appointment, Beat, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.core.places.models import Grid

WORKERS_A_GRID = 27_739 / 12_876  # Quanzhou, as published in 2021
RESIDENTS_A_GRID = 0.25  # those with an account; most people report without one
LOGIN = "sim."
AT_ONCE = 2_000
Strength = Mapping[str, int]
CENTRE: Mapping[str, Strength] = {
    "city": {Post.CLERK: 12, Post.DISPATCHER: 8, Post.VERIFIER: 8, Post.SUPERVISOR: 4, Post.HANDLER: 4},
    "district": {Post.CLERK: 14, Post.DISPATCHER: 8, Post.VERIFIER: 10, Post.SUPERVISOR: 3, Post.HANDLER: 4},
    "street": {Post.CLERK: 2, Post.DISPATCHER: 1, Post.VERIFIER: 1, Post.SUPERVISOR: 1, Post.HANDLER: 3},
    "community": {Post.HANDLER: 1},
}
DEPARTMENT: Mapping[str, Strength] = {
    "city": {Post.HANDLER: 6},
    "district": {Post.HANDLER: 8},
    "street": {Post.HANDLER: 3},
    "community": {Post.HANDLER: 1},
}


@transaction.atomic
def employ(*, seed: int, now: datetime) -> int:
    """Every unit has its staff and every base grid its workers; returns how many accounts there are. Safe to repeat."""
    held = Account.objects.filter(username__startswith=LOGIN).count()
    if held:
        return held
    chance = Random(f"people of {seed}")  # noqa: S311 (made-up names are no secret)
    places = [*_workers(), *_staff()]
    accounts = _accounts([login for login, *_rest in places], chance)
    began = day_of(now - IN_POST_FOR)
    posts = [
        Appointment(account=account, unit_id=unit, post=post, begins_on=began)
        for account, (_login, unit, post, _grid) in zip(accounts, places, strict=True)
    ]
    Appointment.objects.bulk_create(posts, batch_size=AT_ONCE)
    beats = [Beat(appointment=held, grid=place[3]) for held, place in zip(posts, places, strict=True) if place[3]]
    Beat.objects.bulk_create(beats, batch_size=AT_ONCE)
    residents = [f"{LOGIN}resident.{number:05}" for number in range(round(RESIDENTS_A_GRID * _grids().count()))]
    return len(accounts) + len(_accounts(residents, chance))


class Staff:
    """Who holds which post in which unit, and who has an account without one; read once, four queries."""

    def __init__(self, units: Mapping[int, Unit]) -> None:
        rows = Appointment.objects.filter(ends_on=None, account__email__endswith=f"@{MAIL}").select_related("account")
        self._held: dict[tuple[int, str], list[Actor]] = defaultdict(list)
        self._by_account: dict[UUID, Actor] = {}
        for row in rows.order_by("account__username", "id"):
            actor = Actor(row.account_id, row.account.get_full_name(), (_seat(row.post, units[row.unit_id]),))
            self._held[row.unit_id, row.post].append(actor)
            self._by_account[row.account_id] = actor

    def one(self, unit: int, post: str, rng: Random) -> Actor | None:
        """Somebody of this post in this unit."""
        fitting = self._held.get((unit, post))
        return rng.choice(fitting) if fitting else None

    def holder(self, account: UUID) -> Actor | None:
        """The account with its seat."""
        return self._by_account.get(account)

    @cached_property
    def residents(self) -> Sequence[Actor]:
        """People with an account and no post."""
        rows = Account.objects.filter(username__startswith=f"{LOGIN}resident.").order_by("username")
        return [Actor(account, name) for account, name in rows.values_list("id", "name")]


def _seat(post: str, unit: Unit) -> Seat:
    return Seat(post, unit.pk, unit.code, unit.name, unit.level, unit.division.code, unit.function)


def _grids() -> QuerySet[Grid]:
    return Grid.objects.filter(layer__base=True, ends_at=None)


def _workers() -> list[tuple[str, int, str, str]]:
    """(Sign-in name, unit, post, grid) of the grid workers: one for each grid, then again from the first."""
    stations = dict(
        Unit.objects.filter(function="station", level="community", ends_on=None).values_list("division_id", "id")
    )
    grids = [(code, unit) for code, place in _grids().order_by("code").values_list("code", "division_id")
             if (unit := stations.get(place))]  # fmt: skip
    number = round(WORKERS_A_GRID * len(grids))
    return [(f"{LOGIN}grid.{at:05}", grids[at % len(grids)][1], Post.GRID_WORKER, grids[at % len(grids)][0])
            for at in range(number)]  # fmt: skip


def _staff() -> list[tuple[str, int, str, str]]:
    """(Sign-in name, unit, post, no grid) of everybody else."""
    places = []
    for unit in Unit.objects.filter(ends_on=None).exclude(function="station").order_by("id"):
        strength = (CENTRE if unit.function == "centre" else DEPARTMENT)[unit.level]
        places += [
            (f"{LOGIN}{unit.pk}.{post}.{number}", unit.pk, str(post), "")
            for post, many in strength.items()
            for number in range(many)
        ]
    return places


def _accounts(logins: Sequence[str], rng: Random) -> list[Account]:
    fresh = [
        Account(username=login, email=f"{login}@{MAIL}", name=MARK + person(rng), password=make_password(None))
        for login in logins
    ]
    return Account.objects.bulk_create(fresh, batch_size=AT_ONCE)
