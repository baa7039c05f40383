"""Live consoles: one listener in each process hears that an escort moved, and tells those who have it in hand."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from citong.core.flow.record import LIVE
from citong.services.escort.told import CHANNEL
from citong.web.desk.live import Hub, hears


class EscortHub(Hub):
    """As for cases, and on a channel of its own for what moves each second. The word is an id that says nothing: what
    may be seen is asked again."""

    page = "escorts"
    channels = (CHANNEL, LIVE)

    def pass_on(self, heard: Mapping[str, Any]) -> None:
        for screen in self.screens:
            if "unit" not in heard or hears(screen.actor, heard):
                screen.tell(str(heard["id"]))


_hub = EscortHub()


async def live(request: HttpRequest) -> HttpResponseBase:
    """A stream of ids of escorts that moved."""
    return await _hub.answer(request)
