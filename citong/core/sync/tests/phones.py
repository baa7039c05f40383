"""A phone as the protocol wants it, in memory: what a test holds against the server's own word."""

import gzip
import json
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import connection
from django.utils import timezone

from citong.core.people.access import Actor, actor_of
from citong.core.people.models import Account
from citong.core.sync import feed, grants
from citong.core.sync.declare import Told
from citong.core.sync.devices import enrol
from citong.core.sync.first import first
from citong.core.sync.footprint import Footprint, hashed
from citong.core.sync.models import Device
from citong.core.sync.pull import Pulled, pull
from citong.core.sync.push import Answer, push
from citong.kit.ids import uuid7

Key = tuple[str, str]


class Phone:
    """Rows by scope, and a box of operations that have no final answer yet.

    `bare` reads the feed as it must not be read. A `patient` phone asks when all that began before has ended: other
    databases of the same server, and other tests, hold the feed back as well.
    """

    def __init__(
        self, account: Account, *, bare: bool = False, page: int = feed.MOST, patient: bool = True
    ) -> None:  # fmt: skip
        self.account, self.bare, self.page, self.patient = account, bare, page, patient
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        now = timezone.now()
        self.device: Device = enrol(account, actor=self.actor(), name="Phone", key=point, app="1", at=now)[0]
        self.cursors: dict[str, str] = {}
        self.rows: dict[str, dict[Key, Told]] = {}
        self.box: dict[UUID, dict[str, Any]] = {}
        self.answers: dict[UUID, Answer] = {}
        self.said: list[UUID] = []

    def actor(self) -> Actor:
        return actor_of(self.account)

    def say(self, kind: str, data: dict[str, Any], *, subject: UUID | None = None, **more: Any) -> UUID:
        """A new operation in the box."""
        id = uuid7()
        at = timezone.now().isoformat()
        operation = {"id": str(id), "kind": kind, "subject": str(subject or uuid7()), "at": at, "data": data}
        self.box[id] = operation | {"base": None, "after": None} | more
        self.said.append(id)
        return id

    def push(self, operations: Sequence[dict[str, Any]] | None = None, *, now: Any = None) -> list[Answer]:
        """The server's answers; nothing of them has come to the phone yet."""
        raw = list(self.box.values()) if operations is None else operations
        there = now or timezone.now().timestamp()
        return push(self.device.id, raw, actor=self.actor(), now_there=there, at=timezone.now())

    def hear(self, answers: Sequence[Answer]) -> None:
        """The answers have come."""
        for answer in answers:
            id = UUID(answer["id"])
            self.answers[id] = answer
            if answer["result"] != "held":
                self.box.pop(id, None)

    def ask(self) -> Pulled | None:
        """What the server says to a pull now; it has not come yet."""
        if self.patient:
            everything_ended()
        owed = grants.unforgotten(self.device.id)
        return pull(
            self.device.id, dict(self.cursors), actor=self.actor(), owed=owed, at=timezone.now(), most=self.page,
            bare=self.bare,
        )  # fmt: skip

    def take(self, pulled: Pulled | None) -> None:
        """What the server said has come, and is kept together with the cursors."""
        if pulled is None:
            return
        for row in pulled.rows:
            self._keep(row["scope"], row)
        self.cursors |= pulled.scopes
        for scope in pulled.forget:
            self.rows.pop(scope, None)
            self.cursors.pop(scope, None)

    def fill(self, scope: str) -> None:
        """The scope's first load takes the place of what was held of it."""
        load = first(self.device.id, scope, actor=self.actor(), at=timezone.now())
        if load is None:
            return
        told = json.loads(gzip.decompress(load.body))
        self.rows[scope] = {}
        for row in told["rows"]:
            self._keep(scope, row)
        self.cursors[scope] = told["cursor"]

    def forgotten(self, scopes: Sequence[str], at: datetime | None = None) -> None:
        """The server hears that nothing of these scopes is left here."""
        grants.forgotten(self.device.id, scopes, at=at or timezone.now())

    def sync(self) -> None:
        """Everything is sent, fetched, filled and forgotten, until there is nothing more to do."""
        for _turn in range(50):
            sent = dict(self.box)
            self.hear(self.push())
            pulled = self.ask()
            self.take(pulled)
            for scope in pulled.fill if pulled else ():
                self.fill(scope)
            if pulled and pulled.forget:
                self.forgotten(pulled.forget)
            if pulled is None and sent == self.box:
                return
        raise AssertionError("the phone never comes to rest")

    def footprint(self, scope: str) -> Footprint:
        held = self.rows.get(scope, {})
        return hashed((what, UUID(id), row["version"]) for (what, id), row in held.items())

    def record(self, id: UUID) -> Told | None:
        """The record as the phone holds it, in whichever scope."""
        return next((rows[("record", str(id))] for rows in self.rows.values() if ("record", str(id)) in rows), None)

    def _keep(self, scope: str, row: Told) -> None:
        key, held = (row["what"], row["id"]), self.rows.setdefault(scope, {})
        if row["what"] == "operation":
            if UUID(row["id"]) in self.said:  # the worker's other phone hears of it too
                self.hear([{name: value for name, value in row.items() if name not in ("what", "scope")}])
        elif row.get("gone"):
            held.pop(key, None)
        else:
            held[key] = {name: value for name, value in row.items() if name != "scope"}


def everything_ended() -> None:
    """Every transaction that runs now has ended."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
        (begun,) = cursor.fetchone() or ("0",)
        for _try in range(6_000):
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8", [begun])
            if cursor.fetchone() == (True,):
                return
            time.sleep(0.01)
    raise AssertionError("some transaction on this server does not end")
