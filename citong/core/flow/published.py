"""Public cases as open data: one source of rows for page, API and command. No row names a person or says their words.

A row holds less than the public page of its case, and only of cases whose desk has looked at them: what was copied can
not be called back, so a report that waits to be accepted, or that its reporter took back, is not given away.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from citong.core.cases.declare import CaseType, Stage
from citong.core.cases.models import Case, Category
from citong.core.cases.registry import case_types
from citong.core.flow.published_filter import PublishedFilter
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.core.people.posts import Post
from citong.core.places.current import city, parameter, zone
from citong.core.places.models import Division
from citong.kit.export import csv_parts, geojson_parts
from citong.kit.geometry import Datum

FORMS = ("csv", "geojson")
COLUMNS = (
    "number", "service", "category", "category_name", "status", "state", "state_name", "opened_at", "changed_at",
    "due_at", "closed_at", "outcome", "late", "reworks", "reopenings", "rating", "district", "district_name", "street",
    "street_name", "community", "community_name", "lon", "lat", "datum",
)  # fmt: skip
READ = (
    "id", "number", "service", "category_id", "open", "state", "opened_at", "changed_at", "due_at", "closed_at",
    "outcome", "late", "reworks", "reopenings", "rating", "district", "street", "community", "lon", "lat",
)  # fmt: skip
LEVELS = ("district", "street", "community")
MOMENTS = ("opened_at", "changed_at", "due_at", "closed_at")
ALIKE = ("number", "service", "state", "outcome", "late", "reworks", "reopenings", "rating", *LEVELS)
DIGITS = 5  # about one metre
BATCH = 250
COUNTED_SECONDS = 600
BEFORE = frozenset({Stage.COLLECTION, Stage.FILING})
Row = dict[str, Any]


@dataclass(frozen=True)
class Extent:
    """How many cases are published, and when the last of them changed."""

    cases: int = 0
    changed_at: datetime | None = None


def published(asked: PublishedFilter | None = None) -> QuerySet[Case]:
    """The public cases that are open data, narrowed; no query."""
    looked_at = Q(pk__in=[])
    for kind in case_types().values():
        looked_at |= Q(service=kind.code, state__in=sorted(_told_states(kind)))
    cases = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC), looked_at)
    return cases.filter(asked.condition()) if asked else cases


def batches(asked: PublishedFilter | None = None, *, size: int = BATCH) -> Iterator[list[Row]]:
    """The rows, oldest first, in lists of at most `size`; names are in the language of the call.

    Two queries now and one for each batch, which goes on behind the last number of the batch before: no row comes
    twice however many are written meanwhile, nothing is held in the database between two batches.
    """
    return _batches(published(asked).order_by("id"), _Names(), size)


def extent() -> Extent:
    """How much there is; counted at most once in ten minutes, as that reads every case."""
    held = city()
    cases, changed = cache.get_or_set(f"published.{held.code}.{held.version}", _extent, COUNTED_SECONDS) or (0, "")
    return Extent(cases, datetime.fromisoformat(changed) if changed else None)


def file_of(rows: Iterable[Sequence[Row]], *, form: str, at: datetime) -> Iterator[bytes]:
    """These batches as a file, part by part; `form` is one of FORMS."""
    return csv_parts(rows, columns=COLUMNS) if form == "csv" else geojson_parts(rows, about=_about(at))


def licence() -> str:
    """On which terms the city gives its data away, in its own words."""
    return str(parameter("open_data_licence") or _("Set by the city: ask the city centre before you pass the data on."))


def _about(at: datetime) -> dict[str, str]:
    """What a file says of itself."""
    held = city()
    made_at = at.astimezone(zone()).isoformat(timespec="seconds")
    return {
        "city": held.name, "code": held.code, "licence": licence(), "made_at": made_at, "zone": held.zone,
        "datum": Datum.WGS84.value,
    }  # fmt: skip


def _batches(cases: QuerySet[Case], names: "_Names", size: int) -> Iterator[list[Row]]:
    last: UUID | None = None
    while True:
        further = cases.filter(id__gt=last) if last else cases
        found = list(further.values(*READ)[:size])
        if found:
            yield [names.row(case) for case in found]
        if len(found) < size:
            return
        last = found[-1]["id"]


def _told_states(kind: type[CaseType]) -> set[str]:
    """States in which a desk has looked at a case and its reporter has not taken it back."""
    taken_back = {
        act.target.name
        for act in kind.acts.values()
        if act.target and act.target.ends and all(who.post == Post.RESIDENT for who in act.by)
    }
    return {state.name for state in kind.states.values() if state.stage not in BEFORE} - taken_back


def _extent() -> tuple[int, str]:
    """In words that any cache can keep."""
    found = published().aggregate(cases=Count("pk"), changed_at=Max("changed_at"))
    return found["cases"], found["changed_at"].isoformat() if found["changed_at"] else ""


class _Names:
    """The city's names and clock, read once for a whole export."""

    def __init__(self) -> None:
        english = get_language() == "en"
        named = Category.objects.values_list("code", "name", "name_en")
        self.categories = {code: (name_en if english else "") or name for code, name, name_en in named}
        self.divisions = dict(Division.objects.values_list("code", "name"))
        kinds = case_types().values()
        self.states = {(k.code, state.name): str(state.public) for k in kinds for state in k.states.values()}
        self.zone = zone()

    def row(self, case: Mapping[str, Any]) -> Row:
        """The case by the names of COLUMNS, in their order."""
        row = {name: case[name] for name in ALIKE}
        row |= {name: case[name] and case[name].astimezone(self.zone) for name in MOMENTS}
        row |= {f"{level}_name": self.divisions.get(case[level], "") for level in LEVELS}
        row |= {name: case[name] if case[name] is None else round(case[name], DIGITS) for name in ("lon", "lat")}
        row["category"] = case["category_id"] or ""
        row["category_name"] = self.categories.get(case["category_id"], "")
        row["status"] = "open" if case["open"] else "closed"
        row["state_name"] = self.states[case["service"], case["state"]]
        row["datum"] = Datum.WGS84.value
        return {name: row[name] for name in COLUMNS}
