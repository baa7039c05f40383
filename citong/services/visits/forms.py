"""What is asked at a visit: the one form for page and phone. About what is needed, never about what people are like."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import ActForm, LineField, PhotosField, WordsField
from citong.core.register.kinds import NEEDS, SITUATIONS
from citong.services.visits.models import Outcome

FOUND_NEEDS = [(code, label) for code, label in SITUATIONS if code in NEEDS]
WELL = [("", _("Not said")), ("yes", _("Yes")), ("no", _("No"))]


def _well(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=WELL, required=False, widget=forms.RadioSelect)


class VisitForm(ActForm):
    """Only the outcome must be said: a visit of a minute is written down in a minute."""

    outcome = forms.ChoiceField(label=_("What became of it"), choices=Outcome, widget=forms.RadioSelect)
    talked_to = LineField(label=_("Talked to"), max_length=60, required=False)
    all_well = _well(_("Is everybody well?"))
    water_power_gas_safe = _well(_("Are water, power and gas in order?"))
    fire_safe = _well(_("Are the ways out free, and is nothing charged or stored dangerously?"))
    needs = forms.MultipleChoiceField(
        label=_("What is needed"), choices=FOUND_NEEDS, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("To be looked after, write it into the register as a situation with its end."),
    )  # fmt: skip
    wish = WordsField(label=_("What they wish for"), max_length=600, required=False)
    note = WordsField(label=_("Note"), max_length=600, required=False)
    next_on = forms.DateField(
        label=_("They asked for a visit on"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    photos = PhotosField(label=_("Photos"), required=False)


# What names nobody and says nothing of anybody's health stands among the facts; all else can be erased.
FACTS = ("outcome", "water_power_gas_safe", "fire_safe")
