"""Where the escort is: from its last report, its age and its error; without reports the window grows."""

from collections.abc import Sequence
from dataclasses import dataclass

from citong.core.escort.way import Curve


@dataclass(frozen=True, slots=True)
class Fix:
    """One report: metres along the way at a time, give or take."""

    at: float
    along_m: float
    error_m: float = 5.0
    speed_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Between `least_m` and `most_m` along the way, `likely_m` if one must be said; `age` seconds since the report."""

    least_m: float
    likely_m: float
    most_m: float
    age: float
    speed_ms: float = 0.0


def whereabouts(fixes: Sequence[Fix], curve: Curve, now: float) -> Whereabouts:
    """From the reports, oldest first. It never drives back, so an older report that says farther still holds."""
    last = fixes[-1]
    age = max(now - last.at, 0.0)
    passed = max(fix.along_m - fix.error_m for fix in fixes)
    stood = last.speed_ms is not None and last.speed_ms < 1.0
    likely = last.along_m if stood and age < 3 else curve.reached(last.along_m, age)
    most = curve.reached(last.along_m, age) + last.error_m
    least = max(last.along_m - last.error_m, passed)
    return Whereabouts(min(least, likely), likely, max(most, likely), age, last.speed_ms or 0.0)
