"""Kinds of matter, thresholds, limits and calendar days: changed by an administrator, each change in the ledger.

Like citong.core.people.roster: one transaction, NotElevated without rights, ValueError with a sentence for a change
that can not be, and a new version of the city, which every process sees within seconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.cases.models import Category
from citong.core.cases.registry import case_types
from citong.core.clocks.models import CalendarDay
from citong.core.people.access import Actor
from citong.core.people.roster import record_city, signed
from citong.core.places.current import city, day_of
from citong.core.places.models import City
from citong.kit.durations import parse

SOURCES = "sources"  # parameter name to who decided its value


@dataclass(frozen=True)
class Threshold:
    """A number or text of the city that can be changed: `read` makes it from what was typed, or raises ValueError."""

    code: str
    label: Words
    unit: Words
    read: Callable[[str], Any]
    default: Any = None


@dataclass(frozen=True)
class Limit:
    """A time limit that a service declares and the city may set: its value now, and what holds without the city."""

    code: str
    label: Words
    value: str
    default: str
    source: str


@dataclass(frozen=True)
class CategoryTerms:
    """What can be said of a kind anew. Its code and place in the tree stay: cases and duties name them."""

    name: str
    name_en: str
    description: str
    keywords: str
    function: str
    public: bool
    urgent: bool


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text) if text.strip().isdecimal() else None
        if number is None or not least <= number <= most:
            raise ValueError(_("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        return number

    return read


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = -1.0
    if not 0.1 <= share <= 0.99:
        raise ValueError(_("Give a share from 0.1 to 0.99."))
    return share


def _hours(text: str) -> list[list[str]]:
    """Spans such as "08:00-12:00 14:30-17:30", in order and apart."""
    try:
        spans = [[part.strip() for part in span.split("-")] for span in text.split()]
        moments = [time.fromisoformat(moment) for opens, closes in spans for moment in (opens, closes)]
    except ValueError:
        moments = []
    if not moments or any(later <= earlier for earlier, later in pairwise(moments)):
        raise ValueError(_("Give hours in order, such as 08:00-12:00 14:30-17:30."))
    return spans


METRES, DAYS = gettext_lazy("metres"), gettext_lazy("days")
OFFICE_HOURS = [["08:00", "12:00"], ["14:30", "17:30"]]
THRESHOLDS: tuple[Threshold, ...] = (
    Threshold("working_hours", gettext_lazy("Working hours"), "", _hours, OFFICE_HOURS),
    Threshold("nearby_metres", gettext_lazy("Reports count as nearby within"), METRES, _whole(10, 5000), 150),
    Threshold("nearby_days", gettext_lazy("Reports count as recent for"), DAYS, _whole(1, 365), 30),
    Threshold("reopen_days", gettext_lazy("A case can be reopened within"), DAYS, _whole(1, 365), 30),
    Threshold("warn_share", gettext_lazy("Warn when this share of a limit is used"), "", _share, 0.8),
    Threshold("edge_metres", gettext_lazy("A point so near the border counts as inside"), METRES, _whole(0, 500), 15),
    Threshold("map_review_number", gettext_lazy("Map review number"), "", str.strip, ""),
    Threshold("open_data_licence", gettext_lazy("Licence of the open data"), "", str.strip, ""),
)


def limits() -> list[Limit]:
    """Every time limit of every service, with its urgent twin and its special lines; no query beyond the city's."""
    specs = [spec for kind in case_types().values() for spec in kind.clocks().values() if spec.span]
    declared = {spec.limit: spec for spec in specs}
    given: Mapping[str, str] = city().parameters.get("limits", {})
    found = []
    for code, clock in declared.items():
        plain = given.get(code, clock.span)
        urgent = _("%(limit)s, urgent") % {"limit": clock.label}
        source = _(str(clock.source))
        found.append(Limit(code, clock.label, plain, clock.span, source))
        found.append(Limit(f"{code}_urgent", urgent, given.get(f"{code}_urgent", ""), plain, source))
        for line, term in clock.by_line.items():
            name, label = f"{code}_{line}", f"{clock.label}: {term.label or line}"
            found.append(Limit(name, label, given.get(name, term.span), term.span, _(str(term.source))))
    step = given.get("escalation_step", "1 working day")
    return [*found, Limit("escalation_step", _("Between two steps up"), step, "1 working day", "city.toml [limits]")]


