"""An SNMP agent (v1, v2c) before the controller of the tests, and a bad line: losses, delays, wrong order."""

import asyncio
from collections import deque
from collections.abc import Callable
from importlib import import_module
from typing import Any, cast

import pytest

from citong.adapters.ntcip import oids
from citong.adapters.ntcip.tests.controller import FORCE_OFF, HOLD, OMIT, VEH_CALL, RingBarrier

api: Any = pytest.importorskip("pysnmp.proto.api", reason="the extra signals is not installed")
decoder: Any = import_module("pyasn1.codec.ber.decoder")
encoder: Any = import_module("pyasn1.codec.ber.encoder")
rfc1902: Any = import_module("pysnmp.proto.rfc1902")
rfc1905: Any = import_module("pysnmp.proto.rfc1905")

COMMUNITY = "rain-on-the-river"
LOSE, LOSE_ANSWER, LATE = "lose", "lose the answer", "late"
CONTROL_COLUMNS = {oids.HOLD: HOLD, oids.FORCE_OFF: FORCE_OFF, oids.OMIT: OMIT, oids.VEH_CALL: VEH_CALL}
NOT_WRITABLE, NO_SUCH_NAME = 17, 2
CONCURRENT = {1: (5, 6), 2: (5, 6), 3: (7, 8), 4: (7, 8), 5: (1, 2), 6: (1, 2), 7: (3, 4), 8: (3, 4)}
PATTERN_3 = {1: 15, 2: 35, 3: 15, 4: 35, 5: 15, 6: 35, 7: 15, 8: 35}


class Cabinet:
    """The controller's values by identifier."""

    def __init__(self, controller: RingBarrier) -> None:
        self.controller = controller
        self.backup_writable = True
        self.counted: dict[int, tuple[int, int]] = dict.fromkeys(range(1, 9), (0, 0))
        self.sequence = 1
        self.active: set[int] = set()
        self.preempted = False
        self.others: dict[str, int] = {}
        self.fixed: dict[str, int | bytes] = dict(self._tables())

    def read(self, oid: str) -> int | bytes | None:
        """The value now; None when there is none."""
        live = self._live(oid)
        return live if live is not None else self.others.get(oid, self.fixed.get(oid))

    def may_write(self, oid: str) -> bool:
        """Whether a write of it is taken."""
        if oid == oids.BACKUP_TIME:
            return self.backup_writable
        return oid == oids.PATTERN_CONTROL or oid.startswith(f"{oids.PHASE_CONTROL}.")

    def write(self, oid: str, value: int) -> None:
        """The value is taken."""
        if oid == oids.BACKUP_TIME:
            self.controller.backup_time = value
        elif oid == oids.PATTERN_CONTROL:
            self.controller.pattern = value
            self.controller.heard()
        else:
            name = CONTROL_COLUMNS.get(int(oid.split(".")[-2]))
            if name:
                self.controller.command(name, {bit + 1 for bit in range(8) if value >> bit & 1})
            else:
                self.others[oid] = value

    def _live(self, oid: str) -> int | None:
        controller = self.controller
        if oid.startswith(f"{oids.PHASE_STATUS}."):
            return self._status(int(oid.split(".")[-2]))
        if oid.startswith(f"{oids.PHASE_CONTROL}."):
            name = CONTROL_COLUMNS.get(int(oid.split(".")[-2]))
            return _bits(controller.controls[name]) if name else self.others.get(oid, 0)
        if oid.startswith((f"{oids.VOLUME}.", f"{oids.OCCUPANCY}.")):
            return self.counted[int(oid.split(".")[-1])][0 if oid.startswith(oids.VOLUME) else 1]
        return {
            oids.UP_TIME: int(controller.up * 100),
            oids.BACKUP_TIME: controller.backup_time,
            oids.CONTROL_STATUS: self._control(),
            oids.FLASH_STATUS: 7 if controller.flashing else 2,
            oids.PATTERN_CONTROL: controller.pattern,
            oids.PATTERN_STATUS: controller.pattern or 254,
            oids.VOLUME_SEQUENCE: self.sequence,
            oids.DETECTOR_ACTIVE + ".1": _bits(self.active),
            oids.PREEMPT_STATE + ".1": 6 if self.preempted else 2,
        }.get(oid)

    def _status(self, column: int) -> int:
        controller = self.controller
        greens, yellows = controller.showing("green"), controller.showing("yellow")
        return _bits({
            oids.GREENS: greens, oids.YELLOWS: yellows, oids.REDS: set(controller.timings) - greens - yellows,
            oids.WALKS: controller.walking(), oids.PED_CLEARS: controller.clearing(),
        }.get(column, set()))  # fmt: skip

    def _control(self) -> int:
        if self.controller.manual:
            return 5
        if self.controller.backed_up:
            return 4
        return 2 if self.controller.pattern or any(self.controller.controls.values()) else 3

    def _tables(self) -> list[tuple[str, int | bytes]]:
        sizes = {
            oids.MAX_PHASES: 16, oids.MAX_DETECTORS: 8, oids.MAX_PATTERNS: 4, oids.MAX_PREEMPTS: 1, oids.MAX_RINGS: 2,
            oids.MAX_CHANNELS: 16, oids.MAX_OVERLAPS: 4,
        }  # fmt: skip
        rows: list[tuple[str, int | bytes]] = list(sizes.items())
        for number, timing in self.controller.timings.items():
            rows += [(oids.cell(oids.PHASE, column, number), value) for column, value in (
                (oids.OPTIONS, 1), (oids.RING, 1 if number < 5 else 2), (oids.WALK, int(timing.walk)),
                (oids.PED_CLEAR, int(timing.ped_clear)), (oids.MIN_GREEN, int(timing.min_green)),
                (oids.MAX_1, int(timing.max_green)), (oids.YELLOW, int(timing.yellow * 10)),
                (oids.RED_CLEAR, int(timing.red * 10)), (oids.CONCURRENCY, bytes(CONCURRENT[number])),
            )]  # fmt: skip
            rows += [(oids.row(oids.CHANNEL_SOURCE, number), number), (oids.row(oids.CHANNEL_TYPE, number), 2)]
            rows.append((oids.cell(oids.DETECTOR, oids.CALL_PHASE, number), number))
            rows.append((oids.row(oids.SPLIT_TIME, 1, number), PATTERN_3[number]))
        for place, number in enumerate((2, 4, 6, 8), start=9):
            rows += [(oids.row(oids.CHANNEL_SOURCE, place), number), (oids.row(oids.CHANNEL_TYPE, place), 3)]
        rows += [(oids.row(oids.SEQUENCE_DATA, 1, 1), bytes((1, 2, 3, 4)))]
        rows += [(oids.row(oids.SEQUENCE_DATA, 1, 2), bytes((5, 6, 7, 8)))]
        pattern = ((oids.CYCLE, 100), (oids.OFFSET, 12), (oids.SPLIT_NUMBER, 1), (oids.SEQUENCE_NUMBER, 1))
        return rows + [(oids.cell(oids.PATTERN, column, 3), value) for column, value in pattern]


