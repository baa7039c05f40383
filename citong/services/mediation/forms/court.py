"""What the court is asked, what it answers, and what it is handed when mediation has failed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.cases.forms import ActForm, LineField, PhotosField, WordsField, without_nul
from citong.core.people.models import Unit
from citong.services.mediation.agreements import confirmation_of, in_effect
from citong.services.mediation.courts import courts_for
from citong.services.mediation.forms.signing import SignForm
from citong.services.mediation.grounds import NOT_TAKEN_UP, REJECTED, Ground
from citong.services.mediation.models import Objection
from citong.services.mediation.parameters.agreements import BOTH_HEARD, COURTS

LONGEST_NUMBER = 60


class CourtField(forms.ModelChoiceField[Unit]):
    """A court that may have jurisdiction; the likeliest comes first and is chosen."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(Unit.objects.none(), to_field_name="code", empty_label=None, **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))


class ToCourtForm(ActForm):
    """A form that names a court."""

    court = CourtField(label=_("Court"), help_text=str(COURTS))

    def prepare(self) -> None:
        if self.case is None:
            return
        found = courts_for(self.case)
        field = self.fields["court"]
        assert isinstance(field, CourtField)
        field.queryset = Unit.objects.filter(pk__in=[one.pk for one in found])
        field.choices = [(one.code, one.name) for one in found]
        self.initial = {"court": found[0].code if found else "", **self.initial}


class ApplyConfirmationForm(ToCourtForm, SignForm):
    """The first party applies; every other one joins by signing the very application, or asks another court anew."""

    note = WordsField(label=_("Anything the court should know"), required=False, max_length=1000)
    promise = forms.BooleanField(
        label=_("All of this is true. Nobody has been harmed, and no court or arbitrator has been asked in this matter")
    )
    field_order = ("court", "note", "promise", "paper", "read", "signature")

    def prepare(self) -> None:
        ToCourtForm.prepare(self)
        del self.fields["photos"]
        if self.case is None:
            return
        agreement = in_effect(self.case.id)
        asked = confirmation_of(agreement) if agreement else None
        if asked is None:
            del self.fields["paper"], self.fields["read"]
            return
        self.initial = {**self.initial, "court": asked.court.code}
        self.show(asked.paper)


def _choices(among: Sequence[Ground]) -> list[tuple[str, Words]]:
    return [(one.code, one.label) for one in among]


class _Ruled(ActForm):
    """A ruling has a number and says who wrote it down; a court without a certificate adds what bears its seal."""

    ruling_number = LineField(label=_("Number of the ruling"), max_length=LONGEST_NUMBER)
    clerk = LineField(label=_("Clerk"), max_length=40, required=False)
    photos = PhotosField(
        label=_("The ruling with the seal of the court"), required=False,
        help_text=_("Only where the court has no certificate to seal with."),
    )  # fmt: skip


class CourtRefusalForm(_Ruled):
    ground = forms.ChoiceField(label=_("On what ground"), choices=_choices(NOT_TAKEN_UP), widget=forms.RadioSelect)
    reason = WordsField(label=_("In more words"), required=False, max_length=1000)
    field_order = ("ground", "reason")


class RulingForm(_Ruled):
    heard = forms.BooleanField(label=_("Both parties came together and were heard"), help_text=str(BOTH_HEARD))
    field_order = ("heard",)


class RejectionForm(_Ruled):
    ground = forms.ChoiceField(label=_("On what ground"), choices=_choices(REJECTED), widget=forms.RadioSelect)
    reason = WordsField(label=_("In more words"), required=False, max_length=1000)
    field_order = ("ground", "reason")


class ObjectionForm(ActForm):
    """A party holds the ruling to be wrong, or the court notes that somebody else does."""

    reason = WordsField(label=_("What is wrong with the ruling"))
    known_on = forms.DateField(
        label=_("Since when the ruling, or the harm, has been known"), widget=forms.DateInput(attrs={"type": "date"})
    )
    photos = PhotosField(label=_("Papers"), required=False)

    def prepare(self) -> None:
        if self.case is not None and not self.actor.seats:
            del self.fields["known_on"]


class DecideObjectionForm(ActForm):
    outcome = forms.ChoiceField(label=_("Decision"), choices=Objection.Outcome, widget=forms.RadioSelect)
    ruling_number = LineField(label=_("Number of the ruling"), max_length=LONGEST_NUMBER, required=False)
    reason = WordsField(label=_("Reason"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == Objection.Outcome.SET_ASIDE and not data.get("ruling_number"):
            self.add_error("ruling_number", _("A ruling is set aside by a new one: give its number."))
        return data


class FilingForm(ToCourtForm):
    """To court at a party's wish, with the papers that are not against anybody."""

    at_wish_of = forms.ChoiceField(
        label=_("Who wants to go to court"), widget=forms.RadioSelect,
        choices=[("applicant", _("Applicant")), ("respondent", _("Respondent")), ("both", _("Both sides"))],
    )  # fmt: skip
    costs = WordsField(
        label=_("What somebody did that raised the costs of others"), required=False, max_length=600,
        help_text=_("The court reads it. Nothing of what was offered, conceded or said in mediation."),
    )  # fmt: skip


class CourtFiledForm(ActForm):
    court_number = LineField(label=_("Number at court"), max_length=LONGEST_NUMBER)
    note = WordsField(label=_("What the parties should know"), required=False, max_length=600)