@transaction.atomic
def change_threshold(code: str, text: str, *, source: str, actor: Actor, at: datetime | None = None) -> None:
    """The threshold has the value that the text says, by the decision that `source` names."""
    by, at = signed(actor), at or timezone.now()
    threshold = next((one for one in THRESHOLDS if one.code == code), None)
    if threshold is None:
        raise ValueError(_("There is no such threshold."))
    value = threshold.read(text)
    held = record_city(
        "change_threshold", by=by, at=at, facts={"name": code, "value": value, "source": _stated(source)}
    )
    _put(held, {code: value}, name=code, source=source, at=at)


@transaction.atomic
def change_limit(code: str, span: str, *, source: str, actor: Actor, at: datetime | None = None) -> None:
    """Clocks that start from now on have this span; an empty one takes the city's own limit back."""
    by, at = signed(actor), at or timezone.now()
    if code not in {limit.code for limit in limits()}:
        raise ValueError(_("There is no such limit."))
    if span:
        _assert_span(span)
    held = record_city("change_limit", by=by, at=at, facts={"name": code, "value": span, "source": _stated(source)})
    others = {name: value for name, value in held.parameters.get("limits", {}).items() if name != code}
    _put(held, {"limits": others | ({code: span} if span else {})}, name=f"limits.{code}", source=source, at=at)


@transaction.atomic
def change_category(
    category: Category, terms: CategoryTerms, *, reason: str, actor: Actor, at: datetime | None = None
) -> None:
    """The kind is described so from now on."""
    by, at = signed(actor), at or timezone.now()
    was = {name: getattr(category, name) for name in vars(terms)}
    changed = {name: [was[name], value] for name, value in vars(terms).items() if was[name] != value}
    record_city("change_category", by=by, at=at, facts={"category": category.pk, "changed": changed, "reason": reason})
    Category.objects.filter(pk=category.pk).update(**vars(terms))


@transaction.atomic
def add_category(
    segment: str, terms: CategoryTerms, *, parent: Category | None, reason: str, actor: Actor,
    at: datetime | None = None,
) -> Category:  # fmt: skip
    """There is a new kind below that one, or a new top kind. Its code is the parent's with this segment."""
    by, at = signed(actor), at or timezone.now()
    code = f"{parent.code}.{segment}" if parent else segment
    if Category.objects.filter(pk=code).exists():
        raise ValueError(_("There is a kind with this code already: choose another."))
    record_city("add_category", by=by, at=at, facts={"category": code, "terms": vars(terms), "reason": reason})
    place = parent.order if parent else Category.objects.count()
    kind = parent.kind if parent else "matter"
    return Category.objects.create(code=code, parent=parent, kind=kind, order=place, **vars(terms))


@transaction.atomic
def end_category(category: Category, *, reason: str, actor: Actor, at: datetime | None = None) -> int:
    """The kind and all below it are no longer offered; cases that have it keep it. Returns how many ended."""
    by, at = signed(actor), at or timezone.now()
    record_city("end_category", by=by, at=at, facts={"category": category.pk, "reason": reason})
    below = Category.objects.filter(ends_on=None, code__startswith=f"{category.pk}.")
    today = day_of(at)
    return below.update(ends_on=today) + Category.objects.filter(pk=category.pk).update(ends_on=today)


@transaction.atomic
def set_day(
    day: date, *, working: bool, name: str, source: str, actor: Actor, at: datetime | None = None
) -> CalendarDay:
    """The city works that day, or does not, by the decision that `source` names. Running clocks keep their deadline."""
    by, at = signed(actor), at or timezone.now()
    facts = {"date": day.isoformat(), "working": working, "name": name, "source": _stated(source)}
    record_city("set_day", by=by, at=at, facts=facts)
    values = {"working": working, "name": name, "source": source, "certain": True}
    return CalendarDay.objects.update_or_create(date=day, defaults=values)[0]


def source_of(name: str) -> str:
    """Who decided the present value of a threshold, or of a limit as `limits.NAME`; empty for the city's folder."""
    return str(city().parameters.get(SOURCES, {}).get(name, {}).get("source", ""))


def _put(held: City, values: Mapping[str, Any], *, name: str, source: str, at: datetime) -> None:
    sources = held.parameters.get(SOURCES, {}) | {name: {"source": source, "at": at.isoformat()}}
    City.objects.filter(pk=held.pk).update(parameters=held.parameters | dict(values) | {SOURCES: sources})


def _stated(source: str) -> str:
    if not source.strip():
        raise ValueError(_("Name the decision this rests on."))
    return source


def _assert_span(span: str) -> None:
    try:
        parse(span)
    except ValueError as fault:
        raise ValueError(_("Give a span such as “5 working days” or “4 working hours”.")) from fault
