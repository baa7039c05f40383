"""What becomes of a simulated report: the demo's ways, each as often as in a large city, and how long steps take."""

from collections.abc import Mapping, Sequence
from random import Random

from citong.cli.demo_fates import FATES, OTHERWISE, TAKES

DAY = 1440
END = ("feed_back", "close")
ENDED: Mapping[tuple[str, ...], float] = {
    FATES["closed"]: 34, FATES["rated"]: 27, FATES["twice"]: 4, FATES["together"]: 2.5, FATES["refused"]: 5,
    FATES["withdrawn"]: 3, FATES["answered"] + FATES["closed"]: 3.5, FATES["moved"] + END: 3,
    FATES["more_time_given"] + END: 3.5, FATES["returned"] + FATES["rated"][1:]: 3, FATES["stuck"] + ("take", *END): 3,
    FATES["reopened"] + ("take", *END): 1.5, FATES["urged"] + FATES["closed"]: 2,
}  # fmt: skip
WAITING: Mapping[tuple[str, ...], float] = {
    FATES[name]: weight
    for name, weight in {
        "new": 1, "urged": 1, "asked": 2, "answered": 1, "accepted": 2, "returned": 1, "sent": 4, "taken": 8,
        "joint": 1.5, "part_done": 1.5, "moved": 1.5, "more_time_asked": 2, "more_time_given": 3, "done": 5,
        "reworked": 2, "reopened": 1.5, "stuck": 1,
    }.items()
}  # fmt: skip
LONG_QUESTION = FATES["answered"]  # a case that waited for its reporter has been standing still, not running late
SLOW, SLOW_BY = 0.2, (4.0, 20.0)
QUICK_BY = 0.25  # urgent matters
STEADY = (7, 30, 60)  # days
STILL_OPEN = (0.16, 0.10, 0.06)  # until those ages
OPEN_SHARE = 0.04


def old_and_open(days: float) -> float:
    """The share of cases older than the last of STEADY that is open, so that OPEN_SHARE of all are; over `days`."""
    below = (0, *STEADY)
    young = sum(
        share * (min(days, high) - min(days, low)) for share, low, high in zip(STILL_OPEN, below, STEADY, strict=False)
    )
    return min(0.15, max(0.005, (OPEN_SHARE * days - young) / (days - STEADY[-1]))) if days > STEADY[-1] + 1 else 0.0


def steps_of(age_days: float, *, old: float, rng: Random) -> tuple[tuple[str, ...], bool]:
    """The acts of a case of that age, and whether it ends with them in the hands of somebody."""
    open_ = next((share for most, share in zip(STEADY, STILL_OPEN, strict=True) if age_days < most), old)
    chosen = WAITING if rng.random() < open_ else ENDED
    (steps,) = rng.choices(list(chosen), list(chosen.values()))
    if chosen is ENDED or age_days < STEADY[0] or (age_days < STEADY[1] and rng.random() < 0.3):
        return steps, chosen is WAITING
    return (steps if steps[:1] == LONG_QUESTION[:1] else LONG_QUESTION + steps), True


def gaps_of(steps: Sequence[str], *, age_days: float, waiting: bool, urgent: bool, rng: Random) -> list[float]:
    """Minutes from each step to the next, the first from the opening."""
    by = QUICK_BY if urgent else 1.0
    gaps = [rng.uniform(*TAKES.get(step, OTHERWISE)) * by for step in steps]
    if steps and rng.random() < SLOW:
        gaps[rng.randrange(len(gaps))] *= rng.uniform(*SLOW_BY)
    if waiting and steps[:2] == LONG_QUESTION:
        rest = sum(gaps) - gaps[1] + rng.uniform(0.05, 3.0) * DAY
        gaps[1] = max(gaps[1], age_days * DAY - rest)
    return gaps
