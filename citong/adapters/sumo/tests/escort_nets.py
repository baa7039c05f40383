"""Networks made for measuring escorts: `python -m citong.adapters.sumo.tests.escort_nets FOLDER`.

`free` is a grid with light traffic, `busy` one near what it carries, `saturated` one of short blocks with more demand
than it carries, so that queues reach back over junctions and the exits of junctions are full.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from citong.adapters.sumo.simulator import program, tool


@dataclass(frozen=True)
class Net:
    """A grid and its demand."""

    name: str
    number: int
    length: float
    lanes: int
    period: float
    """Seconds between two departures."""
    end: int
    extra: tuple[str, ...] = ()


FREE = Net("free", 6, 250.0, 2, 1.6, 2400)
BUSY = Net("busy", 6, 120.0, 1, 0.75, 2400)
SATURATED = Net("saturated", 5, 100.0, 1, 0.75, 1800)
NETS = (FREE, BUSY, SATURATED)


def make(net: Net, folder: Path) -> Path:
    """The folder of a network made anew, with its configuration."""
    where = folder / net.name
    where.mkdir(parents=True, exist_ok=True)
    streets, traffic = where / f"{net.name}.net.xml", where / f"{net.name}.rou.xml"
    _run(
        str(program("netgenerate")), "--grid", "--grid.number", str(net.number), "--grid.length", str(net.length),
        "--grid.attach-length", "200", "--default.lanenumber", str(net.lanes), "--default-junction-type",
        "traffic_light", "--tls.guess", "--tls.default-type", "static", "--seed", "5", "-o", str(streets), *net.extra,
    )  # fmt: skip
    _run(
        sys.executable, str(tool("randomTrips.py")), "-n", str(streets), "-o", str(where / "trips.xml"),
        "-r", str(traffic), "-e", str(net.end), "-p", str(net.period), "--fringe-factor", "10", "--seed", "5",
        "--min-distance", "400", "--validate",
    )  # fmt: skip
    config = where / f"{net.name}.sumocfg"
    config.write_text(
        "<configuration><input>"
        f'<net-file value="{streets.name}"/><route-files value="{traffic.name}"/>'
        f'</input><time><begin value="0"/><end value="{net.end}"/></time></configuration>'
    )
    return where


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


if __name__ == "__main__":
    for one in NETS:
        print(make(one, Path(sys.argv[1])))
