"""A person's own page: posts, absence, administrator rights, language, security."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from citong.core.cases.forms import LineField
from citong.core.people.absence import CannotBeAway, be_away, be_back, colleagues
from citong.core.people.access import Actor, may_open
from citong.core.people.administration import elevate
from citong.core.people.models import Absence, Account, Elevation
from citong.core.places.current import zone
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.public.names import post_name

ONE_DAY = timedelta(days=1)


class AbsenceForm(forms.Form):
    """From which day to which, both whole, and who stands in."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    stand_in = forms.ModelChoiceField(Account.objects.none(), label=gettext_lazy("Who stands in"))
    reason = LineField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, data: Any = None, *, actor: Actor, at: datetime) -> None:
        super().__init__(data)
        assert actor.account is not None
        self.fields["stand_in"].queryset = colleagues(actor.account, at=at)  # type: ignore[attr-defined]


class ElevationForm(forms.Form):
    """What the administrator's rights are needed for."""

    why = LineField(label=gettext_lazy("What do you need the rights for?"), max_length=200)


@require_GET
@staff()
def profile(request: HttpRequest) -> HttpResponseBase:
    """The page."""
    return _page(request)


@require_POST
@staff()
def absence_add(request: HttpRequest) -> HttpResponseBase:
    """The absence stands, or the form says why not."""
    actor, now = actor_of_request(request), timezone.now()
    form = AbsenceForm(request.POST, actor=actor, at=now)
    if not form.is_valid():
        return _page(request, absence=form, status=422)
    assert actor.account is not None
    data = form.cleaned_data
    try:
        be_away(
            actor.account, stand_in=data["stand_in"].pk, begins_at=_midnight(data["first"]),
            ends_at=_midnight(data["last"] + ONE_DAY), reason=data["reason"], at=now,
        )  # fmt: skip
    except CannotBeAway as fault:
        form.add_error(None, str(fault))
        return _page(request, absence=form, status=422)
    messages.success(request, _("Entered. %(name)s stands in for you.") % {"name": data["stand_in"]})
    return redirect("profile")


@require_POST
@staff()
def absence_end(request: HttpRequest, absence: int) -> HttpResponseBase:
    """The absence ends now."""
    own = get_object_or_404(Absence, pk=absence, account=Account(pk=actor_of_request(request).account))
    be_back(own, at=timezone.now())
    messages.success(request, _("Welcome back: your work reaches you again."))
    return redirect("profile")


@require_POST
@staff("administration")
def elevate_now(request: HttpRequest) -> HttpResponseBase:
    """The administrator has their rights for an hour, or the form says what is missing."""
    form = ElevationForm(request.POST)
    if not form.is_valid():
        return _page(request, elevation=form, status=422)
    assert request.user.is_authenticated
    taken = elevate(request.user, reason=form.cleaned_data["why"], at=timezone.now())
    until = taken.ends_at.astimezone(zone())
    messages.success(request, _("You have administrator rights until %(until)s.") % {"until": f"{until:%H:%M}"})
    return redirect("profile")


@require_POST
@staff("administration")
def elevate_end(request: HttpRequest) -> HttpResponseBase:
    """The rights end before their hour is over."""
    now = timezone.now()
    held = Elevation.objects.filter(account=Account(pk=actor_of_request(request).account), ends_at__gt=now)
    held.update(ends_at=now)
    messages.success(request, _("The administrator rights have ended."))
    return redirect("profile")


def _page(
    request: HttpRequest, *, absence: AbsenceForm | None = None, elevation: ElevationForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor, now = actor_of_request(request), timezone.now()
    away = Absence.objects.filter(account=Account(pk=actor.account), ends_at__gt=now)
    standing = Absence.objects.filter(stand_in=Account(pk=actor.account), begins_at__lte=now, ends_at__gt=now)
    context = {
        "seats": [(seat, post_name(seat.post)) for seat in actor.seats], "now": now,
        "absence": absence or AbsenceForm(actor=actor, at=now),
        "absences": away.select_related("stand_in").order_by("begins_at"),
        "standing": standing.select_related("account"),
        "elevation": elevation or ElevationForm(), "administers": may_open(actor, "administration"),
    }  # fmt: skip
    return render(request, "web/desk/profile.html", context, status=status)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())
