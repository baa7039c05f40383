"""An escort's stage has all ways of its approach green and nothing that clashes."""

import pytest

from citong.core.escort.stages import NoStage, change_seconds, stage_for, vehicle_groups, with_escort_stages
from citong.core.escort.tests.ways import crossing


def test_an_approach_the_plan_never_serves_whole_gets_a_stage() -> None:
    junction = crossing(0)
    stage = junction.stages[stage_for(junction, "r0", "r1")]
    assert stage.protected >= set(vehicle_groups(junction, "r0"))
    assert junction.conflicts.clash(stage.state) is None


def test_ways_that_touch_are_not_put_together() -> None:
    plain = with_escort_stages(crossing(0), meets=lambda one, other: True)
    assert all(plain.conflicts.clash(stage.state) is None for stage in plain.stages)


def test_a_way_nobody_has_is_refused() -> None:
    with pytest.raises(NoStage, match="from nowhere to r1"):
        stage_for(crossing(0), "nowhere", "r1")


def test_the_change_to_a_stage_takes_the_clearance_of_what_is_green() -> None:
    junction = crossing(0)
    stage = stage_for(junction, "r0", "r1")
    assert change_seconds(junction, "rGGr", stage) == 5
    assert change_seconds(junction, junction.stages[stage].state, stage) == 0
