"""Operations as they come in: read from JSON, set to our clock, put in an order in which each can be done."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from citong.core.sync.declare import Sent
from citong.core.sync.sealing import seal, unseal

SKEW_IGNORED = timedelta(seconds=2)
OLDEST = timedelta(days=400)
DEEPEST = 6  # how far into the data ids are looked for
WORD = re.compile("[a-z_]{1,20}")
MOMENT = re.compile(r"[\dTZ:.+-]{1,40}", re.ASCII)


@dataclass(frozen=True)
class Given:
    """An operation with the moment its device wrote, and the JSON it came as."""

    sent: Sent
    said_at: str
    raw: Mapping[str, Any]

    @property
    def instead(self) -> UUID | None:
        """The refused operation that its worker has mended by this one."""
        return uuid_of(self.raw.get("instead"))

    @property
    def files(self) -> list[Mapping[str, Any]]:
        """The files it names, each with its `sha256`."""
        listed = self.sent.data.get("files")
        return (
            [one for one in listed if isinstance(one, dict) and one.get("sha256")] if isinstance(listed, list) else []
        )

    def sealed(self) -> bytes:
        """The operation as it is kept while it waits for a person or another operation."""
        return seal(json.dumps(self.raw).encode(), of=f"operation {self.sent.id}")


def given(raw: Mapping[str, Any], *, branch: str, skew: timedelta, now: datetime) -> Given | None:
    """The operation, its time set to our clock; None for one without an id, which can not be answered for."""
    id = uuid_of(raw.get("id"))
    if id is None:
        return None
    data, base, said, kind = raw.get("data"), raw.get("base"), str(raw.get("at")), str(raw.get("kind"))
    said = said if MOMENT.fullmatch(said) else ""
    sent = Sent(
        id=id, kind=kind if WORD.fullmatch(kind) else "", subject=uuid_of(raw.get("subject")) or id,
        base=base if isinstance(base, int) and 0 <= base < 2**31 else None, after=uuid_of(raw.get("after")),
        data=data if isinstance(data, dict) else {}, at=_by_our_clock(said, skew, now), branch=branch,
    )  # fmt: skip
    return Given(sent, said, raw)


def given_again(body: bytes | memoryview, id: UUID, *, branch: str, at: datetime) -> Given:
    """An operation that was kept, as it was understood when it came."""
    raw = json.loads(unseal(body, of=f"operation {id}"))
    found = given(raw, branch=branch, skew=timedelta(), now=at)
    assert found is not None
    return replace(found, sent=replace(found.sent, at=at))


def skew_of(now_there: Any, *, now: datetime) -> timedelta:
    """How far a device's clock is behind ours; nothing for a device that does not say, or a difference of moments."""
    there = moment(now_there)
    skew = now - there if there else timedelta()
    return skew if abs(skew) > SKEW_IGNORED else timedelta()


def moment(said: Any) -> datetime | None:
    """An aware moment of seconds since 1970, or of ISO 8601; None for anything else."""
    try:
        if isinstance(said, int | float):
            return datetime.fromtimestamp(said, UTC)
        found = datetime.fromisoformat(str(said))
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def uuid_of(value: Any) -> UUID | None:
    """The UUID that stands there, if one does."""
    if not isinstance(value, str) or len(value) != 36:
        return None
    try:
        return UUID(value)
    except ValueError:
        return None


def in_order(coming: Sequence[Given], *, settled: Set[UUID]) -> tuple[list[Given], list[Given]]:
    """(those that can be done, each after what it builds on; those whose `after` is neither here nor settled)."""
    ready: list[Given] = []
    known, waiting = set(settled), list(coming)
    while True:
        able = [one for one in waiting if one.sent.after is None or one.sent.after in known]
        if not able:
            return ready, waiting
        first = able[0]  # one at a time, so that what came first stays first
        ready.append(first)
        known.add(first.sent.id)
        waiting.remove(first)


def ranks(ready: Sequence[Given]) -> Iterator[list[Given]]:
    """The operations in ranks: those of one rank name nothing in common, so they can be done in one go.

    Whatever names a thing that an earlier one names, comes in a later rank.
    """
    last: dict[UUID, int] = {}
    found: list[list[Given]] = []
    for one in ready:
        names = set(_names(one.sent))
        rank = max((last[name] + 1 for name in names if name in last), default=0)
        last |= dict.fromkeys(names, rank)
        if rank == len(found):
            found.append([])
        found[rank].append(one)
    yield from found


def _names(sent: Sent) -> Iterator[UUID]:
    yield sent.id
    yield sent.subject
    if sent.after:
        yield sent.after
    yield from _ids(sent.data, DEEPEST)


def _ids(value: Any, deepest: int) -> Iterator[UUID]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for one in value if deepest else ():
            yield from _ids(one, deepest - 1)
    elif id := uuid_of(value):
        yield id


def _by_our_clock(said: str, skew: timedelta, now: datetime) -> datetime:
    there = moment(said)
    try:
        return min(max(there + skew, now - OLDEST), now) if there else now
    except OverflowError:
        return now
