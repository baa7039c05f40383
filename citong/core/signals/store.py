"""Junctions and plans as JSON and back, nothing lost: what a register keeps and what a digest is made of."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from citong.core.signals.model import Clearance, Conflicts, Junction, Kind, Movement, Plan, Span, Stage


class BadTable(ValueError):
    """The JSON is no junction or plan."""


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan as JSON values."""
    spans = [[span.state, float(span.seconds)] for span in plan.spans]
    return {"name": plan.name, "offset": float(plan.offset), "spans": spans}


def plan_from_json(said: Mapping[str, Any]) -> Plan:
    """The plan. Raises BadTable."""
    try:
        spans = tuple(Span(str(state), float(seconds)) for state, seconds in said["spans"])
        return Plan(str(said["name"]), spans, float(said.get("offset", 0.0)))
    except (KeyError, TypeError, ValueError) as fault:
        raise BadTable(f"This is no plan: {fault!r}") from fault


def junction_to_json(junction: Junction) -> dict[str, Any]:
    """The junction as JSON values."""
    times = junction.clearance
    return {
        "name": junction.name,
        "movements": [[m.group, m.approach, m.exit, m.lane, m.exit_lane, m.kind.value] for m in junction.movements],
        "stages": [[stage.name, stage.state] for stage in junction.stages],
        "clearance": {
            "min_green": _seconds(times.min_green), "amber": _seconds(times.amber),
            "red_amber": _seconds(times.red_amber), "between": [_seconds(row) for row in times.between],
            "pedestrian": _seconds(times.pedestrian), "max_wait": float(times.max_wait),
            "yielding": [_seconds(row) for row in times.yielding],
        },
        "conflicts": [[sorted(pairs) for pairs in row] for row in junction.conflicts.allowed],
        "plan": plan_to_json(junction.plan),
        "kinds": [kind.value for kind in junction.kinds],
    }  # fmt: skip


def junction_from_json(said: Mapping[str, Any]) -> Junction:
    """The junction. Raises BadTable."""
    try:
        return Junction(
            name=str(said["name"]),
            movements=tuple(Movement(g, a, e, lane, x, Kind(kind)) for g, a, e, lane, x, kind in said["movements"]),
            stages=tuple(Stage(name, state) for name, state in said["stages"]),
            clearance=_clearance(said["clearance"]),
            conflicts=Conflicts(tuple(tuple(frozenset(pairs) for pairs in row) for row in said["conflicts"])),
            plan=plan_from_json(said["plan"]),
            kinds=tuple(Kind(kind) for kind in said["kinds"]),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise BadTable(f"This is no junction: {fault!r}") from fault


def _seconds(row: Iterable[float]) -> list[float]:
    return [float(one) for one in row]


def _clearance(said: Mapping[str, Any]) -> Clearance:
    rows = {name: tuple(said[name]) for name in ("min_green", "amber", "red_amber", "pedestrian")}
    between, yielding = (tuple(tuple(row) for row in said.get(name, ())) for name in ("between", "yielding"))
    return Clearance(**rows, between=between, yielding=yielding, max_wait=said["max_wait"])


def digest(junction: Junction, plan: Plan) -> str:
    """What names exactly this plan at exactly this junction as it is now: any change of either gives another."""
    said = json.dumps([junction_to_json(junction), plan_to_json(plan)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()
