"""When reports come in: by year, season, day of the week and hour; always in the order of their numbers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

HOUR = timedelta(hours=1)
# Shares of a city's hotline by hour: quiet at night, two hills by day.
HOURS = (6, 4, 3, 2, 2, 4, 12, 30, 62, 88, 92, 80, 48, 44, 66, 84, 86, 76, 52, 46, 42, 34, 20, 11)
DAYS = (1.12, 1.08, 1.05, 1.04, 1.02, 0.74, 0.66)  # from Monday
MONTHS = (0.90, 0.74, 0.98, 1.00, 1.06, 1.12, 1.18, 1.20, 1.10, 0.92, 0.94, 0.90)  # heat and typhoons in summer
GROWTH = 0.12  # a year
STORMS_A_YEAR, STORM_HOURS, STORM = 7, 30, 2.6


@dataclass(frozen=True)
class Times:
    """The moments of `count` reports from `since` to `until`: report `n` always comes at the same moment."""

    since: datetime
    until: datetime
    count: int
    seed: int
    zone: ZoneInfo

    def moments(self, first: int, last: int) -> list[datetime]:
        """The moments of reports `first` to `last` (not included), growing, to the millisecond."""
        edges, total = self._curve()
        chance = np.random.default_rng((self.seed, first)).random(last - first)
        shares = (np.arange(first, last) + chance) / self.count
        hours = np.interp(shares * total[-1], total, edges)
        return [self.since + timedelta(milliseconds=round(hour * 3_600_000)) for hour in hours]

    def _curve(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Hours since the beginning, and how many reports (in shares) have come by then."""
        if (held := _held.get(self)) is None:
            whole = (self.until - self.since) / HOUR
            edges = np.append(np.arange(0, whole, 1.0), whole)
            local = [(self.since + HOUR * float(hour)).astimezone(self.zone) for hour in edges[:-1]]
            weights = np.array([_weight(at) for at in local]) * np.diff(edges)
            weights *= (1 + GROWTH) ** (edges[:-1] / 8766) * self._storms(len(local))
            held = _held[self] = edges, np.concatenate([[0.0], np.cumsum(weights)])
        return held

    def _storms(self, hours: int) -> NDArray[np.float64]:
        """Some days on which a storm makes everybody call."""
        chance = np.random.default_rng((self.seed, 7))
        much = np.ones(hours)
        for start in chance.integers(0, hours, max(1, round(STORMS_A_YEAR * hours / 8766))):
            much[start : start + STORM_HOURS] = STORM
        return much


_held: dict[Times, tuple[NDArray[np.float64], NDArray[np.float64]]] = {}


def _weight(local: datetime) -> float:
    return HOURS[local.hour] * DAYS[local.weekday()] * MONTHS[local.month - 1]


def years_before(until: datetime, years: float) -> datetime:
    """The beginning of so many years, on a full hour."""
    return (until - timedelta(days=365.25 * years)).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
