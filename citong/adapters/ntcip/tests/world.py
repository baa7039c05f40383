"""A controller, its agent and our device side by side, with clocks that are stepped together."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from citong.adapters.ntcip.device import Device, Settings
from citong.adapters.ntcip.snmp import Address, Manager
from citong.adapters.ntcip.tests.agent import COMMUNITY, Agent, Cabinet
from citong.adapters.ntcip.tests.controller import RingBarrier, dual_ring
from citong.core.signals.port import Ask

EPOCH = 1_000_000.0
numbers = count(1)


@dataclass
class World:
    """All that stands in a street."""

    controller: RingBarrier
    cabinet: Cabinet
    agent: Agent
    device: Device
    now: float = EPOCH

    def ask(self, seconds: float, *, id: str = "") -> Ask:
        """An ask of now that lasts so long."""
        return Ask(id or f"ask {next(numbers)}", "escort", "a child with a fever", self.now, self.now + seconds)

    async def pass_(self, seconds: int) -> None:
        """Both clocks run on; the device is stepped each second."""
        for _ in range(seconds):
            self.controller.advance(1)
            self.now += 1
            await self.device.step(self.now)

    async def pass_until(self, reached: Callable[[], bool], *, within: int) -> int:
        """The seconds until it is so; an assertion fails when it takes longer."""
        for passed in range(within + 1):
            if reached():
                return passed
            await self.pass_(1)
        raise AssertionError(f"not reached within {within} s: {self.controller.history[-1]}")

    def greens(self) -> set[int]:
        """The phases that are green in the street."""
        return self.controller.showing("green")


@asynccontextmanager
async def street(
    settings: Settings | None = None, *, community: str = COMMUNITY, timeout_s: float = 0.3, version: int = 2
) -> AsyncIterator[World]:
    """A world whose device was not started yet."""
    controller = dual_ring()
    controller.advance(12)
    cabinet = Cabinet(controller)
    transport, agent = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: Agent(cabinet), local_addr=("127.0.0.1", 0)
    )
    address = Address("127.0.0.1", agent.port, community=community, timeout_s=timeout_s, retries=1, version=version)
    manager = Manager(address)
    try:
        yield World(controller, cabinet, agent, Device("Rose Road", manager, settings))
    finally:
        manager.close()
        transport.close()


def told(
    work: Callable[[World], Coroutine[Any, Any, None]], settings: Settings | None = None, *, timeout_s: float = 0.3
) -> None:
    """The story is played in a street whose device has started and obeys."""

    async def play() -> None:
        async with street(settings, timeout_s=timeout_s) as world:
            await world.pass_until(lambda: world.device.obeys, within=5)
            await work(world)
            _lawful(world.controller)

    asyncio.run(play())


def _lawful(controller: RingBarrier) -> None:
    """What the lamps showed all the time: no conflict, no short green, no missing yellow."""
    sides = ({1, 2, 5, 6}, {3, 4, 7, 8})
    began: dict[int, float] = {}
    before: tuple[frozenset[int], frozenset[int]] = (frozenset(), frozenset())
    for now, greens, yellows, _ in controller.history:
        shown = greens | yellows
        assert shown <= sides[0] or shown <= sides[1], (now, shown)
        began |= dict.fromkeys(greens - before[0], now)
        for phase in before[0] - greens:
            if controller.flashing or phase in yellows:
                assert phase not in yellows or now - began[phase] >= controller.timings[phase].min_green, (now, phase)
        before = (greens, yellows)
