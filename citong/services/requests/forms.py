"""The forms of service requests: validation for page, API and phone alike."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import (
    TITLE_LENGTH,
    ActForm,
    CategoryField,
    LineField,
    OpeningForm,
    PhotosField,
    UnitField,
    UnitsField,
    WordsField,
    units_around,
)
from citong.core.cases.models import Case, Category
from citong.core.people.models import Unit
from citong.core.places.current import parameter
from citong.kit.geometry import Datum

CHANNELS = [("email", _("E-mail")), ("sms", _("Text message")), ("webhook", _("Webhook"))]
DATUMS = [(datum.value, datum.value) for datum in Datum]


class ReportForm(OpeningForm):
    """A report by anybody: what, where, and how to reach them if they wish."""

    off_phone = ("reporting", "name", "phone", "email", "webhook", "channels")  # a worker reports in their own name

    reached_by = {"email": "email", "sms": "phone", "webhook": "webhook"}

    title = LineField(label=_("In one line"), max_length=TITLE_LENGTH, required=False)
    text = WordsField(label=_("What happened?"), help_text=_("What, since when, who is in danger. No need for names."))
    category = CategoryField(label=_("Kind"), required=False, empty_label=_("I do not know"))
    photos = PhotosField(label=_("Photos"), required=False, help_text=_("Up to six. Their hidden data is removed."))
    address = LineField(label=_("Where is it?"), max_length=200, required=False)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    datum = forms.ChoiceField(choices=DATUMS, required=False, widget=forms.HiddenInput)
    grid = LineField(label=_("Grid code"), max_length=30, required=False)
    reporting = forms.ChoiceField(
        label=_("My name"), choices=Case.Reporting, required=False, widget=forms.RadioSelect,
        initial=Case.Reporting.OPEN,
    )  # fmt: skip
    name = LineField(label=_("Your name"), max_length=60, required=False)
    phone = LineField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    webhook = forms.URLField(
        label=_("Webhook address"), required=False, assume_scheme="https",
        help_text=_("For programs: each step is sent there."),
    )  # fmt: skip
    channels = forms.MultipleChoiceField(
        label=_("Tell me by"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple
    )
    behalf_name = LineField(label=_("I report for (name)"), max_length=60, required=False)
    behalf_phone = LineField(label=_("Their phone"), max_length=30, required=False)
    named = LineField(
        label=_("Is a person named in it?"), max_length=60, required=False,
        help_text=_("A person who is named can see which office looked at the case."),
    )  # fmt: skip
    public = forms.BooleanField(
        label=_("May be shown on the public map, without my name"), required=False, initial=True
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if _confidential(data.get("category")) and data.get("reporting") != Case.Reporting.ANONYMOUS:
            data["reporting"] = Case.Reporting.CONFIDENTIAL
        if data.get("reporting") == Case.Reporting.ANONYMOUS:
            data |= {"name": "", "phone": "", "email": "", "webhook": "", "channels": []}
        return data


def _confidential(category: Category | None) -> bool:
    """Whether the city keeps back who reported matters of this kind: city.toml, [parameters], `confidential`."""
    if category is None:
        return False
    return any(f"{category.code}.".startswith(f"{kind}.") for kind in parameter("confidential", []))


class AcceptForm(ActForm):
    category = CategoryField(label=_("Kind"))
    urgent = forms.BooleanField(label=_("Urgent: danger to people"), required=False)
    public = forms.BooleanField(label=_("May be shown on the public map"), required=False)
    note = WordsField(label=_("Note"), required=False)

    def prepare(self) -> None:
        if self.case is not None:
            self.initial = {
                "category": self.case.category_id, "urgent": self.case.urgent, "public": self.case.public,
                **self.initial,
            }  # fmt: skip


class SupplementForm(ActForm):
    note = WordsField(label=_("What would you like to add?"))
    photos = PhotosField(label=_("Photos"), required=False)


class AskForm(ActForm):
    reason = WordsField(label=_("What do you need to know?"))


class DispatchForm(ActForm):
    unit = UnitField(label=_("To"), help_text=_("Filled in by the routing rules; change it if you know better."))
    note = WordsField(label=_("Instruction"), required=False)

    def prepare(self) -> None:
        choices = units_around(self.case)
        if self.case is not None and not self.is_bound:
            self.initial = {"unit": self.case.routed_unit.code, **self.initial}
        if self.case is not None:
            choices = (choices | Unit.objects.filter(pk=self.case.routed_unit_id)).order_by("level", "name")
        self.fields["unit"].queryset = choices  # type: ignore[attr-defined]


class ReassignForm(DispatchForm):
    note = None  # type: ignore[assignment]
    reason = WordsField(label=_("Reason"))
    field_order = ("unit", "reason")

    def prepare(self) -> None:
        super().prepare()
        self.initial.pop("unit", None)


class InviteForm(ActForm):
    units = UnitsField(label=_("Units to help"))
    note = WordsField(label=_("What each should do"))

    def prepare(self) -> None:
        self.fields["units"].queryset = units_around(self.case)  # type: ignore[attr-defined]


class PartForm(ActForm):
    result = WordsField(label=_("What was done"))
    photos = PhotosField(label=_("Photos"), required=False)


class DelayForm(ActForm):
    days = forms.TypedChoiceField(
        label=_("Working days"), coerce=int, choices=[(n, str(n)) for n in (1, 2, 3, 5, 10)], initial=3
    )
    reason = WordsField(label=_("Reason"))


class DecisionForm(ActForm):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant")), ("decline", _("Decline"))],
        widget=forms.RadioSelect,
    )
    reason = WordsField(label=_("Reason"))


class FeedBackForm(ActForm):
    result = WordsField(label=_("What was done"))
    photos = PhotosField(label=_("Photos afterwards"), required=False)


class VerifyForm(ActForm):
    way = forms.ChoiceField(
        label=_("How it was checked"),
        choices=[("site", _("On site")), ("call", _("Call to the reporter")), ("photo", _("By the photos"))],
        widget=forms.RadioSelect,
    )
    note = WordsField(label=_("Finding"), required=False)
    photos = PhotosField(label=_("Photos"), required=False)


class RateForm(ActForm):
    stars = forms.TypedChoiceField(
        label=_("How was it handled?"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("Very good")), (4, _("Good")), (3, _("Fair")), (2, _("Poor")), (1, _("Bad"))],
    )  # fmt: skip
    comment = WordsField(label=_("Would you like to say more?"), required=False)


class SplitForm(ActForm):
    title = LineField(label=_("Title of the new case"), max_length=TITLE_LENGTH)
    text = WordsField(label=_("What the new case is about"))
    category = CategoryField(label=_("Kind"))
    reason = WordsField(label=_("Reason"))


class MergeForm(ActForm):
    number = forms.CharField(label=_("Number of the case that goes on"), max_length=20)
    reason = WordsField(label=_("Reason"))
