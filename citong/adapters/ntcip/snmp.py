"""Reading and writing values by SNMP (package `pysnmp`). Community and keys are never shown nor logged."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Protocol

Value = int | bytes
NO_SUCH_NAME = 2  # error-status of SNMP version 1
PER_MESSAGE = 24  # values in one message: controllers of the field refuse long ones


class SnmpFault(Exception):
    """SNMP did not bring what was asked."""


class Silent(SnmpFault):
    """No answer came in time; whether a write was done is not known."""


class Denied(SnmpFault):
    """The controller answered that it will not; nothing was written. `unknown`: the place of a value it has not."""

    def __init__(self, words: str, *, unknown: int | None = None) -> None:
        super().__init__(words)
        self.unknown = unknown


@dataclass(frozen=True)
class Address:
    """Where a controller listens and what opens it: a community (versions 1 and 2), or a user of version 3 with keys
    (SHA, AES-128). There is no usual secret: one has to be given."""

    host: str
    port: int = 161
    community: str = field(default="", repr=False)
    version: int = 2
    user: str = field(default="", repr=False)
    auth_key: str = field(default="", repr=False)
    priv_key: str = field(default="", repr=False)
    timeout_s: float = 0.5
    retries: int = 1


class Snmp(Protocol):
    """What a controller is spoken to with."""

    async def get(self, oids: Sequence[str]) -> list[Value | None]:
        """The values in this order, None where the controller has none; Silent or Denied."""

    async def set(self, values: Sequence[tuple[str, int]]) -> None:
        """All values are written, or none; Silent or Denied."""

    def anew(self) -> None:
        """Values the controller had not are asked for again: it may be another one, or fully started, now."""


class Manager:
    """Speaks to one controller; to be used in the event loop it was made in. Writes are never repeated by itself:
    a repeated one could arrive after a later one."""

    def __init__(self, address: Address, *, engine: Any = None) -> None:
        if not (address.community or address.user):
            raise SnmpFault(f"No community and no user is given for {address.host}.")
        self._hlapi = _hlapi()
        self._address = address
        self._unknown: set[str] = set()
        self._engine = engine or self._hlapi.SnmpEngine()
        self._target: Any = None
        self._names: dict[str, Any] = {}

    async def get(self, oids: Sequence[str]) -> list[Value | None]:
        """Several messages when there are many values."""
        found: dict[str, Value | None] = {}
        for first in range(0, len(oids), PER_MESSAGE):
            found |= await self._get(oids[first : first + PER_MESSAGE])
        return [found.get(oid) for oid in oids]

    async def set(self, values: Sequence[tuple[str, int]]) -> None:
        """One message, so that the controller does all or nothing (RFC 3416, 4.2.5)."""
        hlapi = self._hlapi
        pairs = [hlapi.ObjectType(hlapi.ObjectIdentity(oid), hlapi.Integer32(value)) for oid, value in values]
        await self._send(hlapi.set_cmd, pairs)

    def anew(self) -> None:
        """Nothing is held to be lacking any more."""
        self._unknown.clear()

    def close(self) -> None:
        """The socket is given back."""
        self._engine.close_dispatcher()

    async def _get(self, oids: Sequence[str]) -> dict[str, Value | None]:
        """Version 1 refuses a whole message for one value it has not (RFC 1157, 4.1.2): asked again without it."""
        while asked := [oid for oid in oids if oid not in self._unknown]:
            try:
                answer = await self._patient(self._hlapi.get_cmd, [self._name(oid) for oid in asked])
            except Denied as fault:
                if fault.unknown is None or not 1 <= fault.unknown <= len(asked):
                    raise
                self._unknown.add(asked[fault.unknown - 1])
                continue
            if [str(one[0]) for one in answer] != asked:
                raise Silent("The controller answered to something else.")
            return {oid: _plain(one[1]) for oid, one in zip(asked, answer, strict=True)}
        return {}

    def _name(self, oid: str) -> Any:
        """Kept: making sense of a name takes pysnmp longer than all the rest, and it does so once an object."""
        if oid not in self._names:
            self._names[oid] = self._hlapi.ObjectType(self._hlapi.ObjectIdentity(oid))
        return self._names[oid]

    async def _patient(self, command: Any, pairs: list[Any]) -> Sequence[Any]:
        for _ in range(self._address.retries):
            with contextlib.suppress(Silent):
                return await self._send(command, pairs)
        return await self._send(command, pairs)

    async def _send(self, command: Any, pairs: list[Any]) -> Sequence[Any]:
        target = await self._open()
        context = self._hlapi.ContextData()
        fault, status, place, answer = await command(
            self._engine, self._auth(), target, context, *pairs, lookupMib=False
        )
        if fault:
            raise Silent(f"No answer from {self._address.host}: {type(fault).__name__}.")
        if status:
            unknown = int(place) if int(status) == NO_SUCH_NAME else None
            words = f"{self._address.host} refused value {int(place)}: {status.prettyPrint()}."
            raise Denied(words, unknown=unknown)
        return list(answer)

    async def _open(self) -> Any:
        if self._target is None:
            address = (self._address.host, self._address.port)
            create = self._hlapi.UdpTransportTarget.create
            self._target = await create(address, timeout=self._address.timeout_s, retries=0)
        return self._target

    def _auth(self) -> Any:
        address, hlapi = self._address, self._hlapi
        if not address.user:
            return hlapi.CommunityData(address.community, mpModel=0 if address.version == 1 else 1)
        return hlapi.UsmUserData(
            address.user,
            authKey=address.auth_key or None,
            privKey=address.priv_key or None,
            authProtocol=hlapi.USM_AUTH_HMAC96_SHA if address.auth_key else hlapi.USM_AUTH_NONE,
            privProtocol=hlapi.USM_PRIV_CFB128_AES if address.priv_key else hlapi.USM_PRIV_NONE,
        )


class Engines:
    """One engine of pysnmp for all controllers with the same secrets: each takes half a second and megabytes."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], Any] = {}

    def manager(self, address: Address) -> Manager:
        """What speaks to that controller."""
        secrets = (address.community, address.user, address.auth_key, address.priv_key)
        if secrets not in self._kept:
            self._kept[secrets] = _hlapi().SnmpEngine()
        return Manager(address, engine=self._kept[secrets])

    def close(self) -> None:
        """All sockets are given back."""
        for engine in self._kept.values():
            engine.close_dispatcher()


def _hlapi() -> Any:
    try:
        return import_module("pysnmp.hlapi.v3arch.asyncio")
    except ImportError:
        raise SnmpFault("Controllers by NTCIP need the package pysnmp: install citong[signals].") from None


def _plain(value: Any) -> Value | None:
    kind = type(value).__name__
    if kind in ("NoSuchObject", "NoSuchInstance", "EndOfMibView", "Null"):
        return None
    return bytes(value) if kind in ("OctetString", "Opaque") else int(value)
