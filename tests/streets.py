"""One junction with signals in the east of the tiny town, and what the platform does for plan changes by itself."""

from collections.abc import Callable, Mapping

from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.flow.act import act
from citong.core.people.access import SYSTEM
from citong.core.signals.store import digest, junction_to_json, plan_to_json
from citong.core.signals.tests.crossroads import FOOTWAY
from citong.services.signals.models import Junction, Network, Plan, PlanChange, Simulation

RUN = {
    "speed": 7.5, "delay": 40.0, "stops": 2.0, "worst_wait": 70.0, "queue": 6.0, "violations": 0, "arrived": 100,
    "kept_out": 0,
}  # fmt: skip


def crossroads(code: str = "J1", *, lon: float = 118.605, lat: float = 24.905, district: str = "e") -> Junction:
    """The junction stands in the register with the plan it runs; made once."""
    held = Junction.objects.filter(code=code).first()
    if held is not None:
        return held
    now = timezone.now()
    network, _new = Network.objects.get_or_create(
        code="town", defaults={"name": "小城", "folder": "/nowhere", "loaded_at": now}
    )
    made = Junction.objects.create(
        network=network, code=code, name=f"东街路口{code}", lon=lon, lat=lat, district=district,
        controller=Junction.Controller.SUMO, table=junction_to_json(FOOTWAY),
    )  # fmt: skip
    Plan.objects.create(
        junction=made, number=1, sort=Plan.Sort.LOADED, spans=plan_to_json(FOOTWAY.plan)["spans"],
        digest=digest(FOOTWAY, FOOTWAY.plan), begins_at=now,
    )  # fmt: skip
    return made


def simulated(case: Case) -> Case:
    """The simulation that waits is done, and the case goes on."""
    better = RUN | {"speed": 8.0, "delay": 33.0}
    for one in Simulation.objects.filter(change=case.pk, state=Simulation.State.WAITING):
        Simulation.objects.filter(pk=one.pk).update(
            state=Simulation.State.DONE, runs_done=one.runs, ran_by="SUMO 1.28.0", scenario="0" * 64,
            before=[RUN | {"seed": seed} for seed in one.seeds], after=[better | {"seed": seed} for seed in one.seeds],
            ended_at=timezone.now(),
        )  # fmt: skip
    return act(case.pk, "figures", actor=SYSTEM).case


def begun(case: Case) -> Case:
    """The time of the signed plan has come."""
    at = PlanChange.objects.get(pk=case.pk).begins_at
    return act(case.pk, "put_in_force", actor=SYSTEM, at=max(at or timezone.now(), timezone.now())).case


BY_PLATFORM: Mapping[tuple[str, str], Callable[[Case], Case]] = {
    ("signals", "figures"): simulated, ("signals", "put_in_force"): begun,
}  # fmt: skip
