"""Mediation in figures: for whoever leads an area, and for the head of a body about their own."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from citong.core.cases.declare import Words
from citong.core.people.access import Actor
from citong.core.places.current import day_of, zone
from citong.core.places.models import Division
from citong.core.places.tables import write_cells
from citong.services.mediation import measures
from citong.services.mediation.kinds import BodyKind, Kind
from citong.services.mediation.measures import LABELS, Line, Number
from citong.services.mediation.models import Dispute
from citong.web.asking import actor_of_request
from citong.web.desk.wanted import LEVELS
from citong.web.office.asked import PERIODS
from citong.web.office.asked import Asked as AskedPeriod
from citong.web.office.door import only_for
from citong.web.office.figures import NOTHING, span

PAGE = "mediation_measures"
HOUR = 3_600
FIGURES = (
    "opened", "found", "to_mediator", "to_mediator_90", "answered", "taken_up", "agreed", "performed", "simple",
    "confirmed", "forced", "to_court", "open", "late",
)  # fmt: skip
REPEAT = "repeat"  # looks through all parties of a year: it comes after the page, for itself
COLUMNS = (
    "opened", "to_mediator", "taken_up", "agreed", "performed", "simple", "confirmed", "forced", "to_court", "open",
    "late",
)  # fmt: skip
# Of a mediator: what there is to do and what became of it, no share by which people could be set in an order.
OF_A_PERSON = ("taken_up", "agreed", "performed", "to_court", "open", "late", "to_mediator")
SHARES = frozenset({"found", "answered", "agreed", "performed", "simple", "confirmed", "forced", "to_court", "repeat"})
NARROWED: Sequence[tuple[str, Words]] = (
    ("kind", gettext_lazy("Kind")), ("district", gettext_lazy("Place")), ("body", gettext_lazy("Kind of body")),
)  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One figure as a page shows it."""

    code: str
    label: Words
    definition: Words
    text: str
    base: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Wanted:
    """What the address says: a period as everywhere, and which disputes."""

    period: AskedPeriod
    kind: str = ""
    district: str = ""
    body: str = ""
    by: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Wanted":
        """What can not be meant is left out."""
        said = AskedPeriod.read(dict(query.items()) | {"kind": ""})
        period = replace(said, by="", unit="", area="", grid="", channel="")
        kind, body, by = (query.get(name, "") for name in ("kind", "body", "by"))
        return cls(
            replace(period, service=""), kind if kind in Kind else "", query.get("district", "")[:20],
            body if body in BodyKind else "", by if by in measures.KEYS else "",
        )  # fmt: skip

    def asked(self) -> measures.Asked:
        """The period's moments and the narrowing."""
        moments = self.period.moments(at=timezone.now(), zone=zone())
        return measures.Asked(moments, self.kind, self.district, self.body)

    def query(self, **changes: str) -> str:
        """The address with some parts changed."""
        own = {name: getattr(self, name) for name in ("kind", "district", "body", "by")} | changes
        return self.period.query(**own)


@never_cache
@require_GET
@only_for(PAGE)
def measures_page(request: HttpRequest) -> HttpResponse:
    """The figures in all, their course, and line by line. The same number of queries however many disputes."""
    actor, wanted = actor_of_request(request), Wanted.read(request.GET)
    asked, ways = wanted.asked(), measures.dimensions(actor)
    by = wanted.by if wanted.by in [code for code, *_rest in ways] else ways[0][0]
    disputes = measures.reach(actor, asked)
    numbers, course = _numbers(disputes, asked), measures.course(disputes, asked.period, zone=zone())
    lines, names = _lines(disputes, asked, by)
    first, last = wanted.period.days(day_of(asked.period.at))
    return render(request, "mediation/measures.html", {
        "wanted": wanted, "first": first, "last": last, "by": by, "filters": _filters(actor, wanted),
        "periods": [(code, label, f"?{wanted.query(period=code, since='', until='')}")
                    for code, label in PERIODS.items()],
        "cells": [cell_of(numbers[code]) for code in FIGURES], "rates": _rates(numbers),
        "violations": measures.violations(disputes, asked.period), "nothing": not numbers["opened"].count,
        "chart": chart(course), "course": [(day, *counts) for day, counts in course.items()],
        "origins": _worded(measures.origins(disputes, asked.period), dict(Dispute.Origin.choices)),
        "levels": _worded(measures.late_by_level(disputes, asked.period), LEVELS),
        "tabs": [(code, label, icon, f"?{wanted.query(by=code)}") for code, label, icon in ways],
        "columns": [(code, *LABELS[code]) for code in columns_of(by)],
        "lines": [(names.get(line.key) or _("Nobody yet"), [cell_of(line.numbers[code]) for code in columns_of(by)])
                  for line in lines],
        "export": wanted.query(), "definitions": [LABELS[code] for code in (*FIGURES, REPEAT)],
        "repeat": LABELS[REPEAT], "query": wanted.query(),
    })  # fmt: skip


@never_cache
@require_GET
@only_for(PAGE)
def measures_repeat(request: HttpRequest) -> HttpResponse:
    """The one figure that takes longer than all others: disputes with parties seen before."""
    asked = Wanted.read(request.GET).asked()
    disputes = measures.reach(actor_of_request(request), asked)
    return render(request, "mediation/measures_repeat.html", {"cell": cell_of(_repeat(disputes, asked))})


