"""The forms of the registers: bodies, entries, ties, rooms; tables that are moved in are read by the same ones."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.forms import LineField, WordsField
from citong.core.people.models import Unit
from citong.core.places.current import today
from citong.core.places.models import Division, Level
from citong.kit.checks import telephone
from citong.services.mediation.kinds import BodyKind, Kind, Language
from citong.services.mediation.models import Body, Interest, Mediator

MOST_AT_ONCE = 200
ANY = [("", gettext_lazy("All"))]


def day(label: Any, *, required: bool = False, **rest: Any) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}), **rest)


def many(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple, help_text=help_text
    )


def district_choices() -> list[tuple[str, str]]:
    """The city's districts, by code."""
    rows = Division.objects.filter(level=Level.DISTRICT, ends_on=None).order_by("code")
    return list(rows.values_list("code", "name"))


def courts() -> Any:
    """The courts that can invite somebody."""
    return Unit.objects.filter(function="court", ends_on=None).order_by("code")


class BodyForm(forms.Form):
    """A body: what it is, what it takes, where and when it is there, and what the law asks of a committee."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of body"), choices=BodyKind.choices)
    fields_ = many(
        gettext_lazy("Takes these disputes"), Kind.choices, gettext_lazy("None chosen: all that its kind takes by law.")
    )
    charges = forms.BooleanField(
        label=gettext_lazy("Charges a fee"), required=False,
        help_text=gettext_lazy("Only a commercial mediation organisation may."),
    )  # fmt: skip
    fee = LineField(label=gettext_lazy("What it charges, and for what"), max_length=200, required=False)
    address = LineField(label=gettext_lazy("Address"), max_length=200, required=False)
    lon = forms.FloatField(label=gettext_lazy("Longitude"), min_value=-180, max_value=180, required=False)
    lat = forms.FloatField(label=gettext_lazy("Latitude"), min_value=-90, max_value=90, required=False)
    phone = LineField(label=gettext_lazy("Phone"), max_length=30, required=False)
    hours = LineField(label=gettext_lazy("Hours"), max_length=200, required=False)
    about = WordsField(label=gettext_lazy("About it"), max_length=1000, required=False)
    named_after = LineField(
        label=gettext_lazy("Named after"), max_length=60, required=False,
        help_text=gettext_lazy("Of a studio: the person."),
    )  # fmt: skip
    founded_on = day(gettext_lazy("Founded on"))
    members = forms.IntegerField(
        label=gettext_lazy("Members"), min_value=0, max_value=99, required=False,
        help_text=gettext_lazy("Of a committee: three to nine by law."),
    )  # fmt: skip
    women = forms.IntegerField(label=gettext_lazy("Women among them"), min_value=0, max_value=99, required=False)
    term_ends = day(gettext_lazy("Term of the committee ends on"))
    inviting_court = forms.ModelChoiceField(
        label=gettext_lazy("Invited by"), queryset=Unit.objects.none(), required=False
    )
    published = forms.BooleanField(label=gettext_lazy("In the public directory"), required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["inviting_court"].queryset = courts()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("lon") is None) != (data.get("lat") is None):
            self.add_error("lat", _("A place needs both longitude and latitude."))
        return data

    def values(self) -> dict[str, Any]:
        """The columns of Body."""
        return {("fields" if name == "fields_" else name): value for name, value in self.cleaned_data.items()}

    @staticmethod
    def told(body: Body) -> dict[str, Any]:
        """What the form begins with."""
        return {name: getattr(body, name.rstrip("_")) for name in BodyForm.base_fields}


class NewBodyForm(BodyForm):
    """A new body: its name and the place it is for."""

    name = LineField(label=gettext_lazy("Name"), max_length=80)
    division = forms.ModelChoiceField(
        label=gettext_lazy("For which place"), queryset=Division.objects.none(), to_field_name="code",
        help_text=gettext_lazy("City, district, street or community."),
    )  # fmt: skip
    field_order: Sequence[str] = ("name", "division")

    def __init__(self, *args: Any, places: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["division"].queryset = places  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in ("name", "division")}


class EntryForm(forms.Form):
    """What the register says of a person."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Stands in the register as"), choices=Mediator.Sort.choices, widget=forms.RadioSelect,
        initial=Mediator.Sort.MEDIATOR,
        help_text=gettext_lazy("A mediator leads a dispute to its end; an expert is heard."),
    )  # fmt: skip
    fields_ = many(gettext_lazy("Knows best"), Kind.choices, gettext_lazy("None chosen: all that the body takes."))
    languages = many(gettext_lazy("Speaks"), Language.choices)
    districts = many(gettext_lazy("Works in these districts too"), ())
    most = forms.IntegerField(
        label=gettext_lazy("Open disputes at one time, at most"), min_value=1, max_value=MOST_AT_ONCE, initial=10
    )
    title = LineField(label=gettext_lazy("Title or licence"), max_length=100, required=False)
    about = WordsField(label=gettext_lazy("About the person"), max_length=500, required=False)
    inviting_court = forms.ModelChoiceField(
        label=gettext_lazy("Invited by"), queryset=Unit.objects.none(), required=False
    )
    term_begins = day(gettext_lazy("Term begins on"), required=True, initial=today)
    term_ends = day(gettext_lazy("Term ends on"), help_text=gettext_lazy("Empty: until somebody ends it."))
    published = forms.BooleanField(label=gettext_lazy("In the public directory"), required=False, initial=True)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["inviting_court"].queryset = courts()  # type: ignore[attr-defined]
        self.fields["districts"].choices = district_choices()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        begins, ends = data.get("term_begins"), data.get("term_ends")
        if isinstance(begins, date) and isinstance(ends, date) and ends <= begins:
            self.add_error("term_ends", _("The term must end after it begins."))
        return data

    def values(self) -> dict[str, Any]:
        """The columns of Mediator, and the person's name, sign-in name and telephone where they were asked."""
        return {("fields" if name == "fields_" else name): value for name, value in self.cleaned_data.items()}

    @staticmethod
    def told(entry: Mediator) -> dict[str, Any]:
        """What the form begins with."""
        return {name: getattr(entry, name.rstrip("_")) for name in EntryForm.base_fields}


