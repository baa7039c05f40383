"""From the draft to the signatures: what is agreed, point by point, and what the mediator has made sure of."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import ActForm, LineField, WordsField
from citong.core.cases.models import Case
from citong.core.places.current import today
from citong.services.mediation.agreements import (
    chosen_from,
    current,
    opening_words,
    points_of,
    principals_of,
    words_of,
)
from citong.services.mediation.forms.signing import SignForm
from citong.services.mediation.grounds import CHECKS
from citong.services.mediation.models import Agreement, Dispute
from citong.services.mediation.terms import Owed, TermsField, called, row_of, what_of

__all__ = ["AgreementForm", "OralForm", "SignForm"]
LONGEST_FEE = 60


def checked(code: str) -> forms.BooleanField:
    """Something that the mediator has made sure of, with its source; it must be ticked."""
    return forms.BooleanField(label=CHECKS[code].label, help_text=_(str(CHECKS[code].source)))


class AgreementForm(ActForm):
    """A draft. What was agreed in part says what remains."""

    about = WordsField(
        label=_("What the dispute is about"),
        help_text=_("The main facts and what is in dispute, as the agreement says it."),
    )
    terms = TermsField(label=_("What is agreed"))
    performance = WordsField(
        label=_("How it is performed"), required=False, max_length=1000, help_text=_("The way, the place, the account.")
    )
    settles = forms.ChoiceField(
        label=_("It settles"), choices=Agreement.Settles, initial=Agreement.Settles.ALL, widget=forms.RadioSelect
    )
    remains = WordsField(
        label=_("What remains open"), required=False, max_length=1000,
        help_text=_("One point a line. It goes on as a case of its own, without what was offered here."),
    )  # fmt: skip
    fee = LineField(label=_("Fee of the mediation"), max_length=LONGEST_FEE, required=False)
    fee_bearer = LineField(label=_("Who bears the fee"), max_length=LONGEST_FEE, required=False)
    is_willing = checked("willing")
    is_able = checked("able")
    is_lawful = checked("lawful")
    harms_nobody = checked("nobody_else")
    is_clear = checked("clear")
    is_true = checked("true")

    def prepare(self) -> None:
        if self.case is None:
            return
        parties = principals_of(self.case.id)
        terms = self.fields["terms"]
        assert isinstance(terms, TermsField)
        terms.among(parties, chosen_from(parties))
        if "fee" in self.fields and not charges(self.case):
            del self.fields["fee"], self.fields["fee_bearer"]
        if not self.is_bound:
            self.initial = {**begun_with(self.case), **self.initial}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("settles") == Agreement.Settles.PART and not data.get("remains"):
            self.add_error("remains", _("Say what remains open."))
        if data.get("settles") == Agreement.Settles.ALL and data.get("remains"):
            self.add_error("settles", _("Something remains open: it settles a part."))
        return data


class OralForm(AgreementForm):
    """What was agreed by word of mouth, with the word of each party that it is so."""

    reached_on = forms.DateField(label=_("Agreed on"), widget=forms.DateInput(attrs={"type": "date"}))
    field_order = ("about", "terms", "performance", "settles", "remains", "reached_on")

    def prepare(self) -> None:
        super().prepare()
        if self.case is None:
            return
        self.initial = {"reached_on": today().isoformat(), **self.initial}
        for number, party in enumerate(principals_of(self.case.id)):
            said = _("%(name)s said before me: so it is agreed") % {"name": party.name or party.get_side_display()}
            self.fields[f"word_{number}"] = forms.BooleanField(label=said)

    def clean_reached_on(self) -> date:
        day: date = self.cleaned_data["reached_on"]
        if day > today():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def charges(case: Case) -> bool:
    """Whether the body that has the case may charge; one query."""
    return Dispute.objects.filter(case=case, mediator__body__charges=True).exists()


def begun_with(case: Case) -> dict[str, Any]:
    """What a draft begins with: the words of the one before it, else what the dispute was opened with."""
    before = current(case.id)
    if before is None:
        return {"about": opening_words(case).get("text", "")}
    words = words_of(before.entry)
    said = {name: words.get(name, "") for name in ("about", "performance", "remains", "fee", "fee_bearer")}
    return said | {"settles": before.settles, "terms": [row_of(one) for one in _owed(before)]}


def _owed(agreement: Agreement) -> list[Owed]:
    """The points as they were given, read back from their sentences."""
    found = []
    for point in points_of(agreement):
        one = point.obligation
        blank = Owed("", one.party_id, one.amount, one.due_on)
        found.append(replace(blank, what=what_of(point.words, blank, called(one.party))))
    return found
