"""The course of mediation: what is said apart, offered, agreed as undisputed, examined, extended, and how it ends."""

from datetime import date
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.forms import ActForm, LineField, MoneyField, PhotosField, WordsField
from citong.services.mediation.forms.asking import SIDES
from citong.services.mediation.forms.choosing import MediatorField
from citong.services.mediation.forms.opening import MOST_AT_STAKE
from citong.services.mediation.models import Dispute
from citong.services.mediation.parameters.course import EXTENSIONS
from citong.services.mediation.seeking import experts

ANSWERS = [("accept", pgettext_lazy("offer", "Accept")), ("decline", pgettext_lazy("offer", "Decline"))]


class CaucusForm(ActForm):
    """What was said apart with one side; the others never read it."""

    side = forms.ChoiceField(label=_("With which side"), choices=SIDES)
    note = WordsField(label=_("What was said"))


class OfferForm(ActForm):
    """An offer: an amount, words, or both. It takes the place of the one before."""

    amount = MoneyField(label=_("Amount"), required=False, most=MOST_AT_STAKE)
    text = WordsField(label=_("What is offered"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("amount") and not data.get("text") and not self.errors:
            self.add_error("text", _("Say what is offered: an amount, or in words."))
        return data


class AnswerOfferForm(ActForm):
    answer = forms.ChoiceField(label=_("Your answer"), choices=ANSWERS, widget=forms.RadioSelect)
    note = WordsField(label=_("Would you like to say something?"), required=False)


class FactsForm(ActForm):
    text = WordsField(label=_("What nobody disputes"), help_text=_("One fact a line; no offers and no concessions."))


class AppraisalForm(ActForm):
    """What is to be found out, by an expert of the registers or by an office."""

    question = WordsField(label=_("What is to be found out"))
    expert = MediatorField(label=_("Expert of the register"), required=False)
    office = LineField(label=_("Or an office"), max_length=100, required=False)

    def prepare(self) -> None:
        field = self.fields["expert"]
        assert isinstance(field, MediatorField)
        field.among(experts(self.case))
        field.choices = [("", "—"), *field.choices]  # type: ignore[misc]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("expert") and not data.get("office") and not self.errors:
            self.add_error("expert", _("Name an expert or an office."))
        return data


class OpinionForm(ActForm):
    opinion = WordsField(label=_("The expert's opinion"))
    photos = PhotosField(label=_("The paper itself"), required=False)


class ExtensionForm(ActForm):
    more = forms.TypedChoiceField(
        label=_("How much more"), coerce=int,
        choices=[(days, format_lazy(_("{days} days"), days=days)) for days in EXTENSIONS.at(date.today())],
    )  # fmt: skip
    reason = WordsField(label=_("Reason"))


class DangerForm(ActForm):
    danger = WordsField(label=_("What may happen, to whom, where"))
    now = forms.BooleanField(label=_("It may happen at any moment"), required=False)


class FailForm(ActForm):
    """How mediation ended, by the law's own list."""

    cause = forms.ChoiceField(label=_("Why"), choices=Dispute.Failure)
    note = WordsField(label=_("In words"), required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("cause") == Dispute.Failure.OTHER and not data.get("note"):
            self.add_error("note", _("Say in words why it ended."))
        return data
