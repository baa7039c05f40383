"""Live screens: one listener in each process hears what changed and passes it on to the desks that may see it."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from citong.core.flow.record import LIVE
from citong.core.people.access import AREA_POSTS, ANYBODY, Actor, Seat, may_open
from citong.web.asking import actor_of_request

HEARTBEAT_SECONDS = 20.0
AGAIN_SECONDS = 3.0
WAITING = 200  # changes kept for one slow screen; one that falls further behind is told to look anew
log = logging.getLogger(__name__)


@dataclass
class Screen:
    """One open desk and the ids of changed cases it has not been told of yet."""

    actor: Actor
    waiting: "asyncio.Queue[str]" = field(default_factory=lambda: asyncio.Queue(WAITING))


class Hub:
    """Listens while at least one screen is open, over one connection of its own; never from the pool."""

    def __init__(self) -> None:
        self.screens: set[Screen_] = set()
        self.listening: asyncio.Task[None] | None = None

    def join(self, actor: Actor) -> "Screen_":
        """A screen that hears from now on. Call `leave` in the end."""
        screen = Screen_(actor)
        self.screens.add(screen)
        if self.listening is None or self.listening.done():
            self.listening = asyncio.get_running_loop().create_task(self._listen())
        return screen

    def leave(self, screen: "Screen_") -> None:
        """The screen hears no more; with the last one the connection is closed."""
        self.screens.discard(screen)
        if not self.screens and self.listening is not None:
            self.listening.cancel()
            self.listening = None


Screen_ = Screen
