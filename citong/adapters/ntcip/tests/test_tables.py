"""The tables of a controller become a junction."""

import asyncio
from typing import Any

import pytest

from citong.adapters.ntcip.build import Lane, build
from citong.adapters.ntcip.oids import ChannelType
from citong.adapters.ntcip.snmp import Value
from citong.adapters.ntcip.tables import Channel, NotUsable, Phase, Tables, read
from citong.adapters.ntcip.tests.agent import Cabinet
from citong.adapters.ntcip.tests.controller import dual_ring
from citong.core.signals.model import Kind


class Direct:
    """Reads a cabinet without a line."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet

    async def get(self, oids: Any) -> list[Value | None]:
        return [self.cabinet.read(oid) for oid in oids]

    async def set(self, values: Any) -> None:
        raise AssertionError("reading tables writes nothing")

    def anew(self) -> None: ...


def tables() -> Tables:
    return asyncio.run(read(Direct(Cabinet(dual_ring()))))


def test_phases_rings_channels_detectors_and_patterns_are_read() -> None:
    found = tables()
    assert found.rings == ((1, 2, 3, 4), (5, 6, 7, 8)) and len(found.channels) == 12 and found.doubts == ()
    assert found.phases[2] == Phase(2, 1, 7, 8, 7, 20, 3, 1, frozenset({5, 6}))
    assert (list(found.patterns), found.patterns[3].cycle, found.patterns[3].offset) == ([3], 100, 12)
    assert found.detectors == {number: number for number in range(1, 9)}


def test_stages_are_the_largest_sets_of_phases_that_may_run_together() -> None:
    built = build("Rose Road", tables())
    names = [stage.name for stage in built.junction.stages]
    assert names == ["1+5", "1+6", "2+5", "2+6", "3+7", "3+8", "4+7", "4+8"]
    through = built.junction.stages[3]
    assert through.state == "rGrrrGrr" + "GrGr"
    assert [kind is Kind.PEDESTRIAN for kind in built.junction.kinds] == [False] * 8 + [True] * 4


def test_no_stage_holds_a_conflict_and_conflicts_go_both_ways() -> None:
    junction = build("Rose Road", tables()).junction
    assert all(junction.conflicts.clash(stage.state) is None for stage in junction.stages)
    groups = range(junction.groups)
    assert all(junction.conflicts.apart(a, b) == junction.conflicts.apart(b, a) for a in groups for b in groups)
    assert junction.conflicts.apart(0, 1) and junction.conflicts.apart(0, 2) and not junction.conflicts.apart(0, 4)


def test_times_that_nobody_may_cut_come_from_the_tables() -> None:
    clearance = build("Rose Road", tables()).junction.clearance
    assert clearance.min_green[:2] == (5, 7) and clearance.amber[1] == 3 and clearance.between[1][2] == 4
    assert clearance.min_green[8] == 7 and clearance.amber[8] == 0 and clearance.pedestrian[8] == 8
    assert clearance.between[8][2] == 8 and clearance.between[1][4] == 0


def test_the_plan_of_a_pattern_fills_its_cycle_with_lawful_spans() -> None:
    junction = build("Rose Road", tables(), pattern=3).junction
    plan = junction.plan
    assert (plan.name, plan.offset) == ("3", 12) and plan.cycle == pytest.approx(100)
    assert all(junction.conflicts.clash(span.state) is None for span in plan.spans)
    for group in range(junction.groups):
        assert any(span.state[group] == "G" for span in plan.spans)
    assert plan.spans[0].state == "GrrrGrrr" + "rrrr" and plan.spans[1].state == "yrrryrrr" + "rrrr"


def test_without_a_pattern_every_phase_runs_to_its_maximum() -> None:
    plan = build("Rose Road", tables()).junction.plan
    assert plan.name == "free" and plan.cycle == pytest.approx(2 * (10 + 4 + 20 + 4))


def test_lanes_are_named_by_the_register_or_by_their_detector() -> None:
    lanes = {2: Lane("Rose Road south", "Rose Road north", "south 1", "north 1")}
    built = build("Rose Road", tables(), lanes=lanes)
    assert built.lanes[2] == "south 1" and built.lanes[3] == "detector 3"
    (movement,) = built.junction.by_lane["south 1"]
    assert (movement.group, movement.approach, movement.exit) == (1, "Rose Road south", "Rose Road north")


def test_an_overlap_is_green_with_each_of_its_phases() -> None:
    found = tables()
    more = Tables(
        found.phases, found.rings, (*found.channels, Channel(13, ChannelType.OVERLAP, 1)), {1: (2, 3)},
        found.detectors, found.patterns,
    )  # fmt: skip
    junction = build("Rose Road", more).junction
    assert {stage.name for stage in junction.stages if stage.state[12] == "G"} == {"2+5", "2+6", "3+7", "3+8"}
    assert junction.conflicts.apart(12, 0) and not junction.conflicts.apart(12, 1)


def test_phases_that_disagree_on_running_together_are_kept_apart_and_named() -> None:
    cabinet = Cabinet(dual_ring())
    cabinet.fixed["1.3.6.1.4.1.1206.4.2.1.1.2.1.23.5"] = bytes((1,))
    found = asyncio.run(read(Direct(cabinet)))
    assert "Phase 2 says that it may run beside phase 5, which does not say so: kept apart." in found.doubts
    assert "2+5" not in [stage.name for stage in build("Rose Road", found).junction.stages]


def test_a_controller_without_phases_is_not_usable() -> None:
    cabinet = Cabinet(dual_ring())
    cabinet.fixed.clear()
    with pytest.raises(NotUsable, match="no phase"):
        asyncio.run(read(Direct(cabinet)))
