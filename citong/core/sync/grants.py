"""Which scopes a device was given, which it must forget, and whether it said that it did."""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from citong.core.ledger import prepared
from citong.core.sync.models import Grant

GIVE = """
INSERT INTO sync_grant (device_id, scope, given_at) VALUES (%(device)s, %(scope)s, %(at)s)
ON CONFLICT (device_id, scope) WHERE forgotten_at IS NULL DO UPDATE SET ended_at = NULL
"""


def give(device: UUID, scope: str, *, at: datetime) -> None:
    """The device holds the scope from now on."""
    prepared.run(GIVE, {"device": device, "scope": scope, "at": at})


def end(device: UUID, scopes: Iterable[str], *, at: datetime) -> None:
    """The device was told to forget these scopes, and owes an answer."""
    _current(device, scopes).filter(ended_at=None).update(ended_at=at)


def keep(device: UUID, scopes: Iterable[str]) -> None:
    """The device may hold these scopes after all, and has not forgotten them."""
    _current(device, scopes).exclude(ended_at=None).update(ended_at=None)


def forgotten(device: UUID, scopes: Iterable[str], *, at: datetime) -> None:
    """The device says that it has nothing left of these scopes. A late word about one it was given again is none."""
    _current(device, scopes).exclude(ended_at=None).update(forgotten_at=at)


def unforgotten(device: UUID) -> list[str]:
    """Scopes the device was told to forget and has not said so; one query."""
    return list(
        Grant.objects.filter(device=device, ended_at__isnull=False, forgotten_at=None).values_list("scope", flat=True)
    )


def held(devices: Collection[UUID]) -> dict[UUID, set[str]]:
    """The scopes each of these devices holds, as far as we know, with those it should have forgotten; one query."""
    found: dict[UUID, set[str]] = {}
    for device, scope in Grant.objects.filter(device__in=devices, forgotten_at=None).values_list("device", "scope"):
        found.setdefault(device, set()).add(scope)
    return found


def _current(device: UUID, scopes: Iterable[str]) -> QuerySet[Grant]:
    return Grant.objects.filter(Q(device=device), scope__in=list(scopes), forgotten_at=None)