def _bits(phases: set[int]) -> int:
    return sum(1 << phase - 1 for phase in phases)


class Agent(asyncio.DatagramProtocol):
    """Answers on a port of its own. `line` says what happens to the next messages; `fate` to all others."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.line: deque[str] = deque()
        self.fate: Callable[[], str] = lambda: ""
        self.late: list[tuple[bytes, Any]] = []
        self.dead = False
        self.writes = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is open."""
        self.transport = cast(asyncio.DatagramTransport, transport)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, address: Any) -> None:
        """One message came in; the line decides."""
        fate = LOSE if self.dead else self.line.popleft() if self.line else self.fate()
        if fate == LATE:
            self.late.append((data, address))
        elif fate != LOSE:
            answer = self._answer(data)
            if answer and fate != LOSE_ANSWER:
                self.transport.sendto(answer, address)

    def deliver_late(self) -> None:
        """What was held back arrives now, the last first."""
        while self.late:
            data, address = self.late.pop()
            self.transport.sendto(self._answer(data) or b"", address)

    def _answer(self, data: bytes) -> bytes | None:
        module = api.PROTOCOL_MODULES[api.decodeMessageVersion(data)]
        message, _ = decoder.decode(data, asn1Spec=module.Message())
        if str(module.apiMessage.get_community(message)) != COMMUNITY:
            return None
        asked = module.apiMessage.get_pdu(message)
        reply = module.apiMessage.get_response(message)
        pdu = module.apiMessage.get_pdu(reply)
        pairs = module.apiPDU.get_varbinds(asked)
        if asked.isSameTypeWith(module.SetRequestPDU()):
            self._write(module, pdu, pairs)
        else:
            self._read(module, pdu, pairs)
        return bytes(encoder.encode(reply))

    def _read(self, module: Any, pdu: Any, pairs: list[tuple[Any, Any]]) -> None:
        found = [(oid, self.cabinet.read(str(oid))) for oid, _ in pairs]
        lacking = [place for place, (_, value) in enumerate(found, start=1) if value is None]
        if lacking and module is api.PROTOCOL_MODULES[api.SNMP_VERSION_1]:
            module.apiPDU.set_varbinds(pdu, pairs)
            module.apiPDU.set_error_status(pdu, NO_SUCH_NAME)
            module.apiPDU.set_error_index(pdu, lacking[0])
            return
        module.apiPDU.set_varbinds(
            pdu, [(oid, module.Integer(v) if isinstance(v, int) else _typed(v)) for oid, v in found]
        )

    def _write(self, module: Any, pdu: Any, pairs: list[tuple[Any, Any]]) -> None:
        self.writes += 1
        bad = [place for place, (oid, _) in enumerate(pairs, start=1) if not self.cabinet.may_write(str(oid))]
        module.apiPDU.set_varbinds(pdu, pairs)
        if bad:
            module.apiPDU.set_error_status(pdu, NOT_WRITABLE)
            module.apiPDU.set_error_index(pdu, bad[0])
            return
        for oid, value in pairs:
            self.cabinet.write(str(oid), int(value))


def _typed(value: int | bytes | None) -> Any:
    if value is None:
        return rfc1905.noSuchInstance
    return rfc1902.OctetString(value) if isinstance(value, bytes) else rfc1902.Integer32(value)
