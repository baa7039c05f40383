"""What keeps the register of plans: which one is in force at a junction, since when, and what it replaced."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from citong.core.signals.store import digest
from citong.services.signals.models import Junction, Plan, PlanChange


def fits(change: PlanChange) -> bool:
    """Whether the change's plan is still what was looked at, on the junction as it is now."""
    return change.digest == digest(change.junction.built, change.built)


def in_force(junction: Junction) -> Plan | None:
    """The plan in force."""
    return junction.plans.filter(ends_at=None).first()


def put(change: PlanChange, *, case: UUID, at: datetime) -> Plan | None:
    """The change's plan is in force from now on; the one it replaced is returned. Runs in a transaction."""
    held = _ended(change.junction, at=at)
    _begun(change.junction, Plan.Sort.CHANGE, change.spans, change.offset, at=at, case=case, digest=change.digest)
    return held


def roll_back(change: PlanChange, *, case: UUID, at: datetime) -> Plan | None:
    """The plan before this one is in force again, as a plan of its own; it is returned. Runs in a transaction."""
    junction = change.junction
    held = _ended(junction, at=at, rolled_back=True)
    earlier = junction.plans.filter(number__lt=held.number, rolled_back=False) if held else junction.plans.none()
    before = earlier.order_by("-number").first()
    if before is None:
        return None
    return _begun(
        junction, Plan.Sort.BACK, before.spans, before.offset, at=at, case=case,
        digest=digest(junction.built, before.built),
    )  # fmt: skip


def _ended(junction: Junction, *, at: datetime, rolled_back: bool = False) -> Plan | None:
    """The plan in force is so no more; the junction is locked until the transaction ends."""
    Junction.objects.select_for_update().filter(pk=junction.pk).first()
    held = in_force(junction)
    if held is not None:
        held.ends_at, held.rolled_back = at, rolled_back
        held.save(update_fields=["ends_at", "rolled_back"])
    return held


def _begun(
    junction: Junction, sort: Plan.Sort, spans: list[list[object]], offset: float, *, at: datetime, case: UUID,
    digest: str,
) -> Plan:  # fmt: skip
    last = junction.plans.aggregate(last=Max("number"))["last"] or 0
    return Plan.objects.create(
        junction=junction, number=last + 1, sort=sort, spans=spans, offset=offset, case=case, digest=digest,
        begins_at=at,
    )  # fmt: skip
