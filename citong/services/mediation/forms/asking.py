"""Registering a dispute, and asking its parties."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import ActForm, LineField, MoneyField, PhotosField, WordsField, without_nul
from citong.core.cases.models import Case, Party
from citong.services.mediation.forms.opening import MOST_AT_STAKE, NumberField
from citong.services.mediation.kinds import Kind, Language, Way
from citong.services.mediation.models import Dispute, PartyDetails

SIDES = [("applicant", _("Applicant")), ("respondent", _("Respondent")), ("third", _("Third party"))]
HOW_INVITED = [("sms", _("Text message")), ("letter", _("A letter to print")), ("hand", _("Handed over"))]
HOW_SAID = [("call", _("By telephone")), ("paper", _("On paper")), ("person", _("In person"))]


class PartyField(forms.ModelChoiceField[Party]):
    """One of the parties of the case; with `agents` also whoever speaks for one."""

    def __init__(self, *, agents: bool = False, **rest: Any) -> None:
        self.agents = agents
        super().__init__(Party.objects.none(), **rest)

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))

    def among(self, case: Case | None) -> None:
        """The parties of this case can be chosen."""
        parties = Party.objects.filter(case=case).exclude(side="").order_by("id")
        self.queryset = parties if self.agents else parties.exclude(role=Party.Role.AGENT)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name or '—'} ({obj.get_side_display()})"


class OfPartyForm(ActForm):
    """A form that asks which party: it offers those of the case."""

    def prepare(self) -> None:
        for field in self.fields.values():
            if isinstance(field, PartyField):
                field.among(self.case)


class RegisterForm(ActForm):
    """What the dispute is, in the registrar's judgement. The same people over the same kind are one matter."""

    kind = forms.ChoiceField(label=_("What is it about?"), choices=Kind)
    languages = forms.MultipleChoiceField(
        label=_("Languages at the table"), choices=Language, required=False, widget=forms.CheckboxSelectMultiple
    )
    amount = MoneyField(label=_("Amount in dispute"), required=False, most=MOST_AT_STAKE)
    apart = forms.BooleanField(
        label=_("It is another matter than the open dispute of the same people"), required=False
    )  # fmt: skip
    note = WordsField(label=_("Note"), required=False)

    def prepare(self) -> None:
        dispute = Dispute.objects.filter(case=self.case).first() if self.case and not self.is_bound else None
        if dispute is not None:
            self.initial = {"kind": dispute.kind, "languages": dispute.languages, **self.initial}


class OtherWayForm(ActForm):
    """Which other way is right, and why."""

    way = forms.ChoiceField(label=_("Another way"), choices=Way)
    note = WordsField(label=_("What the parties are told"))


class PartyForm(ActForm):
    personal = ("name", "phone", "email", "identity", "home")

    side = forms.ChoiceField(label=_("Side"), choices=SIDES)
    name = LineField(label=_("Name"), max_length=60)
    phone = LineField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    identity = NumberField()
    home = LineField(label=_("Address"), max_length=200, required=False)


class AgentForm(OfPartyForm):
    """Who speaks for a party. Whoever may also agree for it needs a special authority, in writing."""

    personal = ("name", "phone", "email", "identity")

    whom = PartyField(label=_("Speaks for"), empty_label=None)
    name = LineField(label=_("Name"), max_length=60)
    phone = LineField(label=_("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    identity = NumberField()
    authority = forms.ChoiceField(label=_("Authority"), choices=PartyDetails.Authority)
    photos = PhotosField(label=_("Photo of the authority"), required=False)

    def prepare(self) -> None:
        super().prepare()
        if self.actor.standing is not None:  # a party names an agent of their own
            whom = self.fields["whom"]
            whom.queryset = whom.queryset.filter(pk=self.actor.standing.party)  # type: ignore[attr-defined]


class InviteForm(OfPartyForm):
    party = PartyField(label=_("Who is invited"), agents=True, empty_label=None)
    way = forms.ChoiceField(label=_("How"), choices=HOW_INVITED)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("way") == "sms" and data.get("party") and not data["party"].phone:
            self.add_error("way", _("There is no phone of this party: choose another way."))
        return data


class ConsentForm(ActForm):
    """A party has read what mediation is, and wants it."""

    read = forms.BooleanField(label=_("I have read what mediation means, and I take part of my own will"))
    online = forms.BooleanField(label=_("We may also meet online"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("I speak"), choices=Language, required=False, widget=forms.CheckboxSelectMultiple
    )
    note = WordsField(label=_("Would you like to say something?"), required=False)


class ConsentNotedForm(OfPartyForm):
    whom = PartyField(label=_("Who consented"), empty_label=None)
    way = forms.ChoiceField(label=_("How"), choices=HOW_SAID)
    note = WordsField(label=_("What was said"), required=False)
    photos = PhotosField(label=_("The signed paper"), required=False)


class RefuseForm(ActForm):
    reason = WordsField(label=_("Reason, if you wish"), required=False)


class UnreachableForm(OfPartyForm):
    whom = PartyField(label=_("Who could not be reached"), empty_label=None)
    note = WordsField(label=_("What was tried, and when"))
