"""The register and the street: what doors to controllers read here, and what they say of what they saw."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from citong.core.signals import model
from citong.core.signals.port import Reading
from citong.services.signals.models import Junction, Plan


def plans_in_force(network: str) -> Mapping[str, model.Plan]:
    """The plan that each junction of the network has to run, by the junction's code; one query."""
    rows = Plan.objects.filter(junction__network=network, junction__ended_at=None, ends_at=None)
    return {plan.junction.code: plan.built for plan in rows.select_related("junction")}


def seen(readings: Iterable[Reading], *, at: datetime) -> int:
    """What controllers reported stands in the register. Returns how many junctions were known; two queries."""
    told = {one.junction: one for one in readings}
    rows = list(Junction.objects.filter(code__in=told, ended_at=None).only("code", "fault"))
    for row in rows:
        one = told[row.code]
        row.mode, row.state, row.stage, row.contact_at = one.mode.value, one.state[:200], one.stage, at
        row.fault = row.fault if row.mode == Junction.Mode.FAULT else ""
    Junction.objects.bulk_update(rows, ["mode", "state", "stage", "contact_at", "fault"])
    return len(rows)


def failed(code: str, words: str) -> None:
    """The junction's fault stands in the register, until it is heard of again."""
    Junction.objects.filter(code=code).update(fault=words[:200])
