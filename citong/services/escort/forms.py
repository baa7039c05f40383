"""The forms of an escort. What is asked on the road can be answered with one hand: what, where to, go."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import ActForm, LineField, OpeningForm, WordsField, without_nul
from citong.core.people.access import ANYBODY
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.kit.geometry import Datum, check, to_wgs84
from citong.services.escort.goals import goal_of
from citong.services.escort.kinds import Kind, Priority, Why
from citong.services.escort.models import OfficerPoint

DATUMS = [(datum.value, datum.value) for datum in Datum]
TRAFFIC = "traffic_police"


class GoalField(LineField):
    """Where to: a name the city knows, or a point."""

    example = "118.625, 24.908"


class AccountField(forms.ModelChoiceField[Account]):
    """Somebody who holds the post of an officer now."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(Account.objects.none(), **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))


def officers(*, but: Any = None) -> Any:
    """Accounts on duty as officers on the road today."""
    today = day_of(timezone.now())
    held = Appointment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gt=today), post=Post.OFFICER, begins_on__lte=today
    )  # fmt: skip
    found = Account.objects.filter(is_active=True, pk__in=held.values("account")).order_by("name")
    return found.exclude(pk=but) if but else found


class AskForm(OpeningForm):
    """An escort asked for. The points stand in the service's own table, from which they are erased in time."""

    personal = ("goal_lon", "goal_lat", "lon", "lat", "driver")

    kind = forms.ChoiceField(label=_("What is escorted?"), choices=Kind, widget=forms.RadioSelect)
    goal = GoalField(
        label=_("Where to?"), max_length=120, help_text=_("A destination the city names, or longitude and latitude.")
    )
    goal_lon = forms.FloatField(label=_("Longitude of the destination"), required=False, widget=forms.HiddenInput)
    goal_lat = forms.FloatField(label=_("Latitude of the destination"), required=False, widget=forms.HiddenInput)
    priority = forms.TypedChoiceField(label=_("How urgent?"), choices=Priority, coerce=int, initial=Priority.URGENT)
    driver = AccountField(label=_("Who drives"), required=False)
    text = WordsField(
        label=_("What the centre should know"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    address = LineField(
        label=_("Where from?"), max_length=200, required=False, widget=forms.TextInput(attrs={"list": "goals"})
    )
    grid = LineField(label=_("Grid code"), max_length=30, required=False)
    lon = forms.FloatField(label=_("Longitude"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.HiddenInput)
    datum = forms.ChoiceField(label=_("Datum"), choices=DATUMS, required=False, widget=forms.HiddenInput)
    title = LineField(label=_("In one line"), max_length=80, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        if Post.OFFICER in self.actor.posts():
            del self.fields["driver"]
        elif self.actor is not ANYBODY:  # who is nobody is offered nobody
            self.fields["driver"].queryset = officers()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if kind := data.get("kind"):
            data["title"] = str(Kind(kind).label)
        data["text"] = data.get("text") or ""
        self._origin(data)
        self._point(data)
        return data

    def _origin(self, data: dict[str, Any]) -> None:
        """Written words that name a place the city knows, or a point, say more than where a phone happens to be."""
        found = goal_of(str(data["address"])) if data.get("address") else None
        if found is not None:
            data["lon"], data["lat"], data["datum"] = found.lon, found.lat, Datum.WGS84.value

    def _point(self, data: dict[str, Any]) -> None:
        """The destination as a WGS-84 point, or a sentence at the field."""
        lon, lat = data.get("goal_lon"), data.get("goal_lat")
        if (lon is None or lat is None) and data.get("goal"):
            found = goal_of(str(data["goal"]))
            if found is None:
                self.add_error("goal", _("This place is not known here: choose it on the map, or one of the list."))
                return
            data["goal_lon"], data["goal_lat"] = found.lon, found.lat
        elif lon is not None and lat is not None:
            data["goal_lon"], data["goal_lat"] = to_wgs84(lon, lat, Datum(data.get("datum") or Datum.WGS84))
        try:
            check(data.get("goal_lon") or 0.0, data.get("goal_lat") or 0.0)
        except ValueError as fault:
            if data.get("goal"):
                self.add_error("goal", str(fault))


class DriverForm(ActForm):
    """Who drives: known before anybody approves."""

    personal = ("driver",)
    driver = AccountField(label=_("Who drives"))

    def prepare(self) -> None:
        if self.case is not None:
            self.fields["driver"].queryset = officers()  # type: ignore[attr-defined]


class AbortForm(ActForm):
    """One key is enough: the first reason stands unless another is chosen."""

    why = forms.ChoiceField(label=_("Why"), choices=Why, required=False)
    note = WordsField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def clean_why(self) -> str:
        return self.cleaned_data.get("why") or Why.NOT_NEEDED


class EndForm(ActForm):
    """Ended before the destination."""

    note = WordsField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class HandOnForm(ActForm):
    """To the traffic police of the next district, who lead it from now on."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("To"), to_field_name="code")
    note = WordsField(label=_("Note"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        units = Unit.objects.filter(function=TRAFFIC, ends_on=None).order_by("level", "name")
        own = self.case.unit_id if self.case is not None else 0
        self.fields["unit"].queryset = units.exclude(pk=own)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        return super().clean() or {}


class PointField(forms.ModelChoiceField[OfficerPoint]):
    """A junction without control on the way of this escort."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(OfficerPoint.objects.none(), **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number}. {obj.label}"


class SendForm(ActForm):
    """Somebody goes to stop the others by hand."""

    personal = ("point", "officer")
    point = PointField(label=_("Junction without lights"))
    officer = AccountField(label=_("Who goes"))

    def prepare(self) -> None:
        if self.case is not None:
            points = OfficerPoint.objects.filter(escort_id=self.case.pk, goes=None).order_by("number")
            self.fields["point"].queryset = points  # type: ignore[attr-defined]
            self.fields["officer"].queryset = officers(but=self.case.holder_id)  # type: ignore[attr-defined]
