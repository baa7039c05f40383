"""What an actor reaches is one and the same in the database and in memory."""

from collections.abc import Callable

import pytest

from citong.core.people.access import (
    ANYBODY,
    SYSTEM,
    Actor,
    Purpose,
    may_decide,
    may_write_record,
    reaches_record,
    register_scope,
)  # fmt: skip
from citong.core.places.current import zone
from citong.core.register.models import Record
from tests.cast import PEOPLE, Cast

Told = Callable[..., Record]


@pytest.mark.parametrize("purpose", list(Purpose))
def test_the_query_and_the_answer_for_one_record_agree(cast: Cast, told: Told, purpose: Purpose) -> None:
    records = [told(by="clerk", grid=grid) for grid in ("e10", "e13", "e20")]
    for actor in (ANYBODY, SYSTEM, cast.actor("resident"), *map(cast.actor, PEOPLE)):
        reached = set(Record.objects.filter(register_scope(actor, purpose)))
        assert reached == {one for one in records if reaches_record(actor, one, purpose)}, actor.name


def test_a_seat_knows_its_beats_and_only_a_grid_worker_is_bound_to_them(cast: Cast, told: Told) -> None:
    worker, clerk, other = cast.actor("grid_worker"), cast.actor("clerk"), told(grid="e20")
    assert worker.seats[0].grids == ("e10", "e11", "e12", "e13") and clerk.seats[0].grids == ()
    assert may_write_record(worker, other) is None and may_write_record(clerk, other) == clerk.seats[0]
    assert isinstance(hash(worker), int)


def test_an_office_goes_before_a_beat(cast: Cast, told: Told) -> None:
    both = Actor(cast.clerk.id, "both", (*cast.actor("grid_worker").seats, *cast.actor("clerk").seats))
    seat = may_write_record(both, told())
    assert seat is not None and seat.post == "clerk"


def test_an_office_decides_and_never_its_own_author(cast: Cast, told: Told) -> None:
    record = told()
    may = {name for name in PEOPLE if may_decide(cast.actor(name), record, author=cast.grid_worker.id)}
    assert may == {"clerk", "supervisor"}
    assert may_decide(cast.actor("clerk"), record, author=cast.clerk.id) is None


def test_knowing_who_asks_is_one_query(cast: Cast, django_assert_num_queries: Callable[[int], object]) -> None:
    zone()  # the city is known to the process
    with django_assert_num_queries(1):  # type: ignore[attr-defined]
        cast.actor("grid_worker")
