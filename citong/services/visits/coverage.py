"""How far the week's visits have come, by place and worker: counts of plans, never a resident or a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Func, QuerySet, Sum, TextField, Value
from django.db.models.functions import Coalesce

from citong.core.people.access import Actor, led_units
from citong.core.people.models import Account, Unit
from citong.core.places.models import Division
from citong.services.visits.models import Plan

COUNTS = ("quota", "planned", "done", "absent", "refused", "more")


@dataclass(frozen=True)
class Line:
    """What a place or a worker was to visit in the week and what became of it. `code` leads into a place."""

    label: str
    code: str = ""
    workers: int = 0
    quota: int = 0
    planned: int = 0
    done: int = 0
    absent: int = 0
    refused: int = 0
    more: int = 0
    days: int = 0

    @property
    def left(self) -> int:
        """Households of the plan nobody came to: missed once the week is over."""
        return self.planned - self.done - self.absent - self.refused

    @property
    def share(self) -> float | None:
        """The part of the plan in which somebody was met, in per cent."""
        return 100 * self.done / self.planned if self.planned else None


class _Part(Func):
    """The n-th part of a path."""

    function = "split_part"
    output_field = TextField()


def plans(actor: Actor, week: date, area: Division | None) -> QuerySet[Plan]:
    """The week's plans of the units the actor leads, in the area."""
    units = Unit.objects.filter(led_units(actor))
    if area is not None:
        units = units.filter(division__path__startswith=area.path)
    return Plan.objects.filter(week=week, unit__in=units)


def total(lines: Sequence[Line]) -> Line:
    """All of them in one line."""
    return Line("", **{name: sum(getattr(line, name) for line in lines) for name in ("workers", *COUNTS)})


def by_place(found: QuerySet[Plan], area: Division | None) -> list[Line]:
    """A line for each place below the area, or for the whole city's districts; two queries."""
    depth = len(area.path.strip("/").split("/")) if area else 1
    key = _Part(F("unit__division__path"), Value("/"), Value(depth + 1))
    rows = list(found.annotate(place=key).values("place").annotate(**_sums()).order_by("place"))
    names = dict(Division.objects.filter(code__in=[row["place"] for row in rows]).values_list("code", "name"))
    here = area.name if area else ""
    return [_line(row, names.get(row["place"], here), row["place"]) for row in rows]


def by_worker(found: QuerySet[Plan]) -> list[Line]:
    """A line for each worker, least done first; two queries."""
    rows = list(found.values("worker", "days", *COUNTS))
    people = Account.objects.in_bulk([row["worker"] for row in rows])
    lines = [
        Line(_name(people.get(row.pop("worker"))), workers=1, **row) for row in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (line.share if line.share is not None else 101.0, line.label))


def table(found: QuerySet[Plan]) -> list[list[object]]:
    """A row for each plan, as a table that is taken away; two queries."""
    columns = ("unit__code", "unit__name", "worker", "days", *COUNTS)
    rows = list(found.order_by("unit__division__path", "unit__code").values_list(*columns))
    people = Account.objects.in_bulk([row[2] for row in rows])
    return [_row(row, people.get(row[2])) for row in rows]


def area_of(actor: Actor, code: str) -> Division | None:
    """The place that was asked for, if the actor leads a unit there; else the only one they lead; None: all of it."""
    units = Unit.objects.filter(led_units(actor))
    if code:
        found = Division.objects.filter(code=code).first()
        if found is not None and units.filter(division__path__startswith=found.path).exists():
            return found
    seats = {seat.division for seat in actor.seats if seat.post == "supervisor" and seat.level != "city"}
    return Division.objects.filter(code=seats.pop()).first() if len(seats) == 1 else None


def trail(area: Division | None, actor: Actor) -> Sequence[Division]:
    """The places above the area that the actor leads, from the top, the area itself last; one query."""
    if area is None:
        return []
    above = Division.objects.filter(code__in=area.path.strip("/").split("/")[1:]).order_by("path")
    own = {seat.division for seat in actor.seats if seat.post == "supervisor"}
    led = [one for one in above if any(f"/{code}/" in f"/{one.path}" for code in own)]
    return led or [area]


def _sums() -> dict[str, Coalesce]:
    return {name: Coalesce(Sum(name), 0) for name in COUNTS} | {"workers": Coalesce(Count("id"), 0)}


def _line(row: Mapping[str, Any], label: str, code: str) -> Line:
    numbers = {name: int(row[name]) for name in ("workers", *COUNTS)}
    return Line(label, code, **numbers)


def _row(row: Sequence[Any], worker: Account | None) -> list[object]:
    unit, name, _worker, days, quota, planned, done, absent, refused, more = row
    line = Line("", planned=planned, done=done, absent=absent, refused=refused)
    share = "" if line.share is None else f"{line.share:.1f}"
    return [
        unit,
        _plain(str(name)),
        _plain(_name(worker)),
        days,
        quota,
        planned,
        done,
        absent,
        refused,
        line.left,
        more,
        share,
    ]


def _name(account: Account | None) -> str:
    return account.get_full_name() if account else ""


def _plain(text: str) -> str:
    """A name that begins like a formula is none."""
    return f"'{text}" if text[:1] in "=+-@\t" else text
