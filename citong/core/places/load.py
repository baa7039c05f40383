"""Bringing a city's folder into the database: what is the same stays, what changed begins anew, nothing is lost."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import shapely
from django.db import models
from django.utils.translation import gettext as _

from citong.core.places.city import DISTRICTS, GridRow, Places
from citong.core.places.current import day_of
from citong.core.places.models import City, Division, Grid, Layer
from citong.kit.geometry import area_m2

BATCH = 2_000
KINDS = ("added", "changed", "ended", "unchanged")


class CannotLoad(ValueError):
    """The folder is not loaded; the sentence says why and what to do."""


@dataclass
class LoadReport:
    """How many rows of each table were added, changed, ended or left as they were, and the version reached."""

    tables: dict[str, dict[str, int]] = field(default_factory=dict)
    version: int = 0

    def count(self, table: str, **numbers: int) -> None:
        """The numbers are added to the table's row of the report."""
        row = self.tables.setdefault(table, dict.fromkeys(KINDS, 0))
        row |= Counter(row) + Counter(numbers)

    def changes(self) -> int:
        """Rows that are not as they were before."""
        return sum(counts[kind] for counts in self.tables.values() for kind in KINDS[:3])


def settle(
    model: type[models.Model], wanted: Mapping[Any, Mapping[str, Any]], *, key: str, now: datetime,
    report: LoadReport, spared: Collection[Any] = (),
) -> None:  # fmt: skip
    """The model's rows are exactly those wanted, by `key`; four statements at most.

    A row no longer wanted ends today if the model knows `ends_on`, else it is deleted; wanted again, it is taken up.
    Those `spared` stay as they are when nobody wants them.
    """
    ends = any(column.name == "ends_on" for column in model._meta.fields)
    wanted = {code: {**row, "ends_on": None} if ends else row for code, row in wanted.items()}
    held = {getattr(row, key): row for row in model._default_manager.all()}
    added = [model(**{key: code}, **row) for code, row in wanted.items() if code not in held]
    changed = [held[code] for code, row in wanted.items() if code in held and _put(held[code], row)]
    left = [row for code, row in held.items() if code not in wanted and code not in spared]
    gone = [row.pk for row in left if not getattr(row, "ends_on", None)]
    model._default_manager.bulk_create(added, batch_size=BATCH)
    if changed:
        columns = sorted({name for row in wanted.values() for name in row})
        model._default_manager.bulk_update(changed, columns, batch_size=BATCH)
    if gone:
        rows = model._default_manager.filter(pk__in=gone)
        rows.update(ends_on=day_of(now)) if ends else rows.delete()
    same = len(wanted) - len(added) - len(changed)
    table = model._meta.model_name or ""
    report.count(table, added=len(added), changed=len(changed), ended=len(gone), unchanged=same)


def load_places(places: Places, *, now: datetime, report: LoadReport) -> None:
    """Divisions, layers and grids are as the folder says; must run in a transaction."""
    divisions = {
        row.code: {
            "path": places.paths[row.code], "name": row.name, "level": row.level, "kind": row.kind,
            "other_codes": dict(row.other_codes),
            **dict(zip(("label_lon", "label_lat"), places.labels.get(row.code, (None, None)), strict=True)),
        }
        for row in places.divisions.values()
    }  # fmt: skip
    settle(Division, divisions, key="code", now=now, report=report)
    ids = _tie_parents(places)
    for code, rows in places.grids.items():
        before = report.changes()
        _load_layer(places, code)
        _load_grids(code, rows, ids, now=now, report=report)
        if report.changes() != before:
            Layer.objects.filter(code=code).update(version=models.F("version") + 1)
    left = Grid.objects.filter(ends_at=None).exclude(layer__in=list(places.grids))
    report.count("grid", ended=left.update(ends_at=now))


