"""Sessions: when, how and where; which one falls out; who came and what was said."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from citong.core.cases.forms import ActForm, LineField, PhotosField, WordsField
from citong.core.cases.models import Case, Party
from citong.core.places.current import today, zone
from citong.services.mediation.models import Mediator, Room, Session
from citong.services.mediation.parameters.sessions import LONGEST, SHORTEST
from citong.services.mediation.sessions.reading import is_safe
from citong.services.mediation.sessions.words import moment

UNSET = "unset"  # a session that nobody had set before


class MomentField(forms.DateTimeField):
    """A day and a time on the city's own clock, or a moment with its offset. Yields an aware moment to the minute."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 300}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            read = value if isinstance(value, datetime) else parse_datetime(str(value).strip())
            if read is not None and read.utcoffset() is None:
                read = read.replace(tzinfo=zone())
            if read is not None:
                return read.replace(second=0, microsecond=0).astimezone(zone())
        except (ValueError, OverflowError):
            pass
        raise forms.ValidationError(_("Write day and time, such as 2026-12-01 09:30."), code="invalid")

    def prepare_value(self, value: Any) -> Any:
        return value.astimezone(zone()).replace(tzinfo=None) if isinstance(value, datetime) else value

    @property
    def example(self) -> str:
        """Ten o'clock of a Tuesday to come, for tests and trials."""
        day = today() + timedelta(days=9)
        return datetime.combine(day - timedelta(days=(day.weekday() - 1) % 7), time(10)).isoformat(timespec="minutes")


class MinutesField(forms.IntegerField):
    """How long a session takes."""

    example = "60"

    def __init__(self, **rest: Any) -> None:
        super().__init__(**rest)
        self.widget.attrs |= {"step": 5, "inputmode": "numeric"}

    def run_validators(self, value: Any) -> None:
        """The bounds are those of the day on which it is asked."""
        on = today()
        self.validators = [MinValueValidator(SHORTEST.at(on)), MaxValueValidator(LONGEST.at(on))]
        super().run_validators(value)


class LinkField(LineField):
    """An address of a video service, over an encrypted line."""

    def clean(self, value: Any) -> str:
        link = super().clean(value)
        if link and not is_safe(link):
            raise forms.ValidationError(_("Give the whole address; it begins with https://."))
        return link


class SessionForm(ActForm):
    """A new session, or another time for one that was set. Whether the time is free and early enough is asked with the
    act: until then others may take it."""

    apart = False

    instead = forms.ChoiceField(label=gettext_lazy("Which"), required=False)
    begins_at = MomentField(label=gettext_lazy("Begins"))
    minutes = MinutesField(label=gettext_lazy("Takes, in minutes"), initial=60)
    way = forms.ChoiceField(
        label=gettext_lazy("How"), choices=Session.Way, widget=forms.RadioSelect, initial=Session.Way.ON_SITE
    )
    room = forms.ChoiceField(label=pgettext_lazy("session", "Room"), required=False)
    place = LineField(
        label=gettext_lazy("Another place"), max_length=200, required=False,
        help_text=gettext_lazy("Instead of a room, such as the place that the quarrel is about."),
    )  # fmt: skip
    link = LinkField(
        label=gettext_lazy("Link of the video service"), max_length=500, required=False,
        help_text=gettext_lazy(
            "For an online session. The parties can open it shortly before it begins. Empty: the service's own room."
        ),
    )  # fmt: skip
    bring = LineField(label=gettext_lazy("What to bring or to know"), max_length=300, required=False)
    why = LineField(
        label=gettext_lazy("Why outside of working hours"), max_length=200, required=False,
        help_text=gettext_lazy("Only where it is, such as a party who works by day."),
    )  # fmt: skip
    agreed = forms.BooleanField(
        label=gettext_lazy("All who are asked to come have agreed to this time"), required=False,
        help_text=gettext_lazy("Needed for a time within the next day, or when a party has another session then."),
    )  # fmt: skip

    def prepare(self) -> None:
        _choose(self, "instead", [("", _("A new session")), *_standing(self.case, apart=self.apart)])
        _choose(self, "room", [("", _("No room")), *((str(room.pk), _room(room)) for room in self.rooms)])
        if self.rooms:
            self.initial = {"room": str(self.rooms[0].pk), **self.initial}

    @property
    def rooms(self) -> list[Room]:
        """The rooms of the body whose mediator holds the case; one query."""
        if not hasattr(self, "_rooms"):
            held = self.case.holder_id if self.case is not None else None
            found = Room.objects.filter(body__mediators__account=held, ended_on=None) if held else Room.objects.none()
            self._rooms = list(found.select_related("body").order_by("name"))
        return self._rooms

    def clean(self) -> dict[str, Any]:
        """What does not belong to the way they meet is left out; another place that was named stands for the room.
        Whether there is a place or link, the act asks: a session that is moved keeps its own."""
        data = super().clean() or {}
        data["room"] = next((one for one in self.rooms if str(one.pk) == data.get("room")), None)
        if data.get("way") != Session.Way.ON_SITE:
            data["room"], data["place"] = None, ""
        if data.get("way") != Session.Way.ONLINE:
            data["link"] = ""
        if data.get("place"):
            data["room"] = None
        room: Room | None = data["room"]
        if room is not None and self.case is not None and (many := _people(self.case, data)) > room.capacity:
            sentence = _("This room seats %(seats)d and %(people)d come: choose another one.")
            self.add_error("room", sentence % {"seats": room.capacity, "people": many})
        return data


