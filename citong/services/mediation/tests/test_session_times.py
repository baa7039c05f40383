"""Nobody and no room is in two places at once, whoever asks first; series find their own times."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from citong.core.flow.refusal import Invalid
from citong.core.people.access import actor_of
from citong.services.mediation.models import Booking, Room, Session
from citong.services.mediation.sessions.series import schedule_many
from citong.services.mediation.sessions.times import Sort, Taken, Taker, book, busy, free_times, takers
from citong.services.mediation.tests.at_table import Table, dispute, on_site, working_day
from tests.mediators import Mediators

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
SPANS = st.integers(1, 480).map(lambda minutes: timedelta(minutes=minutes))
PARTS = st.integers(0, 2**96 - 1)


@given(PARTS, PARTS, MOMENTS, MOMENTS, SPANS, SPANS)
def test_two_stretches_meet_only_for_the_same_people_at_the_same_time(
    one: int, other: int, first: datetime, second: datetime, span: timedelta, more: timedelta
) -> None:
    def meet(a: int, b: int) -> bool:
        x = Taker(Sort.PARTY, a).stretch(first.replace(microsecond=0), first.replace(microsecond=0) + span)
        y = Taker(Sort.ROOM, b).stretch(second.replace(microsecond=0), second.replace(microsecond=0) + more)
        assert x.lower and x.upper and y.lower and y.upper
        return bool(x.lower < y.upper and y.lower < x.upper)

    begins, later = (at.replace(microsecond=0) for at in (first, second))
    assert meet(one, one) == (begins < later + more and later < begins + span)
    assert one == other or not meet(one, other)


def at_once(*tries: Callable[[], Any]) -> list[Any]:
    """What came of each, begun together, each on a connection of its own; a refusal is what came of it, too."""
    ready = Barrier(len(tries))

    def tried(do: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            with translation.override("en"):
                return do()
        except (Invalid, Taken) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as pool:
        return list(pool.map(tried, tries))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_room_at_the_same_moment_one_is_told_when_it_is_free(mediators: Mediators) -> None:
    room, begins = Room.objects.get(), working_day()
    first = dispute(mediators)
    second = dispute(mediators, by="second", phones=("13900003333", "13900004444"))
    came = at_once(*(lambda one=one: one.do("schedule", **on_site(begins, room)) for one in (first, second)))
    (refusal,) = [one for one in came if isinstance(one, Invalid)]
    assert "The room is taken then." in refusal.errors["begins_at"][0]
    assert f"{begins:%Y-%m-%d} 10:00" in refusal.errors["begins_at"][0]
    assert Session.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_table_itself_refuses_what_nobody_looked_for_before(mediators: Mediators) -> None:
    """The control: two connections that book without a lock, as a program could that forgets it."""
    table, begins = dispute(mediators), working_day()
    sessions = [
        Session.objects.create(
            case=table.case, number=number, mediator=table.mediator, way="telephone", begins_at=begins,
            ends_at=begins + timedelta(hours=1), changed_at=begins,
        )
        for number in (1, 2)
    ]  # fmt: skip
    taker = Taker(Sort.ROOM, 4711)
    came = at_once(*(lambda one=one: book(one, [taker]) for one in sessions))
    assert [type(one) for one in came].count(Taken) == 1
    assert Booking.objects.count() == 1


@pytest.mark.django_db
def test_times_that_touch_do_not_overlap(mediators: Mediators) -> None:
    table, begins = dispute(mediators), working_day()
    for number in range(3):
        table.do("schedule", **on_site(begins + number * timedelta(hours=1)))
    assert Session.objects.count() == 3


@pytest.mark.django_db
def test_free_times_leave_out_the_midday_rest_and_days_nobody_works(mediators: Mediators) -> None:
    friday = working_day(days=10)
    found = free_times([Taker(Sort.ROOM, 1)], timedelta(hours=3), after=friday.replace(hour=10), most=2)
    assert [f"{one:%a %H:%M}" for one in found] == ["Fri 14:30", "Mon 08:00"]
    assert not free_times([Taker(Sort.ROOM, 1)], timedelta(hours=9), after=friday)


@pytest.mark.django_db
def test_what_is_busy_is_told_with_whose_it_is(mediators: Mediators) -> None:
    table, begins = dispute(mediators), working_day()
    table.do("schedule", **on_site(begins))
    session = Session.objects.get()
    taker = Taker(Sort.ROOM, 7)
    book(session, [taker])
    (one,) = busy([taker, Taker(Sort.ROOM, 8)], begins - timedelta(hours=3), begins + timedelta(seconds=1))
    assert (one.taker, one.begins_at, one.ends_at) == (taker, begins, begins + timedelta(hours=1))
    assert not busy([taker], begins + timedelta(hours=1), begins + timedelta(hours=9))
    assert not busy([taker], begins, begins + timedelta(hours=1), besides=session.pk)


def forty(mediators: Mediators, count: int) -> list[Table]:
    """Disputes of one bank with many debtors, all with the bank's mediator."""
    return [dispute(mediators, by="bank", phones=("0595-95588", f"139000{number:05}")) for number in range(count)]


@pytest.mark.django_db
def test_a_series_gives_each_dispute_of_a_bank_its_own_time_in_working_hours(mediators: Mediators) -> None:
    tables, begins = forty(mediators, 40), working_day()
    room = Room.objects.create(body=mediators.bodies["financial"], name="二号室", capacity=6)
    taken = Session.objects.create(
        case=dispute(mediators).case, number=1, mediator=mediators.people["elder"], way="on_site", room=room,
        begins_at=begins, ends_at=begins + timedelta(minutes=30), changed_at=begins,
    )  # fmt: skip
    book(taken, _room_of(room))
    actor = actor_of(mediators.people["bank"])
    with transaction.atomic():
        made = schedule_many([one.case for one in tables], begins, minutes=15, room=room, actor=actor, key="series-1")
    times = [one.begins_at for one in made]
    assert [one.case_id for one in made] == [one.case.id for one in tables]
    assert (times[0], len(set(times)), times) == (begins + timedelta(minutes=30), 40, sorted(times))
    zone = begins.tzinfo
    hours = {at.astimezone(zone).hour for at in times}
    assert hours <= {8, 9, 10, 11, 14, 15, 16, 17}
    again = schedule_many([one.case for one in tables], begins, minutes=15, room=room, actor=actor, key="series-1")
    assert ([one.pk for one in again], Session.objects.count()) == ([one.pk for one in made], 41)


@pytest.mark.django_db
def test_a_series_that_can_not_be_set_for_all_is_set_for_none(mediators: Mediators) -> None:
    tables = [*forty(mediators, 2), dispute(mediators, by="committee")]
    with pytest.raises(Exception, match="There is no such case"):
        schedule_many(
            [one.case for one in tables], working_day(), minutes=15, place="银行", actor=actor_of(tables[0].mediator)
        )
    assert not Session.objects.exists()


def _room_of(room: Room) -> list[Taker]:
    return [one for one in takers(room.body_id, room, []) if one.sort == Sort.ROOM]
