"""Appointments: who holds which post in which unit, and the beats of grid workers."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from citong.core.people import roster
from citong.core.people.access import Actor
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.current import today
from citong.web.office.administration.subject import Asked, Column, Filter, ReasonForm, Subject, following
from citong.web.office.administration.units import current

STAFF = [(value, label) for value, label in Post.choices if value != Post.RESIDENT]


class AccountField(forms.CharField):
    """An account by its sign-in name."""

    def clean(self, value: Any) -> Account:
        found = Account.objects.filter(username=super().clean(value)).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with this sign-in name."))
        return found


class UnitCodeField(forms.CharField):
    """A unit in force by its code."""

    def clean(self, value: Any) -> Unit:
        found = Unit.objects.filter(code=super().clean(value), ends_on=None).first()
        if found is None:
            raise forms.ValidationError(_("There is no unit with this code."))
        return found


class GridsField(forms.CharField):
    """Codes of base grids, apart by blanks, commas or lines."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> list[str]:
        return [code for code in re.split(r"[\s,，、]+", super().clean(value)) if code]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **rest: Any) -> None:
        super().__init__(format="%Y-%m-%d", **rest)


class AppointForm(ReasonForm):
    account = AccountField(label=_("Sign-in name of the person"), max_length=60)
    unit = UnitCodeField(label=_("Code of the unit"), max_length=60)
    post = forms.ChoiceField(label=_("Post"), choices=STAFF)
    begins_on = forms.DateField(label=_("From"), widget=DateInput)
    grids = GridsField(label=_("Beat: codes of base grids"), required=False, help_text=_("For grid workers alone."))
    field_order = ("account", "unit", "post", "begins_on", "grids", "reason")


class BeatForm(ReasonForm):
    grids = GridsField(label=_("Beat: codes of base grids"), required=False)
    field_order = ("grids", "reason")


class EndForm(ReasonForm):
    ends_on = forms.DateField(label=_("First day without the post"), widget=DateInput, initial=today)
    field_order = ("ends_on", "reason")


class Appointments(Subject[Appointment]):
    code, label, icon = "appointments", _("Appointments"), "id-badge-2"
    lead = _("Who holds which post in which unit.")
    searches, adds, ends, end_form = _("Name or unit"), _("Appoint"), _("End the appointment"), EndForm
    columns = (
        Column[Appointment](_("Person"), lambda of: str(of.account)),
        Column[Appointment](_("Post"), lambda of: Post(of.post).label),
        Column[Appointment](_("Unit"), lambda of: of.unit.name),
        Column[Appointment](_("From"), lambda of: of.begins_on.isoformat()),
    )

    def listed(self, asked: Asked) -> Sequence[Appointment]:
        found = Appointment.objects.filter(current(today())).select_related("account", "unit")
        if asked.get("post"):
            found = found.filter(post=asked["post"])
        if q := asked.get("q", "").strip():
            found = found.filter(
                Q(account__name__icontains=q) | Q(account__username__icontains=q) | Q(unit__name__icontains=q)
            )
        return following(found, "pk", {"after": asked.get("after", "")} if asked.get("after", "").isdecimal() else {})

    def filters(self) -> Sequence[Filter]:
        return [Filter("post", _("Post"), STAFF)]

    def find(self, key: str) -> Appointment | None:
        found = Appointment.objects.select_related("account", "unit")
        return found.filter(pk=key, ends_on=None).first() if key.isdecimal() else None

    def key(self, of: Appointment) -> str:
        return str(of.pk)

    def name(self, of: Appointment) -> str:
        return f"{of.account} · {Post(of.post).label} · {of.unit.name}"

    def form(self, data: Any, *, of: Appointment | None, asked: Asked) -> forms.Form | None:
        if of is None:
            given = {"account": asked.get("account", ""), "unit": asked.get("unit", ""), "begins_on": today()}
            return AppointForm(data, initial=given)
        if of.post != Post.GRID_WORKER:
            return None
        return BeatForm(data, initial={"grids": "\n".join(of.beats.order_by("grid").values_list("grid", flat=True))})

    def save(self, data: Mapping[str, Any], *, of: Appointment | None, actor: Actor) -> Appointment:
        if of is None:
            said = dict(data)
            return roster.appoint(said.pop("account"), said.pop("unit"), said.pop("post"), **said, actor=actor)
        roster.set_beats(of, data["grids"], reason=data["reason"], actor=actor)
        return of

    def end(self, of: Appointment, data: Mapping[str, Any], *, actor: Actor) -> None:
        roster.end_appointment(of, ends_on=data["ends_on"], reason=data["reason"], actor=actor)