def save_city(places: Places, *, files: Mapping[str, str], report: LoadReport) -> City:
    """The city's own row is as the folder says, with a version that has grown."""
    said = places.settings
    parameters = {**(said.parameters or {}), "limits": said.limits or {}, "uncovered": said.uncovered or {}}
    outline = shapely.to_wkb(shapely.coverage_union_all(list(places.covered.values())))
    city = City.objects.filter(code=said.code).first() or City(code=said.code, version=0)
    city.name, city.name_en, city.zone, city.datum = said.name, said.name_en, said.zone, said.datum.value
    city.parameters, city.outline, city.files = parameters, outline, dict(files)
    report.version = city.version = city.version + 1
    city.save()
    return city


def assert_same_city(code: str) -> City | None:
    """The loaded city, locked; None in an empty database. CannotLoad when it is another one."""
    loaded = City.objects.select_for_update().first()
    if loaded and loaded.code != code:
        raise CannotLoad(
            _("This database holds %(loaded)s, the folder is of %(code)s: each city has a database of its own.")
            % {"loaded": loaded.name, "code": code}
        )
    return loaded


def _tie_parents(places: Places) -> dict[str, int]:
    rows = {row.code: row for row in Division.objects.filter(ends_on=None)}
    loose = []
    for code, row in rows.items():
        parent = rows.get(places.divisions[code].parent)
        if row.parent_id != (parent and parent.pk):
            row.parent = parent
            loose.append(row)
    Division.objects.bulk_update(loose, ["parent"], batch_size=BATCH)
    return {code: row.pk for code, row in rows.items()}


def _load_layer(places: Places, code: str) -> None:
    row = next((row for row in places.layers if row.code == code), None)
    values: dict[str, Any] = {"name": "行政区", "name_en": "Districts", "order": 99}
    if row:
        values = {name: getattr(row, name) for name in ("name", "name_en", "base", "order", "generated")}
    Layer.objects.update_or_create(code=code, defaults=values)


def _load_grids(
    layer: str, rows: Sequence[GridRow], ids: Mapping[str, int], *, now: datetime, report: LoadReport
) -> None:
    """A grid with another outline, name or division is a new row from now on; the old row ends now."""
    current = Grid.objects.filter(layer=layer, ends_at=None).values_list("code", "name", "division_id", "outline", "id")
    held = {code: (name, division, bytes(outline), pk) for code, name, division, outline, pk in current}
    fresh = [row for row in rows if not _same(row, ids[row.division], held.get(row.code))]
    wanted, renewed = {row.code for row in rows}, {row.code for row in fresh}
    over = {code: one[3] for code, one in held.items() if code in renewed or code not in wanted}
    Grid.objects.filter(pk__in=over.values()).update(ends_at=now)
    Grid.objects.bulk_create(_grids(layer, fresh, ids, now), batch_size=BATCH)
    changed = len(over.keys() & renewed)
    report.count(
        "grid" if layer != DISTRICTS else "district_outline", changed=changed, added=len(fresh) - changed,
        ended=len(over) - changed, unchanged=len(rows) - len(fresh),
    )  # fmt: skip


def _same(row: GridRow, division: int, held: tuple[str, int, bytes, int] | None) -> bool:
    """True when the held grid says the same; a corner more on a straight edge is no other outline."""
    if held is None or held[:2] != (row.name, division):
        return False
    outline: bytes = shapely.to_wkb(row.outline)
    return outline == held[2] or bool(shapely.equals(shapely.from_wkb(held[2]), row.outline))


def _grids(layer: str, fresh: Sequence[GridRow], ids: Mapping[str, int], now: datetime) -> list[Grid]:
    centres = shapely.get_coordinates(shapely.point_on_surface([row.outline for row in fresh]))
    return [
        Grid(
            layer_id=layer, code=row.code, name=row.name, division_id=ids[row.division], begins_at=now,
            outline=shapely.to_wkb(row.outline), centre_lon=float(lon), centre_lat=float(lat),
            area_m2=area_m2(row.outline),
        )
        for row, (lon, lat) in zip(fresh, centres, strict=True)
    ]  # fmt: skip


def _put(row: models.Model, values: Mapping[str, Any]) -> bool:
    """True when the row had to be changed to hold these values."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)
