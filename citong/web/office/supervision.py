"""How the work goes, in a supervisor's reach: figures, the cases behind each, and the workbook."""

from dataclasses import asdict, replace
from typing import Any
from urllib.parse import quote

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.flow import measures
from citong.core.flow.measures import Measure, Part, Period
from citong.core.people.access import Actor
from citong.core.people.posts import Post
from citong.core.places.current import day_of, zone
from citong.web.asking import actor_of_request
from citong.web.desk.paging import page
from citong.web.desk.rows import loaded, rows
from citong.web.office import dimensions, figures
from citong.web.office.asked import PERIODS, UNKNOWN, Asked
from citong.web.office.door import only_for
from citong.web.office.export import workbook

OF_PERIOD = ("period", "since", "until")
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@only_for("supervision")
def supervision(request: HttpRequest) -> HttpResponse:
    """Figures of the period: in all, by day, and by one dimension. The same number of queries however many cases."""
    actor, asked = actor_of_request(request), Asked.read(request.GET)
    period = asked.moments(at=timezone.now(), zone=zone())
    cases = figures.reach(actor, asked)
    by = dimensions.BY_CODE.get(asked.by, dimensions.DIMENSIONS[0])
    full = bool(request.GET.get("full"))
    most = figures.MOST_LINES if full else figures.FIRST_LINES
    lines, more = figures.table(cases, asked, period, by=by, most=most)
    days = figures.daily(cases, asked, period)
    shown = _frame(asked, period, actor) | {
        "by": by, "tabs": _tabs(asked, actor), "lines": lines, "more": more, "full": full, "days": days[::-1],
        "chart": figures.chart(days), "cells": figures.overview(cases, asked, period), "measures": measures.MEASURES,
    }  # fmt: skip
    return render(request, "web/office/supervision/page.html", shown)


@require_GET
@only_for("supervision")
def figure_cases(request: HttpRequest) -> HttpResponseBase:
    """The cases behind a number: the same reach, the same condition."""
    actor, asked = actor_of_request(request), Asked.read(request.GET)
    measure = measures.BY_CODE.get(request.GET.get("measure", ""))
    if measure is None:
        raise Http404
    part = Part(request.GET["part"]) if request.GET.get("part") in list(Part) else Part.COUNTED
    period = asked.moments(at=timezone.now(), zone=zone())
    reach = figures.reach(actor, asked)
    found = page(
        loaded(reach.filter(measures.behind(measure, period, part))),
        after=request.GET.get("after", ""),
        newest_first=True,
    )
    shown = _frame(asked, period, actor) | {
        "measure": measure, "part": part, "parts": _parts(reach, measure, asked, period), "after": found.after,
        "rows": rows(found.cases, at=period.at), "more": figures.address(measure, asked, part), "now": period.at,
    }  # fmt: skip
    return render(request, "web/office/supervision/cases.html", shown)


@require_GET
@only_for("supervision")
def supervision_export(request: HttpRequest) -> HttpResponse:
    """The same figures as a workbook."""
    actor, asked = actor_of_request(request), Asked.read(request.GET)
    period = asked.moments(at=timezone.now(), zone=zone())
    told = [(_("Reach"), _reach_words(actor)), *((label, value) for label, value, _href in _told(asked, period))]
    body = workbook(figures.reach(actor, asked), asked, period, told=told)
    first, last = asked.days(day_of(period.at))
    name = quote(f"{_('Supervision')} {first} {last}.xlsx")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return HttpResponse(body, content_type=SPREADSHEET, headers=headers)


def _frame(asked: Asked, period: Period, actor: Actor) -> dict[str, Any]:
    first, last = asked.days(day_of(period.at))
    periods = [(code, label, f"?{asked.query(period=code, since='', until='')}") for code, label in PERIODS.items()]
    return {
        "asked": asked, "period": period, "first": first, "last": last, "reach": _reach_words(actor),
        "periods": periods,
        "kept": [(name, value) for name, value in asdict(asked).items() if value and name not in OF_PERIOD],
        "told": _told(asked, period)[1:], "back": f"{reverse('supervision')}?{asked.query()}",
        "export": f"{reverse('supervision_export')}?{asked.query()}",
    }  # fmt: skip


def _tabs(asked: Asked, actor: Actor) -> list[tuple[str, Words, str, str]]:
    """The dimensions; whoever leads one place alone begins inside it."""
    places = {seat.division for seat in actor.seats if seat.post == Post.SUPERVISOR and seat.level != "city"}
    inside = places.pop() if len(places) == 1 else ""
    found = []
    for one in dimensions.DIMENSIONS:
        said = replace(asked, by=one.code, area=asked.area or inside if one.code == "area" else asked.area)
        found.append((one.code, one.label, one.icon, f"?{said.query()}"))
    return found


def _told(asked: Asked, period: Period) -> list[tuple[Words, Words, str]]:
    """What was asked for in words, each part with the address without it; the period comes first."""
    first, last = asked.days(day_of(period.at))
    said: list[tuple[Words, Words, str]] = [(_("Period"), f"{first} – {last}", "")]
    for one in dimensions.DIMENSIONS:
        given: str = getattr(asked, one.code)
        if given:
            code = given.removesuffix(UNKNOWN).rstrip("/")
            name = str(one.names([code]).get(code, code)) if code else _("Not known")
            said.append((one.label, name, f"?{asked.query(**{one.code: ''})}"))
    return said


def _parts(reach: QuerySet[Case], measure: Measure, asked: Asked, period: Period) -> list[tuple[Part, Words, int, str]]:
    """Counted, the rest and all of a share, each with its number and address; one query."""
    if measure.among is None:
        return []
    labels = {Part.COUNTED: measure.label, Part.REST: _("The others"), Part.ALL: _("All measured")}
    counted = measures.part_counts(reach, measure, period)
    return [(part, label, counted[part], figures.address(measure, asked, part)) for part, label in labels.items()]


def _reach_words(actor: Actor) -> str:
    return "、".join(dict.fromkeys(seat.unit_name for seat in actor.seats if seat.post == Post.SUPERVISOR))
