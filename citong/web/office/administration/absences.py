"""Absences: who is away until when, and who stands in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citong.core.people import roster
from citong.core.people.access import Actor
from citong.core.people.models import Absence
from citong.web.office.administration.appointments import AccountField
from citong.web.office.administration.subject import Asked, Column, ReasonForm, Subject, following


class MomentInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, **rest: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M", **rest)


class AbsenceForm(ReasonForm):
    account = AccountField(label=_("Who is away (sign-in name)"), max_length=60)
    stand_in = AccountField(label=_("Who stands in (sign-in name)"), max_length=60)
    begins_at = forms.DateTimeField(label=_("From"), widget=MomentInput)
    ends_at = forms.DateTimeField(label=_("Until"), widget=MomentInput)
    field_order = ("account", "stand_in", "begins_at", "ends_at", "reason")


def _when(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


class Absences(Subject[Absence]):
    code, label, icon = "absences", _("Absences"), "beach"
    lead = _("Who is away, now or soon. What would reach them reaches the stand-in, who holds their posts meanwhile.")
    adds, ends = _("New absence"), _("End the absence")
    columns = (
        Column[Absence](_("Away"), lambda of: str(of.account)),
        Column[Absence](_("Stand-in"), lambda of: str(of.stand_in)),
        Column[Absence](_("From"), lambda of: _when(of.begins_at)),
        Column[Absence](_("Until"), lambda of: _when(of.ends_at)),
        Column[Absence](_("Reason"), lambda of: of.reason or "–"),
    )

    def listed(self, asked: Asked) -> Sequence[Absence]:
        found = Absence.objects.filter(ends_at__gt=timezone.now()).select_related("account", "stand_in")
        after = asked.get("after", "")
        return following(found, "pk", {"after": after} if after.isdecimal() else {})

    def find(self, key: str) -> Absence | None:
        found = Absence.objects.filter(ends_at__gt=timezone.now()).select_related("account", "stand_in")
        return found.filter(pk=key).first() if key.isdecimal() else None

    def key(self, of: Absence) -> str:
        return str(of.pk)

    def name(self, of: Absence) -> str:
        return f"{of.account}, {_when(of.begins_at)} – {_when(of.ends_at)}"

    def form(self, data: Any, *, of: Absence | None, asked: Asked) -> forms.Form | None:
        return AbsenceForm(data, initial={"account": asked.get("account", "")}) if of is None else None

    def save(self, data: Mapping[str, Any], *, of: Absence | None, actor: Actor) -> Absence:
        said = dict(data)
        return roster.add_absence(said.pop("account"), said.pop("stand_in"), **said, actor=actor)

    def end(self, of: Absence, data: Mapping[str, Any], *, actor: Actor) -> None:
        roster.end_absence(of, reason=data["reason"], actor=actor)
