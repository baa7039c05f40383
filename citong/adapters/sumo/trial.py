"""Plan changes tried on SUMO, before and after with the same seeds: what stands behind the port of trials."""

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from citong.adapters.sumo.hours import hours_asked, hours_of
from citong.adapters.sumo.scenario import NoScenario, Scenario, scenario
from citong.adapters.sumo.sight import HALTING
from citong.adapters.sumo.simulator import SimulatorMissing
from citong.adapters.sumo.trips import measured
from citong.adapters.sumo.world import World
from citong.core.signals.model import Plan
from citong.core.signals.store import plan_to_json
from citong.core.signals.trial import Figures, Hour, Outcome, Tell, Trial, TrialFault

PROGRAM = "trial"
Plans = Mapping[str, Plan]
Corridors = Mapping[str, Sequence[str]]


def simulate(trial: Trial, *, tell: Tell) -> Outcome:
    """Every run is done, each in a process of its own, one after another. Raises TrialFault."""
    try:
        place = scenario(Path(trial.folder))
        before, after = list[Figures](), list[Figures]()
        for seed in trial.seeds:
            for plans, found in ((trial.before, before), (trial.after, after)):
                found.append(_alone(trial, dict(plans), seed))
                tell(len(before) + len(after))
        return Outcome(before, after, f"SUMO {version('libsumo')}", _digest(place))
    except (NoScenario, SimulatorMissing, OSError) as fault:
        raise TrialFault(str(fault)) from fault


def _alone(trial: Trial, plans: Plans, seed: int) -> Figures:
    """One run in a process of its own."""
    said_plans = {name: plan_to_json(plan) for name, plan in plans.items()}
    corridors = {name: list(roads) for name, roads in trial.corridors.items()}
    asked = {"folder": trial.folder, "seed": seed, "plans": said_plans, "corridors": corridors}
    command = [sys.executable, "-m", "citong.adapters.sumo.trial_run"]
    done = subprocess.run(command, input=json.dumps(asked), capture_output=True, text=True, check=False)
    said: dict[str, Any] = {"fault": _last(done.stderr) or "It ended by itself."}
    if done.returncode == 0 and done.stdout.strip():
        said = json.loads(done.stdout.strip().splitlines()[-1])
    if "fault" in said:
        raise TrialFault(
            f"The simulation of {trial.folder} with seed {seed} failed: {said['fault']} {_last(done.stderr)}"
        )
    return Figures(**said | {"hours": tuple(Hour(**hour) for hour in said["hours"])})


def _last(words: str) -> str:
    return words.strip().splitlines()[-1] if words.strip() else ""


def run(folder: str, plans: Plans, seed: int, corridors: Corridors | None = None) -> Figures:
    """One run, in this process, with these plans in the place of those of the scenario."""
    place = scenario(Path(folder))
    with tempfile.TemporaryDirectory() as kept:
        output, programs = Path(kept) / "trips.xml", Path(kept) / "plans.add.xml"
        write_plans(plans, programs)
        roads = hours_asked(Path(kept))
        with World(place, seed=seed, output=output, additional=(programs, roads)) as world:
            if unknown := plans.keys() - world.junctions.keys():
                raise NoScenario(f"{folder} has no signal {', '.join(sorted(unknown))}.")
            queue = _run(world, plans)
            broken = sum(world.broken.values())
            waited = world.worst_wait
        what = measured(output)
        return Figures(
            seed=seed, speed=what.speed, delay=what.delay, stops=what.stops, worst_wait=waited, queue=queue,
            violations=broken, arrived=what.arrived, kept_out=what.never_departed,
            hours=hours_of(roads, corridors or {}),
        )  # fmt: skip


def _run(world: World, junctions: Iterable[str]) -> float:
    """To the end; vehicles that stand before these junctions, in the mean of all seconds."""
    standing = seconds = 0
    chosen = list(junctions)
    for _now in world.seconds():
        seconds += 1
        for name in chosen:
            standing += sum(sum(v < HALTING for v in lane.speeds) for lane in world.sight.seen[name].lanes)
    return standing / max(seconds, 1)


def write_plans(plans: Plans, path: Path) -> Path:
    """The file now holds these plans as fixed programs, loaded after those of the scenario and so in their place."""
    root = Element("additional")
    for name, plan in plans.items():
        logic = SubElement(
            root, "tlLogic", id=name, type="static", programID=PROGRAM, offset=f"{plan.offset:g}"
        )  # fmt: skip
        for span in plan.spans:
            SubElement(logic, "phase", duration=f"{span.seconds:g}", state=span.state)
    path.write_bytes(tostring(root))
    return path


def _digest(place: Scenario) -> str:
    """Of the configuration, the network and what it adds, so that a repetition can be told from another trial."""
    found = hashlib.sha256()
    for path in (place.config, place.net, *place.additional):
        found.update(path.read_bytes())
    return found.hexdigest()
