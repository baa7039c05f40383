"""Appending to the ledger. Nothing else writes its tables."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from citong.core.ledger.models import Content, Entry
from citong.core.ledger.rows import Rows, fresh
from citong.kit.chain import content_hash, entry_hash
from citong.kit.ids import uuid7


@dataclass(frozen=True)
class Signature:
    """Who acted: account, and the post and unit in whose name. `None` as account is the system itself."""

    account: UUID | None = None
    post: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Head:
    """Where a subject's history stands: how many entries, and the hash of the last."""

    position: int = 0
    hash: bytes = b""


def head_of(subject: UUID) -> Head:
    """The head of any subject's history; one query. Cases carry their own head and need none."""
    last = Entry.objects.filter(subject=subject).order_by("-position").values_list("position", "hash").first()
    return Head(last[0], bytes(last[1])) if last else Head()


def append(
    subject: UUID,
    act: str,
    *,
    kind: str,
    by: Signature,
    at: datetime,
    head: Head,
    district: str = "",
    facts: Mapping[str, Any] | None = None,
    content: Mapping[str, Any] | None = None,
    rows: Rows | None = None,
    id: UUID | None = None,
) -> Entry:
    """The act stands in the ledger after the subject's `head`: at once, or with the `rows` it belongs to.

    `facts` name no person; `content` may, and is kept in a table of its own. Must run in the transaction that
    makes the change, with the subject locked, so that positions have no gap and no twin. `id` is one made of `at`
    beforehand, where other rows name the entry.
    """
    told_of = {
        "id": id or uuid7(at), "subject": subject, "kind": kind, "position": head.position + 1, "act": act, "at": at,
        "district": district, "actor": by.account, "post": by.post, "unit": by.unit, "facts": dict(facts or {}),
        "previous": head.hash,
    }  # fmt: skip
    entry = fresh(Entry, told_of)
    written = Rows() if rows is None else rows
    if content:
        salt = secrets.token_bytes(16)
        entry.content_hash = content_hash(content, salt)
        written.add(fresh(Content, {"id": entry.id, "salt": salt, "body": dict(content)}))
    entry.hash = entry_hash(told(entry))
    written.add(entry)
    if rows is None:
        written.write()
    return entry


def told(entry: Entry) -> dict[str, Any]:
    """The entry as plain JSON values, by the names of `chain.FIELDS`."""
    return {
        "id": str(entry.id), "subject": str(entry.subject), "kind": entry.kind, "position": entry.position,
        "act": entry.act, "at": utc(entry.at), "district": entry.district,
        "actor": str(entry.actor) if entry.actor else None, "post": entry.post, "unit": entry.unit,
        "facts": entry.facts, "content": bytes(entry.content_hash).hex(), "previous": bytes(entry.previous).hex(),
    }  # fmt: skip


def utc(at: datetime) -> str:
    """The moment as it is hashed and signed: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
