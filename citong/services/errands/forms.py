"""The forms of errands: validation for page, API and phone alike."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import (
    TITLE_LENGTH,
    ActForm,
    LineField,
    MoneyField,
    OpeningForm,
    PhotosField,
    SignatureField,
    UnitField,
    WordsField,
    units_around,
    without_nul,
)
from citong.core.people.models import Account, Appointment
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.kit.geometry import Datum

KINDS = [
    ("shopping", _("Shopping")),
    ("medicine", _("Fetching medicine")),
    ("paying", _("Paying bills")),
    ("office", _("Going to an office")),
    ("doctor", _("Going along to the doctor")),
    ("home", _("Help at home")),
    ("other", _("Other")),
]
CHANNELS = [("sms", _("Text message"))]
DATUMS = [(datum.value, datum.value) for datum in Datum]


class ErrandForm(OpeningForm):
    """An errand asked for by telephone or at the door: what, for whom, where."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=KINDS)
    text = WordsField(label=_("What should be done?"), help_text=_("What to bring, from where, until when."))
    title = LineField(label=_("In one line"), max_length=TITLE_LENGTH, required=False)
    wanted_on = forms.DateField(
        label=_("Wanted by"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )  # fmt: skip
    name = LineField(label=_("Who asks for it"), max_length=60, required=False)
    phone = LineField(label=_("Their phone"), max_length=30, required=False)
    channels = forms.MultipleChoiceField(
        label=_("Tell them by"), choices=CHANNELS, required=False, widget=forms.CheckboxSelectMultiple
    )
    address = LineField(label=_("Where do they live?"), max_length=200, required=False)
    grid = LineField(label=_("Grid code"), max_length=30, required=False)
    lon = forms.FloatField(label=_("Longitude"), required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(label=_("Latitude"), required=False, widget=forms.HiddenInput)
    datum = forms.ChoiceField(label=_("Datum"), choices=DATUMS, required=False, widget=forms.HiddenInput)
    photos = PhotosField(label=_("Photos"), required=False)


class StepForm(ActForm):
    result = WordsField(label=_("What was done"))
    photos = PhotosField(label=_("Photos"), required=False)


class SignedForm(ActForm):
    """Signed by both: whoever can not write has a witness, who is named."""

    signed_by_person = SignatureField(label=_("Signature of the person, or of a witness"))
    witness = LineField(label=_("Name of the witness"), max_length=60, required=False)
    signed_by_worker = SignatureField(label=_("Signature of the worker"))
    photos = PhotosField(label=_("Photos"), required=False)


class MoneyReceivedForm(SignedForm):
    amount = MoneyField(label=_("Amount received"))
    what_for = LineField(label=_("What for"), max_length=120)
    field_order = ("amount", "what_for")


class SpentForm(ActForm):
    amount = MoneyField(label=_("Amount paid"))
    what_for = LineField(label=_("What for"), max_length=120)
    photos = PhotosField(label=_("Photo of the receipt"), required=False)
    note = LineField(label=_("If there is no receipt: why"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("photos") and not data.get("note") and "photos" not in self.errors:
            self.add_error("photos", _("Add a photo of the receipt, or say why there is none."))
        return data


class MoneyReturnedForm(SignedForm):
    amount = MoneyField(label=_("Amount returned"))
    field_order = ("amount",)


class PapersForm(SignedForm):
    list = WordsField(label=_("Papers"), max_length=1000, help_text=_("One a line."))
    field_order = ("list",)

    def clean_list(self) -> str:
        lines = (" ".join(line.split()) for line in str(self.cleaned_data["list"]).splitlines())
        return "\n".join(line for line in lines if line)


class HandOverForm(SignedForm):
    result = WordsField(label=_("What was done and handed over"))
    photos = PhotosField(label=_("Photo as proof"), required=False)
    field_order = ("result", "photos")


class ThankForm(ActForm):
    stars = forms.TypedChoiceField(
        label=_("How was it done?"), coerce=int, widget=forms.RadioSelect,
        choices=[(5, _("Very good")), (4, _("Good")), (3, _("Fair")), (2, _("Poor")), (1, _("Bad"))],
    )  # fmt: skip
    comment = WordsField(label=_("Would you like to say more?"), required=False)


class CloseForm(ActForm):
    way = forms.ChoiceField(
        label=_("How the person was asked"), widget=forms.RadioSelect,
        choices=[("call", _("By telephone")), ("site", _("At the door")), ("none", _("Could not be reached"))],
    )  # fmt: skip
    note = WordsField(label=_("What they said"), required=False)


class ColleagueField(forms.ModelChoiceField[Account]):
    """A grid worker of the unit that has the errand."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(Account.objects.none(), empty_label=_("Whoever of the unit takes it"), **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))


class PassOnForm(ActForm):
    colleague = ColleagueField(label=_("To"), required=False)
    reason = WordsField(label=_("Reason"))

    def prepare(self) -> None:
        self.fields["colleague"].queryset = self._colleagues()  # type: ignore[attr-defined]

    def _colleagues(self) -> QuerySet[Account]:
        if self.case is None:
            return Account.objects.none()
        today = day_of(timezone.now())
        held = Appointment.objects.filter(
            Q(ends_on=None) | Q(ends_on__gt=today), unit_id=self.case.unit_id, post=Post.GRID_WORKER,
            begins_on__lte=today,
        )  # fmt: skip
        others = Account.objects.exclude(pk=self.actor.account) if self.actor.account else Account.objects.all()
        return others.filter(is_active=True, pk__in=held.values("account")).order_by("name")


class ReassignForm(ActForm):
    unit = UnitField(label=_("To"))
    reason = WordsField(label=_("Reason"))

    def prepare(self) -> None:
        self.fields["unit"].queryset = units_around(self.case).filter(function="station")  # type: ignore[attr-defined]
