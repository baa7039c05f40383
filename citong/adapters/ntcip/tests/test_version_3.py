"""Version 3 of SNMP: the cabinet of the tests behind the library's own agent, with keys."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Any

import pytest

from citong.adapters.ntcip import oids
from citong.adapters.ntcip.device import Device
from citong.adapters.ntcip.snmp import Address, Manager, Silent
from citong.adapters.ntcip.tests.agent import Cabinet
from citong.adapters.ntcip.tests.controller import HOLD, dual_ring
from citong.core.signals.port import Accepted, Ask

USER, AUTH, PRIV = "centre", "over-the-old-bridge", "under-the-banyan-tree"
NOW = 1_000_000.0


class Behind:
    """Gives the library's agent the values of a cabinet."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.rfc1902: Any = import_module("pysnmp.proto.rfc1902")
        self.rfc1905: Any = import_module("pysnmp.proto.rfc1905")

    def read_variables(self, *pairs: Any, **_: Any) -> list[Any]:
        """The values asked for."""
        return [(oid, self._typed(self.cabinet.read(str(oid)))) for oid, _ in pairs]

    def write_variables(self, *pairs: Any, **_: Any) -> list[Any]:
        """The values are taken."""
        for oid, value in pairs:
            self.cabinet.write(str(oid), int(value))
        return list(pairs)

    def _typed(self, value: int | bytes | None) -> Any:
        if value is None:
            return self.rfc1905.noSuchInstance
        return self.rfc1902.OctetString(value) if isinstance(value, bytes) else self.rfc1902.Integer32(value)


@asynccontextmanager
async def guarded(cabinet: Cabinet) -> AsyncIterator[int]:
    """The port on which the cabinet answers that user alone, signed and encrypted."""
    config: Any = import_module("pysnmp.entity.config")
    udp: Any = import_module("pysnmp.carrier.asyncio.dgram.udp")
    responder: Any = import_module("pysnmp.entity.rfc3413.cmdrsp")
    engine = import_module("pysnmp.entity.engine").SnmpEngine()
    transport = udp.UdpTransport().open_server_mode(("127.0.0.1", 0))
    config.add_transport(engine, udp.DOMAIN_NAME, transport)
    config.add_v3_user(engine, USER, config.USM_AUTH_HMAC96_SHA, AUTH, config.USM_PRIV_CFB128_AES, PRIV)
    config.add_vacm_user(engine, 3, USER, "authPriv", (1, 3, 6), (1, 3, 6))
    context = import_module("pysnmp.entity.rfc3413.context").SnmpContext(engine)
    context.context_names[b""] = Behind(cabinet)
    for kind in (responder.GetCommandResponder, responder.SetCommandResponder):
        kind(engine, context)
    await asyncio.sleep(0.05)
    try:
        yield transport.transport.get_extra_info("sockname")[1]
    finally:
        engine.close_dispatcher()


def test_a_controller_is_read_and_asked_with_keys_and_silent_without() -> None:
    async def story() -> None:
        controller = dual_ring()
        controller.advance(12)
        async with guarded(Cabinet(controller)) as port:
            manager = Manager(Address("127.0.0.1", port, user=USER, auth_key=AUTH, priv_key=PRIV, timeout_s=2))
            device = Device("Rose Road", manager)
            await device.start(NOW)
            await device.step(NOW + 1)
            ask = Ask("1", "escort", "a child with a fever", NOW + 1, NOW + 60)
            assert isinstance(await device.request_stage(7, ask, NOW + 1), Accepted)
            assert controller.controls[HOLD] == {4, 8}
            manager.close()
            stranger = Manager(Address("127.0.0.1", port, user=USER, auth_key="x" * 12, priv_key=PRIV, retries=0))
            with pytest.raises(Silent) as met:
                await stranger.get([oids.UP_TIME])
            assert not any(word in str(met.value) for word in (AUTH, PRIV, USER, "xxx"))
            stranger.close()

    asyncio.run(story())