class PersonForm(EntryForm):
    """Somebody new in the register."""

    name = LineField(label=gettext_lazy("Name"), max_length=60)
    phone = LineField(label=gettext_lazy("Phone"), max_length=30, required=False)
    username = forms.CharField(
        label=gettext_lazy("Sign-in name"), max_length=60, required=False, validators=[UnicodeUsernameValidator()],
        help_text=gettext_lazy(
            "Empty: the telephone number. Somebody who works for the city already signs in as before."
        ),
    )  # fmt: skip
    field_order: Sequence[str] = ("name", "phone", "username")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        data["username"] = data.get("username") or telephone(data.get("phone") or "")
        if not data["username"] and "username" not in self.errors:
            self.add_error("username", _("Give a sign-in name or a telephone number."))
        return data


class InterestForm(forms.Form):
    """A tie to a person or an organisation."""

    sort = forms.ChoiceField(label=gettext_lazy("What ties you?"), choices=Interest.Sort.choices)
    name = LineField(
        label=gettext_lazy("To whom? Name of the person or organisation"), max_length=100,
        help_text=gettext_lazy("It is sealed: nobody reads it. It only keeps their disputes away from you."),
    )  # fmt: skip
    phone = LineField(label=gettext_lazy("Their phone"), max_length=30, required=False)
    number = LineField(label=gettext_lazy("Identity number or credit code"), max_length=30, required=False)


class RoomForm(forms.Form):
    name = LineField(label=gettext_lazy("Name of the room"), max_length=60)
    capacity = forms.IntegerField(label=gettext_lazy("Seats"), min_value=2, max_value=200, initial=8)


class EndForm(forms.Form):
    """From when on, and why; the history keeps it."""

    ends_on = day(gettext_lazy("From which day on?"), required=True, initial=today)
    reason = LineField(label=gettext_lazy("Reason, or who decided it"), max_length=200)


class ReasonForm(forms.Form):
    reason = LineField(label=gettext_lazy("Reason, or who decided it"), max_length=200)


class FilterForm(forms.Form):
    """What a list of bodies shows."""

    q = forms.CharField(required=False, max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of body"), choices=[*ANY, *BodyKind.choices], required=False)
    field = forms.ChoiceField(label=gettext_lazy("Kind of dispute"), choices=[*ANY, *Kind.choices], required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=[*ANY, *Language.choices], required=False)
    district = forms.ChoiceField(label=gettext_lazy("District"), choices=ANY, required=False)
    soon = forms.BooleanField(required=False)
    ended = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["district"].choices = [*ANY, *district_choices()]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, str]:
        """What was asked for; whatever is said wrongly is as if it were not said."""
        self.is_valid()
        return {name: "1" if value is True else str(value) for name, value in self.cleaned_data.items() if value}
