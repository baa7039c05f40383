"""Simulations of plan changes: carried out by the simulator of the installation, and written down to be repeated."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from statistics import mean
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from citong.core.flow.act import act
from citong.core.flow.refusal import Refusal
from citong.core.people.access import SYSTEM
from citong.core.signals import model
from citong.core.signals.store import plan_from_json
from citong.core.signals.streets import roads_to
from citong.core.signals.trial import Outcome, Simulator, Trial, TrialFault
from citong.services.signals.models import Arterial, Junction, Simulation

LOCK = 592_041_806  # any number that nobody else locks
OPEN = (Simulation.State.WAITING, Simulation.State.RUNNING)
LONGEST_FAULT = 300


def trial_of(one: Simulation) -> Trial:
    """What the simulator is asked; the same record asks the same again."""
    junction = one.change.junction.code
    before, after = plan_from_json(one.plan_before), plan_from_json(one.plan_after)
    return Trial(one.folder, tuple(one.seeds), {junction: before}, {junction: after}, _corridors(one.change.junction))


def _corridors(junction: Junction) -> dict[str, list[str]]:
    """By arterial through this junction: the roads that lead along it to its signals; two queries."""
    through = [one for one in junction.network.arterials.all() if junction.code in one.codes]
    wanted = {code for one in through for code in one.codes}
    built = {row.code: row.built for row in junction.network.junctions.filter(code__in=wanted, ended_at=None)}
    return {one.name: sorted(_roads(one, built)) for one in through}


def _roads(arterial: Arterial, built: Mapping[str, model.Junction]) -> set[str]:
    known = [stop for stop in arterial.stops if stop["junction"] in built]
    return {road for stop in known for road in roads_to(built[stop["junction"]], {*stop["there"], *stop["back"]})}


def carry(id: UUID) -> bool:
    """The simulation is done or has failed, and its case goes on; whether this process did it."""
    with _alone(id) as alone:
        one = Simulation.objects.select_related("change__junction__network").filter(pk=id, state__in=OPEN).first()
        if one is None or not alone:
            return False
        Simulation.objects.filter(pk=id).update(state=Simulation.State.RUNNING, runs_done=0)
        try:
            _keep(one, _simulator()(trial_of(one), tell=lambda done: _told(id, done)))
        except TrialFault as fault:
            _failed(one, str(fault))
        except Exception:
            _failed(one, _("The simulator stopped with a fault of its own."))
            _go_on(one)
            raise
    _go_on(one)
    return True


def waiting() -> list[UUID]:
    """Simulations that wait, or were under way when their process ended."""
    return list(Simulation.objects.filter(state__in=OPEN).order_by("asked_at").values_list("pk", flat=True))


def _simulator() -> Simulator:
    found: Simulator = import_string(settings.SIGNALS_SIMULATOR)
    return found


def _told(id: UUID, done: int) -> None:
    Simulation.objects.filter(pk=id).update(runs_done=done)


def _keep(one: Simulation, outcome: Outcome) -> None:
    Simulation.objects.filter(pk=one.pk).update(
        state=Simulation.State.DONE, runs_done=one.runs, before=[asdict(run) for run in outcome.before],
        after=[asdict(run) for run in outcome.after], ran_by=outcome.ran_by, scenario=outcome.scenario, fault="",
        ended_at=timezone.now(),
    )  # fmt: skip


def _failed(one: Simulation, words: str) -> None:
    Simulation.objects.filter(pk=one.pk).update(
        state=Simulation.State.FAILED, fault=words[:LONGEST_FAULT], ended_at=timezone.now()
    )


def _go_on(one: Simulation) -> None:
    """The case hears of it, unless it was withdrawn meanwhile."""
    try:
        act(one.change_id, "figures", actor=SYSTEM)
    except Refusal:
        return


@contextmanager
def _alone(id: UUID) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, str(id)])
        alone = cursor.fetchone() == (True,)
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK, str(id)])


@dataclass(frozen=True)
class Compared:
    """One figure in the mean of all seeds before and after, its change, and the change of the worst seed."""

    code: str
    before: float
    after: float
    better_high: bool
    worst: float

    @property
    def change(self) -> float | None:
        """The change as a share of before; None where there was nothing."""
        return self.after / self.before - 1 if self.before else None

    @property
    def worse(self) -> bool:
        """Whether it got worse by more than rounding."""
        return (self.after < self.before if self.better_high else self.after > self.before) and abs(
            self.after - self.before
        ) > 0.005 * max(abs(self.before), 1)


FIGURES = (
    ("speed", True), ("delay", False), ("stops", False), ("queue", False), ("worst_wait", False),
    ("kept_out", False), ("violations", False),
)  # fmt: skip


def compared(one: Simulation) -> list[Compared]:
    """The figures before and after; nothing while there are none."""
    if not one.before or not one.after:
        return []
    return [_compared(code, high, one.before, one.after) for code, high in FIGURES]


@dataclass(frozen=True)
class HourCompared:
    """One hour of one corridor in the mean of all seeds, before and after, by figure."""

    corridor: str
    begin: int
    before: Mapping[str, float]
    after: Mapping[str, float]


HOURLY = ("speed", "delay", "queue")


def hours_compared(one: Simulation) -> list[HourCompared]:
    """By corridor and hour, where there was traffic both before and after."""
    was, now = _hourly(one.before), _hourly(one.after)
    return [HourCompared(*key, was[key], now[key]) for key in sorted(was.keys() & now.keys())]


def _hourly(runs: Sequence[dict[str, Any]]) -> dict[tuple[str, int], dict[str, float]]:
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for run in runs:
        for hour in run.get("hours", ()):
            found.setdefault((hour["corridor"], hour["begin"]), []).append(hour)
    return {key: {code: mean(hour[code] for hour in hours) for code in HOURLY} for key, hours in found.items()}


def _compared(code: str, high: bool, before: Sequence[dict[str, Any]], after: Sequence[dict[str, Any]]) -> Compared:
    was, now = [float(run[code]) for run in before], [float(run[code]) for run in after]
    changes = [after - before for before, after in zip(was, now, strict=True)]
    return Compared(code, mean(was), mean(now), high, min(changes) if high else max(changes))
