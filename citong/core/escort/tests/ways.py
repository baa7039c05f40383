"""A street with lights for the tests: cross-roads every 300 m, each with a stage along the way and one across it."""

from citong.core.escort.route import way_along
from citong.core.escort.stages import with_escort_stages
from citong.core.escort.way import Stretch, Way
from citong.core.signals.build import junction_from_plan
from citong.core.signals.model import Junction, Movement, Plan, Span

ALONG, ACROSS = 0, 1
BLOCK = 300.0
SPEED = 15.0


def crossing(number: int) -> Junction:
    """The cross-roads at the end of road r<number>: group 0 goes on, 1 and 2 cross, 3 turns left off the way."""
    movements = [
        Movement(0, f"r{number}", f"r{number + 1}", f"r{number}_0", f"r{number + 1}_0"),
        Movement(1, f"n{number}", f"s{number}", f"n{number}_0", f"s{number}_0"),
        Movement(2, f"m{number}", f"t{number}", f"m{number}_0", f"t{number}_0"),
        Movement(3, f"r{number}", f"t{number}", f"r{number}_1", f"t{number}_0"),
    ]
    spans = (
        Span("Grrr", 30), Span("yrrr", 3), Span("rrrr", 2), Span("rGGr", 30), Span("ryyr", 3), Span("rrrr", 2),
        Span("rrrG", 10), Span("rrry", 3), Span("rrrr", 2),
    )  # fmt: skip
    junction = junction_from_plan(f"j{number}", movements, Plan("own", spans))
    return with_escort_stages(junction, meets=lambda one, other: False)


def street(count: int, *, block: float = BLOCK) -> tuple[Way, dict[str, Junction]]:
    """A straight way over so many cross-roads, `block` metres apart."""
    junctions = {f"j{number}": crossing(number) for number in range(count)}
    stretches = [Stretch(f"r{n}", n * block, block, block - 15, SPEED) for n in range(count + 1)]
    return way_along(stretches, junctions), junctions