@never_cache
@require_GET
@only_for(PAGE)
def measures_export(request: HttpRequest) -> HttpResponse:
    """The same figures as CSV: in all, then line by line; each share with the two counts that make it."""
    actor, wanted = actor_of_request(request), Wanted.read(request.GET)
    asked, ways = wanted.asked(), measures.dimensions(actor)
    disputes, rows = measures.reach(actor, asked), list[list[object]]()
    for number in (*_numbers(disputes, asked).values(), _repeat(disputes, asked)):
        rows.append([_("In all"), "", *_cells(number)])
    rows.append([_("In all"), "", _("Finder mediated"), measures.violations(disputes, asked.period), "", ""])
    for by, label, _icon in ways:
        lines, names = _lines(disputes, asked, by)
        for line in lines:
            name = _plain(names.get(line.key) or _("Nobody yet"))
            rows += [[str(label), name, *_cells(line.numbers[code])] for code in columns_of(by)]
    heads = [_("By"), _("Name"), _("Measure"), _("Count"), _("Of"), _("In hours")]
    first, last = wanted.period.days(day_of(asked.period.at))
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(_('Mediation'))}-{first}-{last}.csv"}
    return HttpResponse("\ufeff" + write_cells(heads, rows), content_type="text/csv; charset=utf-8", headers=headers)


def columns_of(by: str) -> Sequence[str]:
    """The measures that a table by this shows."""
    return OF_A_PERSON if by == "mediator" else COLUMNS


def cell_of(number: Number) -> Cell:
    """The figure in words: a share with its counts, a time in its unit, else the count."""
    label, definition = LABELS[number.code]
    bad = number.code in ("late", "forced") and number.count > 0
    if number.code.startswith("to_mediator"):
        text = NOTHING if number.seconds is None else span(number.seconds)
        return Cell(number.code, label, definition, text)
    if number.code not in SHARES:
        return Cell(number.code, label, definition, str(number.count), bad=bad)
    text = NOTHING if number.share is None else f"{number_format(number.share * 100, 1)} %"
    base = _("%(count)d of %(of)d") % {"count": number.count, "of": number.of} if number.of else ""
    return Cell(number.code, label, definition, text, base, bad)


def chart(course: Mapping[date, Sequence[int]]) -> str:
    """The course as options of ECharts in JSON; the table beside it says the same."""
    names = (_("New disputes"), _("Agreed"), _("Kept"))
    series = [
        {"name": name, "type": "bar" if at == 0 else "line", "data": [counts[at] for counts in course.values()]}
        for at, name in enumerate(names)
    ]
    options: dict[str, Any] = {
        "xAxis": {"type": "category", "data": [date_format(day, "m-d") for day in course]},
        "yAxis": {"type": "value", "minInterval": 1}, "series": series,
    }  # fmt: skip
    return json.dumps(options, ensure_ascii=False)


def _numbers(disputes: QuerySet[Dispute], asked: measures.Asked) -> dict[str, Number]:
    """Every figure over all of them but the one that comes later; two queries."""
    return measures.total(disputes, asked.period)


def _repeat(disputes: QuerySet[Dispute], asked: measures.Asked) -> Number:
    came = measures.came(disputes, asked.period)
    return Number(REPEAT, measures.repeated(disputes, asked.period), came)


def _lines(disputes: QuerySet[Dispute], asked: measures.Asked, by: str) -> tuple[list[Line], dict[str, str]]:
    """The lines by name, not by result; two queries."""
    found = measures.lines(disputes, asked.period, key=measures.KEYS[by])
    names = measures.names_of(found, by)
    return sorted(found, key=lambda line: (not line.key, names.get(line.key, ""))), names


def _rates(numbers: Mapping[str, Number]) -> list[tuple[Cell, int]]:
    """The rate that can not flatter and the usual one, side by side, each in whole per cent for its bar."""
    return [(cell_of(numbers[code]), round(100 * (numbers[code].share or 0))) for code in ("performed", "simple")]


def _filters(actor: Actor, wanted: Wanted) -> list[tuple[str, Words, list[tuple[str, Words]], str]]:
    """(Name, label, choices, chosen) of what narrows the figures; one query."""
    whole = any(seat.level == "city" for seat in actor.seats)
    places = Division.objects.filter(level="district").order_by("code").values_list("code", "name") if whole else []
    choices: dict[str, list[tuple[str, Words]]] = {
        "kind": list(Kind.choices), "district": list(places), "body": list(BodyKind.choices),
    }  # fmt: skip
    return [(name, label, choices[name], getattr(wanted, name)) for name, label in NARROWED if len(choices[name]) > 1]


def _worded(counts: Mapping[str, int], words: Mapping[str, Words]) -> list[tuple[Words, int]]:
    return [(label, counts[code]) for code, label in words.items() if counts.get(code)]


def _cells(number: Number) -> list[object]:
    hours = "" if number.seconds is None else f"{number.seconds / HOUR:.1f}"
    of = number.of if number.code in SHARES and number.of is not None else ""
    return [str(LABELS[number.code][0]), number.count, of, hours]


def _plain(text: str) -> str:
    """A name that begins like a formula is none."""
    return f"'{text}" if text[:1] in "=+-@\t" else text
