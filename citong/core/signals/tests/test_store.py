"""What a register keeps of a junction is the junction."""

import json
from dataclasses import replace

import pytest

from citong.core.signals.model import Junction, Span
from citong.core.signals.store import BadTable, digest, junction_from_json, junction_to_json, plan_from_json
from citong.core.signals.tests.crossroads import ALL, CROSSING


@pytest.mark.parametrize("junction", ALL, ids=lambda one: one.name)
def test_a_junction_comes_back_from_json_as_it_was(junction: Junction) -> None:
    assert junction_from_json(json.loads(json.dumps(junction_to_json(junction)))) == junction


def test_the_digest_tells_any_change_of_plan_or_junction() -> None:
    plan = CROSSING.plan
    longer = replace(plan, spans=(Span(plan.spans[0].state, 31), *plan.spans[1:]))
    stricter = replace(CROSSING, clearance=replace(CROSSING.clearance, max_wait=60.0))
    told = {digest(CROSSING, plan), digest(CROSSING, longer), digest(CROSSING, replace(plan, offset=1.0)),
            digest(stricter, plan)}  # fmt: skip
    assert len(told) == 4 and digest(CROSSING, plan) == digest(junction_from_json(junction_to_json(CROSSING)), plan)


@pytest.mark.parametrize("said", [{}, {"name": "x"}, {"name": "x", "spans": [["G"]]}, {"name": "x", "spans": 3}])
def test_what_is_no_plan_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(BadTable):
        plan_from_json(said)
