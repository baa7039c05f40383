"""The kinds of records and of ties: five of the six elements. The sixth, what happens, is the case.

There is no field for faith, politics, ethnicity or biometrics, and there will be none.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import LineField, WordsField
from citong.core.register.declare import Known, OnPhone, RecordKind, TieKind, Twins
from citong.core.register.fields import CreditCodeField, IdentityField, PhoneField, PlateField
from citong.kit.checks import identity_says, masked
from citong.kit.merging import Merge

GENDERS = [("", _("Not said")), ("f", _("Female")), ("m", _("Male"))]
STAYS = [
    ("", _("Not said")),
    ("lives", _("Lives here")),
    ("rents", _("Stays for a time")),
    ("away", _("Lives elsewhere")),
]
USES = [
    ("home", _("Home")),
    ("let", _("Let")),
    ("empty", _("Empty")),
    ("shop", _("Shop or workshop")),
    ("other", _("Other")),
]
PLACES = [
    ("school", _("School")), ("care", _("Care home")), ("health", _("Clinic or hospital")), ("hall", _("Public hall")),
    ("park", _("Park or square")), ("market", _("Market")), ("works", _("Works or site")), ("water", _("Water")),
    ("land", _("Land")), ("parking", _("Parking space")), ("other", _("Other")),
]  # fmt: skip
ORGANISATIONS = [
    ("company", _("Company")), ("shop", _("Shop")), ("school", _("School")), ("public", _("Public body")),
    ("social", _("Social organisation")), ("other", _("Other")),
]  # fmt: skip
SITUATIONS = [
    ("alone", _("An old person living alone")), ("illness", _("Needs help in long illness")),
    ("disability", _("Needs help with a disability")), ("child", _("A child without its parents at home")),
    ("hardship", _("In hardship")), ("recovering", _("Back home and in need of support")),
    ("danger", _("A danger that remains")), ("works", _("Building works")), ("other", _("Other")),
]  # fmt: skip
NEEDS = frozenset({"alone", "illness", "disability", "child", "hardship", "recovering"})


def day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))


class Person(RecordKind):
    """A human being, by what a visit needs and no more."""

    code, label, plural, icon = "person", _("Person"), _("Persons"), "user"

    name = Known(LineField(label=_("Name"), max_length=60))
    gender = Known(forms.ChoiceField(label=_("Gender"), choices=GENDERS, required=False))
    born_on = Known(day(_("Born on")))
    identity_number = Known(
        IdentityField(label=_("Identity number"), max_length=30, required=False), merge=Merge.GUARDED, sealed=True,
        on_phone=OnPhone.NEVER, key="identity", mask=lambda number: masked(number, 3, 2),
    )  # fmt: skip
    phone = Known(
        PhoneField(label=_("Phone"), max_length=30, required=False), sealed=True, key="phone",
        mask=lambda number: masked(number, 3, 2),
    )  # fmt: skip
    stay = Known(forms.ChoiceField(label=_("Stay"), choices=STAYS, required=False))

    twins = (
        Twins("identity", ("identity_number",), _("The same identity number")),
        Twins("call", ("name", "phone"), _("The same name and phone")),
        Twins("birthday", ("name", "born_on"), _("The same name and birthday")),
    )

    @classmethod
    def check(cls, data: dict[str, Any], wrong: Callable[[str, Any], None]) -> None:
        number = data.get("identity_number")
        if not number:
            return
        born_on, gender = identity_says(number)
        if data.get("born_on") and data["born_on"] != born_on:
            wrong("born_on", _("The identity number says another day of birth."))
        if data.get("gender") and data["gender"] != gender:
            wrong("gender", _("The identity number says otherwise."))


class Dwelling(RecordKind):
    """Where people live: a room of a unit of a building, or a house."""

    code, label, plural, icon = "dwelling", _("Dwelling"), _("Dwellings"), "home"

    address = Known(LineField(label=_("Street and number"), max_length=120))
    building = Known(LineField(label=_("Building"), max_length=20, required=False))
    unit = Known(LineField(label=_("Entrance"), max_length=20, required=False))
    room = Known(LineField(label=_("Room"), max_length=20, required=False))
    use = Known(forms.ChoiceField(label=_("Use"), choices=USES, required=False))

    twins = (Twins("home", ("address", "building", "unit", "room"), _("The same address"), needs=("address",)),)

    @classmethod
    def name_of(cls, values: Mapping[str, Any]) -> str:
        inner = "-".join(str(values[part]) for part in ("building", "unit", "room") if values.get(part))
        return f"{values.get('address', '')} {inner}".strip()


class Place(RecordKind):
    """Land, and what stands or lies open to many."""

    code, label, plural, icon = "place", _("Place or land"), _("Places and land"), "map-pin"

    name = Known(LineField(label=_("Name"), max_length=120))
    sort = Known(forms.ChoiceField(label=_("Kind"), choices=PLACES))
    address = Known(LineField(label=_("Street and number"), max_length=120, required=False))
    plate = Known(
        PlateField(
            label=_("Number plate"), max_length=12, required=False, help_text=_("Of the vehicle that stands here")
        ),
        sealed=True, on_phone=OnPhone.NEVER, key="plate", mask=lambda plate: masked(plate, 2, 1),
    )  # fmt: skip

    twins = (Twins("site", ("name", "address"), _("The same name and address"), needs=("name",)),)


class Organisation(RecordKind):
    """A company, shop, school, public body or association."""

    code, label, plural, icon = "organisation", _("Organisation"), _("Organisations"), "building-store"

    name = Known(LineField(label=_("Name"), max_length=120))
    sort = Known(forms.ChoiceField(label=_("Kind"), choices=ORGANISATIONS))
    credit_code = Known(
        CreditCodeField(label=_("Credit code"), max_length=30, required=False), merge=Merge.GUARDED, key="credit"
    )
    address = Known(LineField(label=_("Street and number"), max_length=120, required=False))
    phone = Known(
        PhoneField(label=_("Phone"), max_length=30, required=False), sealed=True, key="phone",
        mask=lambda number: masked(number, 3, 2),
    )  # fmt: skip

    twins = (
        Twins("credit", ("credit_code",), _("The same credit code")),
        Twins("call", ("name", "phone"), _("The same name and phone")),
        Twins("site", ("name", "address"), _("The same name and address")),
    )


class Situation(RecordKind):
    """Something that is so for a time: a need with its source and its end, a danger, works. No label on a person."""

    code, label, plural, icon = "situation", _("Situation"), _("Situations"), "heart-handshake"

    sort = Known(forms.ChoiceField(label=_("What it is"), choices=SITUATIONS))
    details = Known(
        WordsField(label=_("What is needed"), required=False, max_length=600), sealed=True, merge=Merge.GUARDED
    )
    since = Known(day(_("Since"), required=True))
    until = Known(day(_("Until"), required=True), merge=Merge.GUARDED)

    @classmethod
    def name_of(cls, values: Mapping[str, Any]) -> str:
        return str(values.get("sort", ""))

    @classmethod
    def shown_name(cls, name: str) -> str:
        return str(dict(SITUATIONS).get(name, name))

    @classmethod
    def check(cls, data: dict[str, Any], wrong: Callable[[str, Any], None]) -> None:
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            wrong("until", _("It ends before it begins."))


KINDS: dict[str, type[RecordKind]] = {kind.code: kind for kind in (Person, Dwelling, Place, Organisation, Situation)}

ANYWHERE = ("dwelling", "place")
TIES: dict[str, TieKind] = {
    tie.code: tie
    for tie in (
        TieKind("lives_in", _("lives in"), _("is home of"), ("person",), ("dwelling",), houses=True),
        TieKind("owns", _("owns"), _("belongs to"), ("person", "organisation"), ANYWHERE),
        TieKind("rents", _("rents"), _("is let to"), ("person", "organisation"), ANYWHERE),
        TieKind("works_at", _("works at"), _("employs"), ("person",), ("organisation",)),
        TieKind("runs", _("runs"), _("is run by"), ("person",), ("organisation",)),
        TieKind("cares_for", _("cares for"), _("is cared for by"), ("person", "organisation"), ("person",)),
        TieKind("guardian_of", _("is guardian of"), _("has as guardian"), ("person", "organisation"), ("person",)),
        TieKind("located_in", _("is located in"), _("houses"), ("organisation",), ANYWHERE, houses=True),
        TieKind("part_of", _("is part of"), _("consists of"), ANYWHERE, ("place",)),
        TieKind("concerns", _("concerns"), _("is concerned by"), ("situation",),
                ("person", "dwelling", "place", "organisation"), houses=True),
    )
}  # fmt: skip
