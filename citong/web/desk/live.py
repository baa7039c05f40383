"""Live screens: one listener in each process hears what changed and passes it on to the desks that may see it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from typing import Any, ClassVar

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from citong.core.flow.record import LIVE
from citong.core.people.access import AREA_POSTS, Actor, Seat, may_open
from citong.web.asking import actor_of_request

HEARTBEAT_SECONDS = 20.0
AGAIN_SECONDS = 3.0
WAITING = 200  # changes kept for one slow screen; one that falls further behind is told to look anew
ANEW = ""
log = logging.getLogger(__name__)


class Screen:
    """One open desk and the ids of changed cases it has not been told of yet."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.waiting: asyncio.Queue[str] = asyncio.Queue(WAITING)

    def tell(self, case: str) -> None:
        """The screen will hear of this case; of everything at once when it is too far behind."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            case = ANEW
        self.waiting.put_nowait(case)

    async def events(self) -> AsyncIterator[str]:
        """Yield what a browser's EventSource reads, with a heartbeat in quiet times."""
        yield "retry: 5000\n\n"
        while True:
            try:
                case = await asyncio.wait_for(self.waiting.get(), HEARTBEAT_SECONDS)
            except TimeoutError:
                yield ": still here\n\n"
            else:
                yield f"event: case\ndata: {json.dumps({'id': case})}\n\n"


class Hub:
    """Listens while at least one screen is open, over one connection of its own, never one of the pool."""

    page: ClassVar[str] = "inbox"  # who may open it may listen
    channels: ClassVar[tuple[str, ...]] = (LIVE,)

    def __init__(self) -> None:
        self.screens: set[Screen] = set()
        self.listening: asyncio.Task[None] | None = None

    async def answer(self, request: HttpRequest) -> HttpResponseBase:
        """The stream; 204, which ends all asking, for people without the page."""
        actor = await _who(request, self.page)
        if actor is None:
            return HttpResponse(status=204)
        answer = StreamingHttpResponse(self.stream(actor), content_type="text/event-stream")
        answer["Cache-Control"], answer["X-Accel-Buffering"] = "no-store", "no"
        return answer

    async def stream(self, actor: Actor) -> AsyncIterator[str]:
        """Yield events for this actor until the reader goes away; with the last reader the listener ends."""
        screen = Screen(actor)
        self.screens.add(screen)
        if self.listening is None:
            self.listening = asyncio.create_task(self._listen())
        try:
            async for event in screen.events():
                yield event
        finally:
            self.screens.discard(screen)
            if not self.screens and self.listening is not None:
                self.listening.cancel()
                self.listening = None

    def pass_on(self, heard: Mapping[str, Any]) -> None:
        """Every screen whose actor may see the changed case is told its id."""
        for screen in self.screens:
            if hears(screen.actor, heard):
                screen.tell(str(heard["id"]))

    async def _listen(self) -> None:
        missed = False
        while True:
            try:
                await self._listen_once(missed=missed)
            except psycopg.OperationalError as fault:
                log.warning("live screens hear nothing for %s s: %s", AGAIN_SECONDS, fault)
                missed = True
                await asyncio.sleep(AGAIN_SECONDS)

    async def _listen_once(self, *, missed: bool) -> None:
        async with await psycopg.AsyncConnection.connect(**_address(), autocommit=True) as listener:
            for channel in self.channels:
                await listener.execute(f"LISTEN {channel}")
            for screen in self.screens if missed else ():
                screen.tell(ANEW)
            async for notify in listener.notifies():
                self.pass_on(json.loads(notify.payload))


_hub = Hub()


async def live(request: HttpRequest) -> HttpResponseBase:
    """A stream of ids of changed cases this person may see."""
    return await _hub.answer(request)


def hears(actor: Actor, heard: Mapping[str, Any]) -> bool:
    """Whether `access.scope` would show the actor the case that was announced, judged by its ids alone; no query.

    A report of one's own in another office's hands is not heard: nobody waits for that at the desk.
    """
    units = {heard.get("unit"), *heard.get("joint", ())}
    return any(seat.unit in units or _in_area(seat, heard) for seat in actor.seats)


def _in_area(seat: Seat, heard: Mapping[str, Any]) -> bool:
    if seat.post not in AREA_POSTS:
        return False
    return seat.level == "city" or heard.get(seat.level) == seat.division


@sync_to_async
def _who(request: HttpRequest, page: str) -> Actor | None:
    """The actor, if they have that page. The connections go back to the pool: a stream may stay open all day."""
    actor = actor_of_request(request)
    connections.close_all()
    return actor if may_open(actor, page) else None


def _address() -> dict[str, Any]:
    known = connection.get_connection_params()
    return {name: known[name] for name in ("dbname", "user", "password", "host", "port") if known.get(name)}
