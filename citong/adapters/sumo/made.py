"""Street networks and traffic made by SUMO's own tools, for tests and for trying controllers on what they never saw."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from citong.adapters.sumo.simulator import program, tool


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is made: options of `netgenerate`, vehicles an hour, and how the traffic is spread."""

    name: str
    net: tuple[str, ...]
    vehicles_an_hour: int
    seconds: int = 1800
    fringe: float = 10.0
    """How many times more trips begin and end at the edge than inside."""
    seed: int = 1


SIGNALS = ("--default-junction-type", "traffic_light", "--tls.guess", "true")
GRID = ("--grid", "--grid.number", "4", "--grid.length", "200", "--grid.attach-length", "200", "-L", "2", *SIGNALS)
TURNS = ("--turn-lanes", "1", "--turn-lanes.length", "60")
RECIPES = (
    Recipe("grid_free", (*GRID, *TURNS), 2400),
    Recipe("grid_full", (*GRID, *TURNS), 4600),
    Recipe("grid_one_lane", (
        "--grid", "--grid.number", "4", "--grid.length", "150", "--grid.attach-length", "200", "-L", "1", *SIGNALS,
    ), 1800),
    Recipe("arterial", (
        "--grid", "--grid.x-number", "6", "--grid.y-number", "1", "--grid.x-length", "250",
        "--grid.attach-length", "250", "-L", "2", *TURNS, *SIGNALS,
    ), 3000),
    Recipe("arterial_full", (
        "--grid", "--grid.x-number", "6", "--grid.y-number", "1", "--grid.x-length", "180",
        "--grid.attach-length", "250", "-L", "2", *TURNS, *SIGNALS,
    ), 4400),
    Recipe("rings", (
        "--spider", "--spider.arm-number", "6", "--spider.circle-number", "2", "--spider.space-radius", "200",
        "--spider.attach-length", "200", "-L", "2", *SIGNALS,
    ), 2400),
    Recipe("jam", (
        "--grid", "--grid.number", "4", "--grid.length", "90", "--grid.attach-length", "200", "-L", "1", *SIGNALS,
    ), 4200),
    Recipe("blocks_full", (
        "--grid", "--grid.number", "5", "--grid.length", "110", "--grid.attach-length", "200", "-L", "2", *SIGNALS,
    ), 9000),
    Recipe("random_full", ("--rand", "--rand.iterations", "50", "-L", "1", "--seed", "8", *SIGNALS), 3600),
    Recipe("random", ("--rand", "--rand.iterations", "40", "-L", "2", "--seed", "5", *SIGNALS), 1600),
)  # fmt: skip


def make(recipe: Recipe, folder: Path) -> Path:
    """The folder now holds the network, its traffic and a `.sumocfg`; its path is returned."""
    place = folder / recipe.name
    place.mkdir(parents=True, exist_ok=True)
    net, routes = place / "made.net.xml", place / "made.rou.xml"
    _run([str(program("netgenerate")), *recipe.net, "-o", str(net)])
    _run([
        sys.executable, str(tool("randomTrips.py")),
        "-n", str(net), "-r", str(routes), "-o", str(place / "made.trips.xml"),
        "-e", str(recipe.seconds), "--insertion-rate", str(recipe.vehicles_an_hour), "--seed", str(recipe.seed),
        "--fringe-factor", str(recipe.fringe), "--validate", "--min-distance", "300",
    ])  # fmt: skip
    (place / "made.sumocfg").write_text(_config(recipe), encoding="utf-8")
    return place


def _config(recipe: Recipe) -> str:
    return (
        '<configuration><input><net-file value="made.net.xml"/><route-files value="made.rou.xml"/></input>'
        f'<time><begin value="0"/><end value="{recipe.seconds}"/></time></configuration>\n'
    )


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")
