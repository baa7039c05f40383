"""Many junctions led at once, without streets: does one core keep up?"""

import random
import time
from dataclasses import dataclass

from citong.core.signals.build import junction_from_plan
from citong.core.signals.control.seen import ExitSeen, LaneSeen, LaneShape, Seen, Shape
from citong.core.signals.control.supervised import supervised
from citong.core.signals.guard import Guard
from citong.core.signals.model import Movement, Plan, Span

PLAN = Plan("own", (
    Span("GGgrrrGGgrrr", 30), Span("yygrrryygrrr", 3), Span("rrGrrrrrGrrr", 8), Span("rryrrrrryrrr", 3),
    Span("rrrGGgrrrGGg", 30), Span("rrryygrrryyg", 3), Span("rrrrrGrrrrrG", 8), Span("rrrrryrrrrry", 3),
))  # fmt: skip
"""A crossing of four roads of three lanes, with left turns of their own."""
QUEUES = (0, 0, 1, 2, 4, 8, 12)
"""Vehicles on a lane, drawn anew each second."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of one core that one second of all junctions took."""

    mean: float
    worst: float


def decide_crowd(*, junctions: int, seconds: int, seed: int = 1) -> Took:
    """Every junction sees random queues, decides through the guard, once a second."""
    chance = random.Random(seed)  # noqa: S311  # traffic, not a secret
    shapes = {str(number): _shape(str(number)) for number in range(junctions)}
    controllers = supervised(shapes)
    guards = {name: Guard(shape.junction, now=0, state=PLAN.state_at(0)) for name, shape in shapes.items()}
    views = [_seen(chance) for _ in range(50)]
    times = []
    for second in range(seconds):
        begun = time.thread_time()
        for number, (name, guard) in enumerate(guards.items()):
            seen = views[(number + second) % len(views)]
            seen.now = second
            guard.ask(controllers[name].decide(seen, guard), now=second, until=second + 5)
            guard.step(second, clock=second, waiting=4095)
        times.append(time.thread_time() - begun)
    return Took(mean=sum(times) / len(times), worst=max(times))


def _shape(name: str) -> Shape:
    movements = [
        Movement(group, f"road{group // 3}", f"exit{group}", f"lane{group}", f"out{group}") for group in range(12)
    ]
    junction = junction_from_plan(name, movements, PLAN)
    lanes = tuple(LaneShape(f"lane{group}", 250.0, 13.9, (group,), (group,)) for group in range(12))
    return Shape(junction, lanes, tuple(f"out{group}" for group in range(12)))


def _seen(chance: random.Random) -> Seen:
    return Seen(0.0, [_lane(chance) for _ in range(12)], [ExitSeen() for _ in range(12)])


def _lane(chance: random.Random) -> LaneSeen:
    standing = chance.choice(QUEUES)
    distances = [7.5 * place + 2 for place in range(standing)]
    distances += sorted(chance.uniform(100, 200) for _ in range(chance.randrange(3)))
    speeds = [0.0] * standing + [13.0] * (len(distances) - standing)
    return LaneSeen(distances, speeds, standing, chance.uniform(1, 60) if standing else 0.0)
