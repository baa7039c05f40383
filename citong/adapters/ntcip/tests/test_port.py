"""The port as the platform uses it: a thread polls, callers are answered at once."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

import pytest

from citong.adapters.ntcip.port import NtcipPort
from citong.adapters.ntcip.snmp import Address
from citong.adapters.ntcip.tests.agent import COMMUNITY, Agent, Cabinet
from citong.adapters.ntcip.tests.controller import HOLD, dual_ring
from citong.core.signals.port import Accepted, Ask, Mode, NoContact, Refused, SignalPort, Why


@dataclass
class Far:
    """A cabinet whose agent runs in a thread of its own."""

    cabinet: Cabinet
    agent: Agent


@pytest.fixture
def far() -> Iterator[Far]:
    """An agent that answers in the background."""
    controller = dual_ring()
    controller.advance(12)
    cabinet, loop = Cabinet(controller), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    making = loop.create_datagram_endpoint(lambda: Agent(cabinet), local_addr=("127.0.0.1", 0))
    _, agent = asyncio.run_coroutine_threadsafe(making, loop).result(5)
    yield Far(cabinet, agent)
    loop.call_soon_threadsafe(agent.transport.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def opened(far: Far) -> NtcipPort:
    address = Address("127.0.0.1", far.agent.port, community=COMMUNITY, timeout_s=0.5)
    return NtcipPort({"Rose Road": address}, clock=time.time, period_s=0.05).open()


def soon(so: Callable[[], bool]) -> bool:
    """Whether it becomes so within five seconds."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if so():
            return True
        time.sleep(0.01)
    return False


def ask(seconds: float) -> Ask:
    now = time.time()
    return Ask(f"ask {now}", "escort", "a child with a fever", now, now + seconds)


def test_the_port_reads_asks_and_releases(far: Far) -> None:
    port = opened(far)
    door = cast(SignalPort, port)
    try:
        assert list(door.junctions()) == ["Rose Road"] and len(door.reading("Rose Road").state) == 12
        assert door.detectors("Rose Road").keys() == {f"detector {number}" for number in range(1, 9)}
        assert soon(lambda: isinstance(door.request_stage("Rose Road", 7, ask(60)), Accepted))
        far.cabinet.controller.advance(15)
        assert soon(lambda: door.reading("Rose Road").since is not None)
        assert door.reading("Rose Road").mode is Mode.CENTRAL
        assert isinstance(door.release("Rose Road", ask(1)), Accepted)
        assert far.cabinet.controller.controls[HOLD] == set()
    finally:
        port.close()


def test_an_ask_ends_by_itself_and_closing_lets_go(far: Far) -> None:
    port = opened(far)
    assert soon(lambda: isinstance(port.request_stage("Rose Road", 3, ask(0.4)), Accepted))
    assert soon(lambda: far.cabinet.controller.controls[HOLD] == set())
    assert isinstance(port.request_stage("Rose Road", 3, ask(100)), Accepted)
    port.close()
    assert far.cabinet.controller.controls[HOLD] == set()


def test_a_junction_nobody_knows_is_refused_and_a_dead_one_is_no_contact(far: Far) -> None:
    far.agent.dead = True
    port = opened(far)
    try:
        unknown = port.request_stage("Tulip Road", 0, ask(10))
        assert isinstance(unknown, Refused) and unknown.why is Why.UNKNOWN_JUNCTION
        assert port.junctions() == {}
        for name in ("Rose Road", "Tulip Road"):
            with pytest.raises(NoContact):
                port.reading(name)
        with pytest.raises(NoContact):
            port.request_stage("Rose Road", 0, ask(10))
        far.agent.dead = False
        assert soon(lambda: list(port.junctions()) == ["Rose Road"])
    finally:
        port.close()
