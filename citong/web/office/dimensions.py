"""By what figures can be told apart: unit, place, grid, kind, channel; each with its key, its names, its way deeper."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Func, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.cases.models import Category
from citong.core.cases.registry import case_types
from citong.core.people.models import Unit
from citong.core.places.models import Division, Grid
from citong.web.desk.wanted import CHANNELS
from citong.web.office.asked import BELOW, UNKNOWN, Asked, level_of

Names = Mapping[str, Words]


@dataclass(frozen=True)
class Dimension:
    """One way to tell figures apart. `narrowed` makes of a line's key what the address says of it."""

    code: str
    label: Words
    icon: str
    key: Callable[[Asked], Combinable]
    names: Callable[[Iterable[str]], Names]
    narrowed: Callable[[Asked, str], str]
    opens: str = ""


class _Prefix(Func):
    """The first `depth` parts of a dotted code."""

    template = "array_to_string((string_to_array(%(expressions)s, '.'))[1:%(depth)s], '.')"
    output_field = TextField()


def _unit_names(codes: Iterable[str]) -> Names:
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))


def _area_names(codes: Iterable[str]) -> Names:
    return dict(Division.objects.filter(code__in=codes).values_list("code", "name"))


def _grid_names(codes: Iterable[str]) -> Names:
    rows = Grid.objects.filter(layer__base=True, code__in=codes).order_by("begins_at")
    return {code: f"{name} · {code}" for code, name in rows.values_list("code", "name")}


def _kind_names(codes: Iterable[str]) -> Names:
    rows = Category.objects.filter(code__in=codes).values_list("code", "name", "name_en")
    english = (get_language() or "").startswith("en")
    return {code: (name_en or name) if english else name for code, name, name_en in rows}


def _service_names(codes: Iterable[str]) -> Names:
    return {code: kind.label for code, kind in case_types().items()}


def _area_key(asked: Asked) -> Combinable:
    level = level_of(asked.area_code()) if asked.area_code() else "city"
    return F(BELOW.get(level, "community"))


def _area_narrowed(asked: Asked, key: str) -> str:
    return key or "/".join(filter(None, (asked.area_code(), UNKNOWN)))


def _kind_key(asked: Asked) -> Combinable:
    code = asked.kind_code()
    return _Prefix(F("category_id"), depth=code.count(".") + 2 if code else 1)


def _kind_narrowed(asked: Asked, key: str) -> str:
    return f"{key}/{UNKNOWN}" if key and key == asked.kind_code() else key or UNKNOWN


def _plain(_asked: Asked, key: str) -> str:
    return key or UNKNOWN


DIMENSIONS: Sequence[Dimension] = (
    Dimension(
        "unit", _("Unit"), "building-community",
        lambda asked: Coalesce(F("handling_unit__code"), F("unit__code")), _unit_names, _plain,
    ),
    Dimension("area", _("Place"), "map-pin", _area_key, _area_names, _area_narrowed, "area"),
    Dimension("grid", _("Grid"), "grid-dots", lambda asked: Coalesce(F("grid__code"), Value("")), _grid_names, _plain),
    Dimension("kind", _("Kind"), "category", _kind_key, _kind_names, _kind_narrowed, "kind"),
    Dimension("channel", _("Channel"), "route", lambda asked: F("channel"), lambda codes: CHANNELS, _plain),
    Dimension("service", _("Service"), "stack-2", lambda asked: F("service"), _service_names, _plain),
)  # fmt: skip
BY_CODE: Mapping[str, Dimension] = {dimension.code: dimension for dimension in DIMENSIONS}
