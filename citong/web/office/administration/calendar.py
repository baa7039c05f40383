"""The city's calendar: this year and the next, holidays and make-up workdays, and the city's own decisions."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from citong.core.cases.settings import set_day
from citong.core.clocks.calendar import calendar as city_calendar
from citong.core.clocks.models import CalendarDay
from citong.core.people.access import Actor
from citong.core.places.current import today
from citong.kit.calendar import Day
from citong.web.asking import actor_of_request
from citong.web.office.administration.pages import attempt, frame
from citong.web.office.door import only_for


@dataclass(frozen=True)
class Cell:
    """One day of a month's sheet; `own` is a day the city decided itself, `odd` one unlike the plain week."""

    day: Day
    odd: bool
    own: bool

    @property
    def tone(self) -> str:
        if not self.odd:
            return "work" if self.day.working else "rest"
        return "made-up" if self.day.working else "holiday"


class DayForm(forms.Form):
    working = forms.TypedChoiceField(
        label=gettext_lazy("On this day the city"), coerce=lambda value: value == "1", widget=forms.RadioSelect,
        choices=[("1", gettext_lazy("works")), ("0", gettext_lazy("does not work"))],
    )  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name of the day"), max_length=60)
    source = forms.CharField(label=gettext_lazy("Decision it rests on"), max_length=200)


@require_GET
@only_for("administration")
def calendar(request: HttpRequest) -> HttpResponse:
    """Twelve months of this year and of the next; a day leads to its page. One query."""
    own = set(CalendarDay.objects.values_list("date", flat=True))
    this = today().year
    years = [(year, [_month(year, month, own) for month in range(1, 13)], _certain(year)) for year in (this, this + 1)]
    return render(request, "web/office/admin/calendar.html", frame(request, "calendar") | {"years": years})


@require_http_methods(["GET", "HEAD", "POST"])
@only_for("administration")
def calendar_day(request: HttpRequest, day: str) -> HttpResponseBase:
    """What this day is, by whose decision; and the city's own decision about it."""
    date_ = _date(day)
    known = city_calendar().day(date_)
    given = {"working": "1" if known.working else "0", "name": known.name, "source": ""}
    form, status = DayForm(request.POST or None, initial=given), 200
    if request.method == "POST":
        actor = actor_of_request(request)
        status, saved = attempt(form, lambda data: _save(date_, data, actor))
        if saved is not None:
            messages.success(request, _("Changed, and recorded in the ledger."))
            return redirect("calendar")
    shown = {"form": form, "day": known}
    return render(request, "web/office/admin/day.html", frame(request, "calendar") | shown, status=status)


def _save(day: date, data: Mapping[str, Any], actor: Actor) -> CalendarDay:
    return set_day(day, working=data["working"], name=data["name"], source=data["source"], actor=actor)


def _month(year: int, month: int, own: set[date]) -> tuple[date, list[list[Cell | None]]]:
    """First day and weeks from Monday to Sunday, with gaps before the first and after the last."""
    held = city_calendar()
    weeks = months.Calendar().monthdatescalendar(year, month)
    return date(year, month, 1), [
        [_cell(held.day(day), own) if day.month == month else None for day in week] for week in weeks
    ]


def _cell(day: Day, own: set[date]) -> Cell:
    weekday = day.date.isoweekday() <= 5
    return Cell(day, odd=day.working != weekday, own=day.date in own)


def _certain(year: int) -> bool:
    return all(city_calendar().certain(date(year, month, 1)) for month in range(1, 13))


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
