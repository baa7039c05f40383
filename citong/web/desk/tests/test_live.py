"""Live screens hear of exactly the cases their reader may see."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test import Client
from django.urls import reverse

from citong.core.cases.models import Case
from citong.core.flow.intake import Opened
from citong.core.flow.record import LIVE
from citong.core.people.access import Actor, Purpose, Seat, scope
from citong.web.desk import live
from citong.web.desk.live import Hub, Screen, hears
from tests.cast import PEOPLE, Cast

Report = Callable[..., Opened]
Walk = Callable[..., Case]
CLERK = Actor(seats=(Seat("clerk", 1, "c", "C", "district", "e", "centre"),))


def said_of(case: Case) -> dict[str, Any]:
    return {
        "id": str(case.id), "unit": case.unit_id, "desk": case.desk_id, "joint": case.joint,
        "district": case.district, "street": case.street, "community": case.community,
    }  # fmt: skip


@pytest.mark.parametrize("steps", [[], ["accept", "dispatch"], ["accept", "dispatch", "invite"]])
def test_a_screen_hears_what_its_reader_sees(cast: Cast, report: Report, walk: Walk, steps: list[str]) -> None:
    case = walk(report().case, *steps)
    for name in PEOPLE:
        actor = cast.actor(name)
        assert hears(actor, said_of(case)) is Case.objects.filter(scope(actor, Purpose.HANDLING), pk=case.pk).exists()


def test_a_quiet_stream_beats_and_a_change_comes_through(monkeypatch: Any) -> None:
    monkeypatch.setattr(live, "HEARTBEAT_SECONDS", 0.01)

    async def heard() -> list[str]:
        screen = Screen(CLERK)
        events = screen.events()
        first = [await anext(events), await anext(events)]
        screen.tell("7")
        return [*first, await anext(events)]

    assert asyncio.run(heard()) == ["retry: 5000\n\n", ": still here\n\n", 'event: case\ndata: {"id": "7"}\n\n']


def test_a_screen_that_falls_behind_is_told_to_look_anew() -> None:
    screen = Screen(CLERK)
    for number in range(live.WAITING + 1):
        screen.tell(str(number))
    assert screen.waiting.qsize() == 1
    assert screen.waiting.get_nowait() == live.ANEW


@pytest.mark.django_db(transaction=True)
def test_one_listener_serves_all_screens_and_ends_with_the_last() -> None:
    def notify() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [LIVE, json.dumps({"id": "7", "district": "e"})])
        connection.close()

    async def next_case(events: AsyncIterator[str]) -> str:
        async for event in events:
            if event.startswith("event"):
                return event
        return ""

    async def both() -> tuple[list[str], bool]:
        hub = Hub()
        streams = [hub.stream(CLERK), hub.stream(CLERK)]
        for stream in streams:
            await anext(stream)
        listener = hub.listening
        await asyncio.sleep(0.5)
        await sync_to_async(notify)()
        told = [await asyncio.wait_for(next_case(stream), 5) for stream in streams]
        for stream in streams:
            await stream.aclose()  # type: ignore[attr-defined]
        return told, hub.listening is None and listener is not None

    told, ended = asyncio.run(both())
    assert told == ['event: case\ndata: {"id": "7"}\n\n'] * 2
    assert ended


def test_a_stranger_has_no_live_screen(town: Any) -> None:
    assert Client().get(reverse("live")).status_code == 204
