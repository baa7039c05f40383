"""Rounds of requests against a server, and what each operation cost which processes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bench import processes
from bench.client import Load, drive, middle, quantile

Groups = Mapping[str, Sequence[int]]


@dataclass
class Meter:
    """Takes rounds; `groups` names the server's processes, `postmaster` is the database's."""

    groups: Groups
    postmaster: int
    loads: list[Load] = field(default_factory=list)
    cost_ms: dict[str, list[float]] = field(default_factory=dict)

    def round(self, work: Callable[[int], object], *, clients: int, seconds: float) -> Load:
        """One more round of `client.drive`."""
        before = self._spent()
        load = drive(work, clients=clients, seconds=seconds)
        for name, now in self._spent().items():
            self.cost_ms.setdefault(name, []).append((now - before[name]) * 1000 / max(len(load.each), 1))
        self.loads.append(load)
        return load

    @property
    def rate(self) -> float:
        """Operations a second in the median round."""
        return middle([load.rate for load in self.loads])

    def told(self) -> dict[str, float | str]:
        """Times of all operations, CPU per operation of the median round, and the rate of each round."""
        each = [one for load in self.loads for one in load.each]
        cost = {f"{name}_cpu_ms": middle(values) for name, values in self.cost_ms.items()}
        times = {"p50_ms": quantile(each, 0.5) * 1000, "p95_ms": quantile(each, 0.95) * 1000}
        return times | cost | {"rounds": rates([load.rate for load in self.loads])}

    def _spent(self) -> dict[str, float]:
        spent = {name: processes.cpu_seconds(pids) for name, pids in self.groups.items()}
        return spent | {"postgresql": processes.database_cpu_seconds(self.postmaster)}


def rates(values: Sequence[float]) -> str:
    """The rates of several rounds on one line."""
    return " ".join(f"{value:.3g}" if value < 100 else f"{value:.0f}" for value in values)
