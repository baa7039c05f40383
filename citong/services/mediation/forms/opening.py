"""A dispute as it is brought in: at the public door, at the desk, on a grid worker's phone, by a program."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import TITLE_LENGTH, LineField, MoneyField, OpeningForm, PhotosField, WordsField
from citong.core.people.access import Actor
from citong.core.people.posts import Post
from citong.kit.checks import credit_code_fault, digits, identity_fault
from citong.kit.geometry import Datum
from citong.services.mediation.kinds import Kind, Language, title_of
from citong.services.mediation.models import Dispute

MOST_AT_STAKE = 999_999_999  # yuan
OTHERS = ("other", "other2", "other3")  # whoever is more comes by `add_party`
CHANNELS = [("email", _("E-mail")), ("sms", _("Text message"))]
DATUMS = [(datum.value, datum.value) for datum in Datum]
AT_COURT = [("", _("Not at court yet")), ("filed", _("Filed, ordinary procedure")),
            ("filed_simple", _("Filed, summary procedure"))]  # fmt: skip
LINE_OF: dict[str, str] = {Kind.MEDICAL: "medical", Kind.LABOUR: "labour", Kind.COMMERCIAL: "commercial"}
FOR_STAFF = ("origin", "at_court", "other_identity", "other_home", "batch")
ORIGIN_OF = {
    Post.GRID_WORKER: Dispute.Origin.VISIT,
    Post.HANDLER: Dispute.Origin.POLICE,
    Post.JUDGE: Dispute.Origin.COURT,
    Post.CLERK: Dispute.Origin.CALL,
}


class NumberField(LineField):
    """A number of identity or a credit code."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(label=_("Identity number or credit code"), max_length=18, required=False, **rest)

    def clean(self, value: Any) -> str:
        number = digits(super().clean(value))
        if number and identity_fault(number) and credit_code_fault(number):
            raise forms.ValidationError(_("This number can not be right: compare it once more."))
        return number


class BatchField(forms.Field):
    """The id of a batch: a fact, no words."""

    def to_python(self, value: Any) -> UUID | None:
        try:
            return UUID(str(value)) if value else None
        except ValueError:
            raise forms.ValidationError(_("There is no such batch.")) from None


class DisputeForm(OpeningForm):
    """Who quarrels with whom about what, and what is wanted. Whoever tells it for others is no party to it."""

    personal = ("identity", "home", "other_identity", "other_home",
                *(f"{one}_{part}" for one in OTHERS for part in ("name", "phone")))  # fmt: skip
    off_phone = ("title", "batch", "amount", "channels", "email", "identity", "home", "origin", "at_court", "finder",
                 "other_identity", "other_home", "other2_name", "other2_phone", "other3_name",
                 "other3_phone")  # fmt: skip
    later = ("wish", "home", "languages")
    reached_by = {"email": "email", "sms": "phone"}

    kind = forms.ChoiceField(label=_("What is it about?"), choices=Kind)
    text = WordsField(label=_("What happened?"), help_text=_("Since when, between whom, what was tried already."))
    wish = WordsField(label=_("What do you want?"), required=False)
    amount = MoneyField(label=_("Amount in dispute"), required=False, most=MOST_AT_STAKE)
    danger = forms.BooleanField(label=_("Somebody is in danger"), required=False)
    photos = PhotosField(label=_("Photos and papers"), required=False)
    other_name = LineField(label=_("Other side: name"), max_length=60, required=False)
    other_phone = LineField(label=_("Other side: phone"), max_length=30, required=False)
    other_identity = NumberField()
    other_home = LineField(label=_("Other side: address"), max_length=200, required=False)
    other2_name = LineField(label=_("Second person of the other side: name"), max_length=60, required=False)
    other2_phone = LineField(label=_("Second person of the other side: phone"), max_length=30, required=False)
    other3_name = LineField(label=_("Third person of the other side: name"), max_length=60, required=False)
    other3_phone = LineField(label=_("Third person of the other side: phone"), max_length=30, required=False)
    name = LineField(label=_("Applicant: name"), max_length=60, required=False)
    phone = LineField(label=_("Applicant: phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    identity = NumberField()
    home = LineField(label=_("Applicant: address"), max_length=200, required=False)
    channels = forms.MultipleChoiceField(
        label=_("Tell me by"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple
    )
    finder = forms.BooleanField(label=_("I tell it for others and am no party to it"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages at the table"), choices=Language, required=False, widget=forms.CheckboxSelectMultiple
    )
    address = LineField(label=_("Where is it?"), max_length=200, required=False)
    grid = LineField(label=_("Grid code"), max_length=30, required=False)
    lon = forms.FloatField(label=_("Longitude"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.HiddenInput)
    datum = forms.ChoiceField(label=_("Datum"), choices=DATUMS, required=False, widget=forms.HiddenInput)
    origin = forms.ChoiceField(label=_("How it came"), choices=Dispute.Origin, required=False)
    at_court = forms.ChoiceField(label=_("At court"), choices=AT_COURT, required=False)
    batch = BatchField(label=_("Batch"), required=False, widget=forms.HiddenInput)
    title = LineField(label=_("In one line"), max_length=TITLE_LENGTH, required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        if self.actor.seats:
            self.initial = {"origin": origin_of(self.actor), **self.initial}
        else:
            for name in FOR_STAFF:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if kind := str(data.get("kind") or ""):
            data["title"] = title_of(kind)
            data["line"] = data.pop("at_court", "") or LINE_OF.get(kind, "")
        data["origin"] = data.get("origin") or origin_of(self.actor)
        return data


def origin_of(actor: Actor) -> str:
    """How a dispute comes that this actor opens and says no more about."""
    found = (ORIGIN_OF[seat.post] for seat in actor.seats if seat.post in ORIGIN_OF)  # type: ignore[index]
    return next(found, Dispute.Origin.RESIDENT)
