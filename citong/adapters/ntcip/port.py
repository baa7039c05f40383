"""The signal port over a set of controllers: one thread polls them, callers are answered at once."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import TimeoutError as TooSlow
from typing import Any, TypeVar

from citong.adapters.ntcip.device import Device, Settings
from citong.adapters.ntcip.snmp import Address, Engines
from citong.core.signals.model import Junction
from citong.core.signals.port import Answer, Ask, Detected, NoContact, Reading, Refused, Why

PERIOD_S = 1.0
PATIENCE_S = 2.0
Got = TypeVar("Got")


class NtcipPort:
    """A SignalPort. `open` before use; `close` lets go of everything asked, as far as controllers hear it."""

    def __init__(
        self, addresses: Mapping[str, Address], *, clock: Callable[[], float], settings: Settings | None = None,
        period_s: float = PERIOD_S,
    ) -> None:  # fmt: skip
        self._addresses, self._clock, self._settings, self._period = dict(addresses), clock, settings, period_s
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="ntcip", daemon=True)
        self._devices: dict[str, Device] = {}
        self._engines = Engines()
        self._rounds: list[asyncio.Task[None]] = []

    def open(self) -> "NtcipPort":
        """Polling has begun; controllers that answered are known. Others are tried again each round."""
        self._thread.start()
        self._call(self._begin(), patience=None)
        return self

    def close(self) -> None:
        """Nothing is asked any more, sockets are given back."""
        self._call(self._end(), patience=None)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def junctions(self) -> Mapping[str, Junction]:
        """Those whose tables were read."""
        found = {}
        for name, device in self._devices.items():
            try:
                found[name] = device.junction
            except NoContact:
                continue
        return found

    def reading(self, junction: str) -> Reading:
        """What the junction showed when last polled."""
        return self._device(junction).reading(self._clock())

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        """What its detectors said when last polled."""
        return self._device(junction).detected(self._clock())

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        """The stage is called and held until `ask.until`."""
        return self._ask(junction, ask, lambda device: device.request_stage(stage, ask, self._clock()))

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        """The controller's pattern of that number runs until `ask.until`."""
        return self._ask(junction, ask, lambda device: device.set_plan(plan, ask, self._clock()))

    def release(self, junction: str, ask: Ask) -> Answer:
        """The controller follows its own plan."""
        return self._ask(junction, ask, lambda device: device.release(ask, self._clock()))

    def notes(self, junction: str) -> list[tuple[float, str]]:
        """What was remarkable of late, for the page of the junction."""
        return list(self._device(junction).notes)

    def _ask(self, junction: str, ask: Ask, work: Callable[[Device], Coroutine[Any, Any, Answer]]) -> Answer:
        if junction not in self._devices:
            return Refused(ask.id, Why.UNKNOWN_JUNCTION, f"There is no junction {junction} behind this door.")
        try:
            return self._call(work(self._devices[junction]), patience=PATIENCE_S)
        except TooSlow:
            raise NoContact(junction, "It did not answer in time.") from None

    def _device(self, junction: str) -> Device:
        if junction not in self._devices:
            raise NoContact(junction, "There is no such junction behind this door.")
        return self._devices[junction]

    def _call(self, work: Coroutine[Any, Any, Got], *, patience: float | None) -> Got:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(patience)
        except TooSlow:
            future.cancel()
            raise

    async def _begin(self) -> None:
        for name, address in self._addresses.items():
            self._devices[name] = Device(name, self._engines.manager(address), self._settings)
        await asyncio.gather(*(device.step(self._clock()) for device in self._devices.values()))
        self._rounds = [asyncio.ensure_future(self._round(device)) for device in self._devices.values()]

    async def _round(self, device: Device) -> None:
        while True:
            await asyncio.sleep(self._period)
            await device.step(self._clock())

    async def _end(self) -> None:
        for one in self._rounds:
            one.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        await asyncio.gather(*(device.let_go(self._clock()) for device in self._devices.values()))
        self._engines.close()
