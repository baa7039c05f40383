"""Who mediates: chosen, appointed, accepted, disclosed, replaced."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import ActForm, WordsField, without_nul
from citong.services.mediation.matching import Proposal
from citong.services.mediation.models import Mediator
from citong.services.mediation.seeking import proposals, registered

YES_NO = [("yes", _("Yes")), ("no", _("No"))]


class MediatorField(forms.ModelChoiceField[Mediator]):
    """Somebody of the registers. It offers those who fit best, with the reasons, and takes anybody who may."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(registered(), empty_label=None, **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))

    def propose(self, found: list[Proposal]) -> None:
        """These are shown to choose from."""
        self.choices = [(str(one.candidate.id), Proposed(one)) for one in found]

    def among(self, found: QuerySet[Mediator]) -> None:
        """These alone can be chosen."""
        self.queryset = found
        self.choices = [(str(one.pk), f"{one}, {one.body}") for one in found]


class Proposed:
    """Somebody to choose, as one line, or drawn by their parts."""

    def __init__(self, one: Proposal) -> None:
        self.name, self.body, self.charges = one.candidate.name, one.candidate.body, one.candidate.charges
        self.reasons = one.reasons

    def __str__(self) -> str:
        return f"{self.name}, {self.body}: {'; '.join(self.reasons)}"


class ChooseForm(ActForm):
    mediator = MediatorField(label=_("Who shall mediate?"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        if self.case is not None and self.shown:
            field = self.fields["mediator"]
            assert isinstance(field, MediatorField)
            field.propose(proposals(self.case))


class AppointForm(ChooseForm):
    note = WordsField(label=_("Reason"), required=False)


class AcceptForm(ActForm):
    impartial = forms.BooleanField(
        label=_("I know of nothing that could make me partial, or have disclosed it and all parties agree")
    )
    note = WordsField(label=_("A word to the parties"), required=False)


class DisclosureForm(ActForm):
    interest = WordsField(label=_("What ties you to a party, or to what it is about"))


class AnswerForm(ActForm):
    """Yes or no to what was put to the parties."""

    answer = forms.ChoiceField(label=_("Do you agree?"), choices=YES_NO, widget=forms.RadioSelect)
    note = WordsField(label=_("Would you like to say something?"), required=False)


class PassOnForm(ActForm):
    mediator = MediatorField(label=_("To"))
    reason = WordsField(label=_("Reason"))

    def prepare(self) -> None:
        field = self.fields["mediator"]
        assert isinstance(field, MediatorField)
        if self.case is not None:
            colleagues = registered().filter(body__unit=self.case.handling_unit_id)
            field.among(colleagues.exclude(account=self.case.holder_id))


class AgainForm(ActForm):
    both = forms.BooleanField(label=_("Every party has told me that they want to try once more"))
    note = WordsField(label=_("What has changed"))
