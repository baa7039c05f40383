"""Who answers for a kind of matter at a place: duties read in order, the first that fits decides."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.people.models import Absence, Beat, Duty, Unit
from citong.core.people.posts import Post
from citong.core.places.city import LEVELS
from citong.core.places.current import day_of
from citong.core.places.locate import LOOK_EVERY_SECONDS, GridRef, Located
from citong.core.places.models import City

CENTRE, STATION, GRID = "centre", "station", "grid"
STAND_INS = 5  # a longer chain of people standing in for one another is a circle


@dataclass(frozen=True)
class DutyRow:
    """A duty as it stands in the book; the fields mean what `people.Duty` says."""

    where: str
    order: int
    category: str
    layer: str
    area: str
    to: str
    post: str
    reason: str
    source: str


@dataclass(frozen=True)
class UnitRef:
    """A unit that can be found by profession, level and place."""

    id: int
    code: str
    function: str
    level: str
    division_path: str


@dataclass(frozen=True)
class Route:
    """Where a matter goes and why. `gap`: nobody answers for it, so it lies at the city's centre."""

    unit_id: int
    unit_code: str
    post: str
    account_id: UUID | None
    order: int | None
    reason: str
    source: str
    gap: bool
    grid: GridRef | None = None


@dataclass(frozen=True)
class Tried:
    """One duty of a dry run: why it did not fit, or to which unit it leads."""

    duty: DutyRow
    fits: bool
    why: str


class Duties:
    """The city's duties and units as one book, without any query."""

    def __init__(self, duties: Sequence[DutyRow], units: Sequence[UnitRef]) -> None:
        self.duties = sorted(duties, key=lambda duty: duty.order)
        self.units = {unit.code: unit for unit in units}
        self._by_category: dict[str, list[DutyRow]] = defaultdict(list)
        for duty in self.duties:
            self._by_category[duty.category].append(duty)
        self._city = next((unit.division_path.strip("/") for unit in units if unit.level == "city"), "")
        self._placed = {(unit.function, unit.level, unit.division_path): unit for unit in reversed(units)}

    def match(self, category: str, located: Located) -> DutyRow | None:
        """The first duty in order that covers the category and the place."""
        fitting = (duty for duty in self.covering(category) if covers_place(duty, located))
        return min(fitting, key=lambda duty: duty.order, default=None)

    def covering(self, category: str) -> Iterator[DutyRow]:
        """The duties that name this category or one above it, or none, in no order."""
        yield from self._by_category.get("", ())
        while category:
            yield from self._by_category.get(category, ())
            category = category.rpartition(".")[0]

    def resolve(self, to: str, located: Located) -> UnitRef | None:
        """The unit a duty's target means at this place; a level that has none falls to the next higher one."""
        if to == GRID:
            path = located.base.division_path if located.base else located.division_path
            return self._around(STATION, "community", path) or self._around(CENTRE, "street", path)
        function, _sign, level = to.partition("@")
        return self._around(function, level, located.division_path) if level else self.units.get(to)

    def centre(self) -> UnitRef | None:
        """The city's own desk, where what nobody answers for lies."""
        return next((one for one in self.units.values() if (one.function, one.level) == (CENTRE, "city")), None)

    def explain(self, category: str, located: Located) -> list[Tried]:
        """Every duty in order with the reason it fits or not: the dry run. At most one says it decides."""
        decides = self.match(category, located)
        return [Tried(duty, duty is decides, self._why(duty, category, located, decides)) for duty in self.duties]

    def _around(self, function: str, level: str, path: str) -> UnitRef | None:
        codes = path.strip("/").split("/") if path else [self._city]
        for depth in range(LEVELS.index(level) if level in LEVELS else -1, -1, -1):
            around = "/".join(codes[: depth + 1]) + "/"
            if depth < len(codes) and (unit := self._placed.get((function, LEVELS[depth], around))):
                return unit
        return None

    def _why(self, duty: DutyRow, category: str, located: Located, decides: DutyRow | None) -> str:
        if not covers_category(duty, category):
            return _("It is for %s.") % duty.category
        if not covers_place(duty, located):
            return _("The place is not in %s.") % duty.area
        if duty is not decides:
            return _("An earlier duty has decided.")
        unit = self.resolve(duty.to, located)
        return _("It decides: %s.") % unit.code if unit else _("It decides, but there is no unit %s here.") % duty.to


def covers_category(duty: DutyRow, category: str) -> bool:
    """True when the duty names the category, one above it, or none at all."""
    return not duty.category or f"{category}.".startswith(f"{duty.category}.")


def covers_place(duty: DutyRow, located: Located) -> bool:
    """True when the place lies in the duty's area: a division path, a grid of its layer, or the whole city."""
    if not duty.area:
        return True
    if duty.area.endswith("/"):
        return located.division_path.startswith(duty.area)
    grid = grid_of(duty, located)
    return grid is not None and grid.code == duty.area


def grid_of(duty: DutyRow, located: Located) -> GridRef | None:
    """The grid of the duty's layer at the place; the base grid answers for every layer that is not professional."""
    return located.professional.get(duty.layer) or (located.base if duty.layer else None)


