"""Units and duties of a city's folder: read, checked and loaded."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from citong.core.people.duties import CENTRE, GRID, STATION, Duties, DutyRow, UnitRef
from citong.core.people.models import Duty, Unit
from citong.core.people.posts import Post
from citong.core.places.city import LEVELS, Places
from citong.core.places.folder import Finding, Severity
from citong.core.places.load import LoadReport, settle
from citong.core.places.locate import Located
from citong.core.places.models import Division

ENTERED = ("mediation", "court")  # units of a register that is kept on the platform itself, not in the folder


@dataclass(frozen=True)
class UnitRow:
    """A line of units.csv."""

    where: str
    code: str
    name: str
    level: str
    function: str
    division: str
    parent: str = ""


class People:
    """Units and duties of one folder; faults of reading land in the folder's findings."""

    def __init__(self, places: Places) -> None:
        self.places, self.folder = places, places.folder

    @cached_property
    def units(self) -> list[UnitRow]:
        return self.folder.rows("units.csv", UnitRow)

    @cached_property
    def duties(self) -> list[DutyRow]:
        return self.folder.rows("duties.csv", DutyRow)

    @cached_property
    def book(self) -> Duties:
        """The duties as a book that can be asked before anything is loaded."""
        paths = self.places.paths
        units = [UnitRef(0, row.code, row.function, row.level, paths.get(row.division, "?")) for row in self.units]
        return Duties(self.duties, units)


def check_people(people: People) -> Iterator[Finding]:
    """Yield what is wrong with units and duties by themselves; categories are checked by who knows them."""
    yield from _doubled("units.csv", [(row.where, row.code) for row in people.units])
    yield from _doubled("duties.csv", [(row.where, str(row.order)) for row in people.duties])
    yield from _units(people)
    for duty in people.duties:
        yield from _duty(people, duty)
    yield from _idle(people)


def load_people(people: People, *, now: datetime, report: LoadReport) -> None:
    """Units and duties are as the folder says; must run in a transaction, after the places."""
    divisions = dict(Division.objects.filter(ends_on=None).values_list("code", "id"))
    units = {
        row.code: {
            "name": row.name, "level": row.level, "function": row.function, "division_id": divisions[row.division]
        }
        for row in people.units
    }  # fmt: skip
    spared = set(Unit.objects.filter(function__in=ENTERED).values_list("code", flat=True))
    settle(Unit, units, key="code", now=now, report=report, spared=spared)
    _tie_parents({row.code: row.parent for row in people.units})
    names = [one.name for one in fields(DutyRow) if one.name not in ("where", "order", "layer")]
    duties = {
        row.order: {name: getattr(row, name) for name in names} | {"layer_id": row.layer or None}
        for row in people.duties
    }
    settle(Duty, duties, key="order", now=now, report=report)


def _tie_parents(parents: dict[str, str]) -> None:
    rows = {row.code: row for row in Unit.objects.filter(ends_on=None)}
    loose = []
    for code, row in rows.items():
        parent = rows.get(parents.get(code, ""))
        if row.parent_id != (parent and parent.pk):
            row.parent = parent
            loose.append(row)
    Unit.objects.bulk_update(loose, ["parent"], batch_size=1_000)


def _units(people: People) -> Iterator[Finding]:
    codes = {row.code for row in people.units}
    divisions = people.places.divisions
    for row in people.units:
        if row.division not in divisions or divisions[row.division].level != row.level:
            what = _("Unit %(code)s is of level %(level)s, but %(division)s is not.")
            yield _error(row.where, what % vars(row), _("Name a division of the unit's own level."))
        if row.parent and row.parent not in codes:
            yield _error(
                row.where, _("There is no unit %s.") % row.parent, _("Name the unit above, or leave it empty.")
            )
    if people.book.centre() is None:
        what = _("The city has no command centre, so what nobody answers for would reach nobody.")
        yield _error("units.csv", what, _("Add a unit with level city and function centre."))


def _duty(people: People, duty: DutyRow) -> Iterator[Finding]:
    if duty.post not in Post.values:
        yield _error(duty.where, _("There is no post %s.") % duty.post, ", ".join(Post.values))
    if not duty.source or not duty.reason:
        yield _error(
            duty.where, _("The duty has no reason or no source."), _("Name the law or decision that gives it.")
        )
    if duty.layer and duty.layer not in people.places.grids:
        yield _error(duty.where, _("There is no layer %s.") % duty.layer, _("layers.csv lists them."))
    elif duty.area and not _area_known(people.places, duty):
        what = _("There is no area %s.") % duty.area
        yield _error(duty.where, what, _("Give a division path that ends in “/”, or a grid code of the layer."))
    if not _target_known(people, duty.to):
        what = _("There is no unit %s.") % duty.to
        yield _error(duty.where, what, _("Give a unit code, function@level, or grid."))


def _area_known(places: Places, duty: DutyRow) -> bool:
    if duty.area.endswith("/"):
        return duty.area in places.paths.values()
    return any(grid.code == duty.area for grid in places.grids.get(duty.layer, ()))


def _target_known(people: People, to: str) -> bool:
    function, _sign, level = (STATION, "@", "community") if to == GRID else to.partition("@")
    if not level:
        return to in people.book.units
    reachable = LEVELS[: LEVELS.index(level) + 1] if level in LEVELS else ()
    return any(row.function == function and row.level in reachable for row in people.units)


def _idle(people: People) -> Iterator[Finding]:
    """Units no duty leads to, counted by profession and level; centres stand above and need none."""
    reached = _reached(people)
    idle: dict[tuple[str, str], list[UnitRow]] = defaultdict(list)
    for row in people.units:
        if row.code not in reached and row.function != CENTRE:
            idle[row.function, row.level].append(row)
    for (function, level), rows in sorted(idle.items()):
        what = _("%(number)d units (%(function)s@%(level)s) answer for nothing by the duties, such as %(name)s.")
        said = what % {"number": len(rows), "function": function, "level": level, "name": rows[0].name}
        yield Finding(Severity.NOTE, rows[0].where, said, _("They can still be chosen by hand; else add a duty."))


def _reached(people: People) -> set[str]:
    """Codes of the units some duty leads to from somewhere."""
    targets = {duty.to for duty in people.duties}
    reached = targets & people.book.units.keys()
    for path in people.places.paths.values():
        found = (people.book.resolve(to, Located(path)) for to in targets)
        reached |= {unit.code for unit in found if unit}
    return reached


def _doubled(file: str, keys: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    numbers = Counter(key for _where, key in keys)
    for where, key in keys:
        if numbers[key] > 1:
            yield _error(where, _("%s appears more than once.") % key, _("Keep one of the lines."))


def _error(where: str, what: str, mend: str) -> Finding:
    return Finding(Severity.ERROR, where, what, mend)