class SessionApartForm(SessionForm):
    """A session with one side alone: nobody else hears of it."""

    apart = True

    side = forms.ChoiceField(label=gettext_lazy("With whom"), choices=Party.Side, widget=forms.RadioSelect)
    field_order = ("side",)


class CancelSessionForm(ActForm):
    """One session falls out."""

    apart = False

    session = forms.ChoiceField(label=gettext_lazy("Which session"))
    reason = WordsField(label=gettext_lazy("Reason"), max_length=600)

    def prepare(self) -> None:
        _choose(self, "session", _standing(self.case, apart=self.apart))


class CancelApartForm(CancelSessionForm):
    """One session with one side alone falls out."""

    apart = True


class RecordForm(ActForm):
    """What became of a session with all sides: who came, how long, what was said, what came of it."""

    session = forms.ChoiceField(label=gettext_lazy("Which session"))
    minutes = MinutesField(label=gettext_lazy("Took, in minutes"), initial=60)
    late = forms.MultipleChoiceField(
        label=gettext_lazy("Came late"), required=False, widget=forms.CheckboxSelectMultiple
    )
    absent = forms.MultipleChoiceField(
        label=gettext_lazy("Did not come"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Whoever is ticked nowhere was there in time."),
    )  # fmt: skip
    record = WordsField(
        label=gettext_lazy("What was said in it"),
        help_text=gettext_lazy(
            "Each side's account in turn. Both sides read it; what one side said apart has no place here."
        ),
    )
    result = WordsField(label=gettext_lazy("What came of it"), max_length=600, required=False)
    photos = PhotosField(label=gettext_lazy("Signed record, photos"), required=False)

    def prepare(self) -> None:
        _choose(self, "session", [*_standing(self.case, apart=False), (UNSET, _("One that was not set before"))])
        people = [(str(one.pk), f"{one.name} · {one.get_side_display()}") for one in parties_of(self.case)]
        _choose(self, "late", people)
        _choose(self, "absent", people)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if set(data.get("late") or ()) & set(data.get("absent") or ()):
            self.add_error("late", _("Nobody can come late and not come."))
        return data


def parties_of(case: Case | None) -> list[Party]:
    """Those of the case who sit on a side, with their agents; one query."""
    if case is None:
        return []
    return list(Party.objects.filter(case=case).exclude(side="").order_by("side", "id"))


def unit_of(case: Case) -> str:
    """The code of the body whose mediator holds the case; one query."""
    rows = Mediator.objects.filter(account=case.holder_id) if case.holder_id else Mediator.objects.none()
    return rows.values_list("body__unit__code", flat=True).first() or ""


def _standing(case: Case | None, *, apart: bool) -> list[tuple[str, str]]:
    if case is None:
        return []
    rows = Session.objects.filter(case=case, cancelled_at=None, held_at=None).order_by("begins_at")
    return [(str(one.pk), _named(one)) for one in rows if bool(one.side) == apart]


def _named(session: Session) -> str:
    words = {"number": session.number, "when": moment(session.begins_at), "side": session.get_side_display()}
    return (_("%(side)s, %(when)s") if session.side else _("Session %(number)d, %(when)s")) % words


def _room(room: Room) -> str:
    return _("%(name)s (%(seats)d seats)") % {"name": room.name, "seats": room.capacity}


def _people(case: Case, data: dict[str, Any]) -> int:
    """Whoever is asked to come, and the mediator."""
    return 1 + sum(1 for one in parties_of(case) if data.get("side", "") in ("", one.side))


def _choose(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = list(choices)
