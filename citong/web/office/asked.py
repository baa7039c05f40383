"""What a supervisor asks for: a period and a part of the work, as they stand in the address."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.flow.measures import Period
from citong.core.places.models import Division

CODE = re.compile(r"[\w.@/-]{1,100}")
UNKNOWN = "-"  # stands for “not known” in an address
ONE_DAY = timedelta(days=1)
LONGEST = timedelta(days=3660)
PERIODS: Mapping[str, Words] = {
    "today": _("Today"),
    "week": _("7 days"),
    "month": _("30 days"),
    "quarter": _("This quarter"),
    "custom": _("From … to …"),
}
BELOW = {"city": "district", "district": "street", "street": "community"}


@dataclass(frozen=True)
class Asked:
    """Period and narrowing. Empty means all. `area` and `kind` may end in `/-`: what lies there and no deeper."""

    period: str = "month"
    since: str = ""
    until: str = ""
    by: str = ""
    unit: str = ""
    area: str = ""
    grid: str = ""
    kind: str = ""
    channel: str = ""
    service: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Asked":
        """What the address says; what can not be meant is left out."""
        given = {field.name: query.get(field.name, "").strip() for field in fields(cls)}
        sound = {name: value for name, value in given.items() if CODE.fullmatch(value)}
        asked = cls(**sound)
        known = asked.period in PERIODS and (asked.period != "custom" or asked._days() is not None)
        return asked if known else replace(asked, period="month", since="", until="")

    def query(self, **changes: str) -> str:
        """The address part with some parts changed: only what is said."""
        said = {name: value for name, value in (asdict(self) | changes).items() if value}
        return urlencode(said, safe="/")

    def days(self, today: date) -> tuple[date, date]:
        """First and last day of the period, both in it."""
        if self.period == "custom" and (given := self._days()):
            return given
        starts = {
            "today": today,
            "week": today - 6 * ONE_DAY,
            "quarter": today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1),
        }
        return starts.get(self.period, today - 29 * ONE_DAY), today

    def moments(self, *, at: datetime, zone: ZoneInfo) -> Period:
        """The period from midnight to midnight in the city's zone."""
        first, last = self.days(at.astimezone(zone).date())
        start = datetime.combine(first, time(), zone)
        return Period(start, datetime.combine(last + ONE_DAY, time(), zone), at)

    def condition(self) -> Q:
        """The narrowing on cases; the reach is for `access.scope`. No query but one for the level of an area."""
        plain = {"channel": self.channel, "service": self.service}
        wanted = Q(**{name: value for name, value in plain.items() if value})
        if self.unit:
            wanted &= _of_unit(self.unit)
        if self.area:
            wanted &= _in_area(self.area)
        if self.grid:
            wanted &= Q(grid=None) if self.grid == UNKNOWN else Q(grid__code=self.grid)
        if self.kind:
            wanted &= _of_kind(self.kind)
        return wanted

    def area_code(self) -> str:
        """The division that was asked for, without the mark for what lies no deeper."""
        return self.area.removesuffix(UNKNOWN).rstrip("/")

    def kind_code(self) -> str:
        """The category that was asked for, without that mark."""
        return self.kind.removesuffix(UNKNOWN).rstrip("/")

    def _days(self) -> tuple[date, date] | None:
        try:
            first, last = date.fromisoformat(self.since), date.fromisoformat(self.until)
        except ValueError:
            return None
        return (first, last) if timedelta() <= last - first <= LONGEST and last.year < 9000 else None


def _of_unit(code: str) -> Q:
    """The unit that handles it or, before it was dispatched, the one that has it."""
    return Q(handling_unit__code=code) | Q(handling_unit=None, unit__code=code)


def _in_area(area: str) -> Q:
    code, _sign, rest = area.partition("/")
    if code == UNKNOWN:
        return Q(district="")
    level = level_of(code)
    within = Q() if level == "city" else Q(**{level: code}) if level else Q(pk__in=[])
    return within & Q(**{BELOW[level]: ""}) if rest == UNKNOWN and level in BELOW else within


def level_of(code: str) -> str:
    """The level of a division, or empty for a code that is none; one query."""
    return Division.objects.filter(code=code).values_list("level", flat=True).first() or ""


def _of_kind(kind: str) -> Q:
    code, _sign, rest = kind.partition("/")
    if code == UNKNOWN:
        return Q(category=None)
    alone = Q(category_id=code)
    return alone if rest == UNKNOWN else alone | Q(category__code__startswith=f"{code}.")
