"""What those who lead see of the phones of their area: which are silent, behind, or hold what they should not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count

from citong.core.people.access import Actor, actor_of
from citong.core.sync import grants
from citong.core.sync.declare import Result
from citong.core.sync.devices import within
from citong.core.sync.models import Device, Operation
from citong.core.sync.scopes import scopes_of

PAGE = 50
LONG = timedelta(days=1)


@dataclass(frozen=True)
class Line:
    """One device. `owed` are scopes it has not said it forgot, `refused` what it said and nobody settled."""

    device: Device
    owed: Sequence[str]
    refused: int
    behind: bool

    @property
    def state(self) -> str:
        """revoked, owes, behind or good."""
        if self.device.revoked_at:
            return "revoked"
        if self.owed:
            return "owes"
        return "behind" if self.behind or self.refused else "good"


def devices_of(actor: Actor, *, at: datetime, before: UUID | None = None) -> list[Line]:
    """The devices the actor may see, newest first, one more than a page; three queries, and one for each account."""
    found = Device.objects.filter(within(actor)).select_related("account", "revoked_by").order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    devices = list(found[: PAGE + 1])
    ids = [device.id for device in devices]
    held, counts = grants.held(ids), _refused(ids)
    may = {account: scopes_of(actor_of(account, at=at)) for account in {device.account for device in devices}}
    return [
        Line(device, sorted(held.get(device.id, set()) - _allowed(device, may[device.account])),
             counts.get(device.id, 0), bool(device.oldest_at and at - device.oldest_at > LONG))
        for device in devices
    ]  # fmt: skip


def _allowed(device: Device, scopes: frozenset[str]) -> frozenset[str]:
    """What the device may hold: nothing once it is revoked, or its account closed."""
    return scopes if device.revoked_at is None and device.account.is_active else frozenset()


def _refused(devices: Sequence[UUID]) -> dict[UUID, int]:
    open_ones = Operation.objects.filter(device__in=devices, result=Result.REFUSED, settled_at=None)
    return dict(open_ones.values("device").annotate(count=Count("pk")).values_list("device", "count"))
