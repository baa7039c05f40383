"""Junctions of the tests: a crossing with left turns before the ambers, one with a footway, one with red and amber."""

from citong.core.signals.build import junction_from_plan
from citong.core.signals.model import Junction, Kind, Movement, Plan, Span


def movement(group: int, kind: Kind = Kind.VEHICLE) -> Movement:
    """A movement whose lane is named after its group."""
    return Movement(group, f"from{group // 2}", f"to{group}", f"lane{group}", f"out{group}", kind)


def made(name: str, *spans: tuple[str, float], walking: tuple[int, ...] = ()) -> Junction:
    """The junction that runs these spans."""
    groups = range(len(spans[0][0]))
    movements = [movement(group, Kind.PEDESTRIAN if group in walking else Kind.VEHICLE) for group in groups]
    plan = Plan("own", tuple(Span(state, seconds) for state, seconds in spans))
    return junction_from_plan(name, movements, plan, crossings=dict.fromkeys(walking, 9.6))


CROSSING = made(
    "crossing",
    ("GgrrGgrr", 30), ("yyrryyrr", 3), ("rrrrrrrr", 2), ("rGrrrGrr", 8), ("ryrrryrr", 3), ("rrrrrrrr", 1),
    ("rrGgrrGg", 25), ("rryyrryy", 4), ("rrrrrrrr", 2),
)  # fmt: skip
FOOTWAY = made(
    "footway", ("GGrr", 30), ("yyrr", 3), ("rrrr", 1), ("rrGG", 10), ("rrGr", 8), ("rryr", 3), ("rrrr", 1), walking=(3,)
)
GERMAN = made("german", ("Gr", 20), ("yr", 3), ("ru", 1), ("rG", 20), ("ry", 3), ("ur", 2))
PARTIAL = made(
    "partial",
    ("GGGrrr", 20), ("GGyrrr", 1), ("Gyyrrr", 2), ("yyrrrr", 1), ("yrrrrr", 2), ("rrrrrr", 2),
    ("rrrGrr", 1), ("rrrGGG", 20), ("rrrGyy", 3), ("rrryrr", 3), ("rrrrrr", 2),
)  # fmt: skip
LEADING = made(
    "leading", ("GGrrr", 15), ("Ggrrr", 4), ("GgGgr", 20), ("yyyyr", 3), ("rrrrr", 2), ("rrrrG", 15), ("rrrry", 3),
    ("rrrrr", 2),
)  # fmt: skip
"""Its first turn begins with the right of way, then yields to the stream against it."""
SWAPPED = made("swapped", ("Ggr", 15), ("ggr", 3), ("gGr", 15), ("yyr", 3), ("rrr", 1), ("rrG", 9), ("rry", 3),
               ("rrr", 1))  # fmt: skip
"""Two streams that are green together: now the one, now the other yields."""
ALL = (CROSSING, FOOTWAY, GERMAN, PARTIAL, LEADING, SWAPPED)