class Router:
    """Routes with the duties of the loaded city, which are read again when the city's version grows."""

    def __init__(self) -> None:
        self.version, self._looked_at = 0, float("-inf")
        self.duties = Duties([], [])

    def route(
        self, category: str, located: Located | None, *, at: datetime | None = None,
        workers: Mapping[str, UUID] | None = None, to: str = "",
    ) -> Route:  # fmt: skip
        """Where this matter goes now. Two queries when a grid worker is sought, else none.

        Where no duty fits it goes `to` whom its service means it for, a duty's own words; nobody meant is a gap.

        With `workers` (base grid code to who looks after it, see `grid_workers`) there is no query at all.

        Without a place only duties for the whole city fit, and their units are those of the city.
        ValueError when the city has no unit with function “centre” on its level.
        """
        book, located = self._fresh(), located or Located()
        duty = book.match(category, located) or (_meant(to) if to else None)
        unit = book.resolve(duty.to, located) if duty else None
        if duty is None or unit is None:
            return _gap(book)
        holder = None
        if duty.post == Post.GRID_WORKER and workers is not None:
            holder = workers.get(located.base.code) if located.base else None
        elif duty.post == Post.GRID_WORKER:
            holder = _grid_worker(located, at or timezone.now())
        grid = grid_of(duty, located)
        return Route(unit.id, unit.code, duty.post, holder, duty.order, duty.reason, duty.source, False, grid)

    def explain(self, category: str, located: Located | None) -> list[Tried]:
        """The dry run for the administrator."""
        return self._fresh().explain(category, located or Located())

    def _fresh(self) -> Duties:
        if time.monotonic() - self._looked_at < LOOK_EVERY_SECONDS:
            return self.duties
        version = City.objects.values_list("version", flat=True).get()
        if version != self.version:
            self.duties, self.version = _book(), version
        self._looked_at = time.monotonic()
        return self.duties

    def forget(self) -> None:
        """The next route reads the duties again."""
        self.version, self._looked_at = 0, float("-inf")


_router = Router()


def router() -> Router:
    """This process's router."""
    return _router


def _meant(to: str) -> DutyRow:
    """What a service says itself of who takes its cases, as the last of all duties."""
    post = Post.GRID_WORKER if to == GRID else Post.HANDLER
    return DutyRow("", 0, "", "base" if to == GRID else "", "", to, post, _("The service is meant for them."), "")


def _gap(book: Duties) -> Route:
    centre = book.centre()
    if centre is None:
        raise ValueError("The city has no command centre: add a unit with level city and function centre.")
    reason = _("Nobody answers for this kind at this place; the city's centre decides.")
    return Route(centre.id, centre.code, Post.DISPATCHER, None, None, reason, "", True)


def _book() -> Duties:
    columns = ("order", "category", "layer_id", "area", "to", "post", "reason", "source")
    duties = [
        DutyRow("", order, category, layer or "", *rest)
        for order, category, layer, *rest in Duty.objects.values_list(*columns)
    ]
    units = Unit.objects.filter(ends_on=None).order_by("code")
    return Duties(
        duties, [UnitRef(*row) for row in units.values_list("id", "code", "function", "level", "division__path")]
    )


def grid_workers(at: datetime) -> dict[str, UUID]:
    """Base grid code to who looks after it at this moment, for many routes at once; two queries."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for grid, worker in _beats(at).order_by("appointment_id").values_list("grid", "appointment__account_id"):
        found[grid].append(worker)
    away = _away(at)
    chosen = {grid: _present(workers, away) for grid, workers in found.items()}
    return {grid: worker for grid, worker in chosen.items() if worker is not None}


def _grid_worker(located: Located, at: datetime) -> UUID | None:
    """Who looks after the base grid at this moment: the worker, or whoever stands in; None when nobody does."""
    if located.base is None:
        return None
    beats = _beats(at).filter(grid=located.base.code)
    workers = list(beats.order_by("appointment_id").values_list("appointment__account_id", flat=True))
    return _present(workers, _away(at)) if workers else None


def _beats(at: datetime) -> QuerySet[Beat]:
    today = day_of(at)
    return Beat.objects.filter(
        Q(appointment__ends_on=None) | Q(appointment__ends_on__gt=today),
        appointment__post=Post.GRID_WORKER, appointment__begins_on__lte=today, appointment__account__is_active=True,
    )  # fmt: skip


def _away(at: datetime) -> dict[UUID, UUID]:
    absences = Absence.objects.filter(begins_at__lte=at, ends_at__gt=at, stand_in__is_active=True)
    return dict(absences.values_list("account_id", "stand_in_id"))


def _present(workers: Sequence[UUID], away: Mapping[UUID, UUID]) -> UUID | None:
    present = [worker for worker in workers if worker not in away]
    return present[0] if present else next((_stand_in(worker, away) for worker in workers), None)


def _stand_in(worker: UUID, away: Mapping[UUID, UUID]) -> UUID | None:
    for _step in range(STAND_INS):
        if worker not in away:
            return worker
        worker = away[worker]
    return None
