"""One run to be made, and what came of it: plain data, sent to a process of its own and back as JSON."""

from dataclasses import asdict, dataclass, field
from typing import Any

from citong.core.escort.way import Stretch


@dataclass(frozen=True)
class Imperfect:
    """How far the field is from what one would like; nothing of it by default."""

    delay: float = 0.0
    """Seconds an ask takes to its controller."""
    lost: float = 0.0
    """Share of asks that never come."""
    loops: bool = False
    """Vehicles are counted by loops instead of exactly."""
    missed: float = 0.0
    """Share of vehicles a loop does not count."""
    late: float = 0.0
    """Seconds by which a position is older than it says."""
    error_m: float = 0.0
    """Standard deviation of a position."""

    @classmethod
    def field(cls, times: float = 1.0) -> "Imperfect":
        """What must be borne, or a multiple of it."""
        return cls(1.0 * times, 0.05 * times, True, 0.1 * times, 3.0 * times, 5.0 * times)


@dataclass(frozen=True)
class Closure:
    """A road of the way that is closed to everybody as soon as the escort has driven so far."""

    edge: str
    from_m: float


@dataclass(frozen=True)
class Job:
    """`way`: None for the same traffic without an escort, `alone` for the escort without traffic or lights, `unguarded`
    for the escort among lights that no guard leads."""

    config: str
    seed: int
    output: str
    way: str | None = None
    stretches: tuple[Stretch, ...] = ()
    depart: float = 0.0
    notice: float = 0.0
    base: str = "plan"
    imperfect: Imperfect = field(default_factory=Imperfect)
    collect: bool = False
    """Origins and destinations of all cars are told as well."""
    end: float | None = None
    closure: Closure | None = None
    to_arrival: bool = False
    """The run ends with the escort's: what others lose is not asked."""

    def plain(self) -> dict[str, Any]:
        """As JSON takes it."""
        return asdict(self)

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Job":
        """From JSON."""
        stretches = tuple(Stretch(**one) for one in plain.pop("stretches"))
        closure = Closure(**closed) if (closed := plain.pop("closure")) else None
        return cls(stretches=stretches, closure=closure, imperfect=Imperfect(**plain.pop("imperfect")), **plain)


@dataclass
class Came:
    """What came of a run. Others' loss: time lost or kept from departing, of everybody but the escort, seconds."""

    others_loss: float = 0.0
    others: int = 0
    teleports: int = 0
    arrived: bool = False
    departed: bool = False
    teleported: bool = False
    seconds: float = 0.0
    waited: float = 0.0
    """Seconds the escort was kept from departing."""
    stops: int = 0
    gates: int = 0
    metres: float = 0.0
    turned: int = 0
    """How often its way was planned anew."""
    violations: dict[str, int] = field(default_factory=dict)
    checked: int = 0
    """States looked at."""
    plan_ms: list[float] = field(default_factory=list)
    asks: int = 0
    held: float = 0.0
    """Seconds of lights held, all together."""
    pairs: dict[str, int] = field(default_factory=dict)
    track: list[tuple[float, float, float]] = field(default_factory=list)
