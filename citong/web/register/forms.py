"""What pages of the register ask besides the fields of a kind: where it comes from, what for, and why."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.forms import LineField
from citong.core.places.current import today
from citong.core.register.kinds import KINDS
from citong.core.register.models import Source
from citong.web.register.words import purposes

STAFF_SOURCES = [(one.value, one.label) for one in Source if one is not Source.IMPORT]
LONGEST_AGO = timedelta(days=366 * 10)


def day_field(label: Any, *, required: bool = True, **rest: Any) -> forms.DateField:
    """A day, asked with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, widget=widget, **rest)


class SourceForm(forms.Form):
    """Where a statement comes from, and of which day it speaks."""

    source = forms.ChoiceField(label=_("Where do you know it from?"), choices=STAFF_SOURCES)
    on = day_field(_("As of which day?"), initial=today)

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if not today() - LONGEST_AGO <= on <= today():
            raise forms.ValidationError(_("Choose a day within the last ten years, not one to come."))
        return on


class PlaceForm(forms.Form):
    """Where a thing is: its base grid, or a point."""

    grid = LineField(
        label=_("Base grid"), max_length=30, required=False, help_text=_("Code of the grid, if you know it.")
    )
    lon = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180, widget=forms.HiddenInput
    )
    lat = forms.FloatField(label=_("Latitude"), required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)


class PurposeForm(forms.Form):
    """What whole values are needed for."""

    purpose = forms.ChoiceField(label=_("What do you need it for?"), choices=lambda: [("", _("Choose…")), *purposes()])


class ReasonForm(forms.Form):
    """Why; required."""

    reason = LineField(label=_("Reason"), max_length=200)


class EndForm(ReasonForm):
    """From which day on something is no more, and why."""

    on = day_field(_("Last day"), initial=today)
    field_order = ("on", "reason")


class TieForm(forms.Form):
    """How this record belongs to another one, and since when. The other one is chosen from a search."""

    kind = forms.ChoiceField(label=_("How does it belong?"))
    other = forms.UUIDField(label=_("To which record?"), widget=forms.HiddenInput,
                            error_messages={"required": _("Search for the other record and choose it.")})  # fmt: skip
    since = day_field(_("Since"), required=False, help_text=_("Leave it empty when nobody knows."))
    source = forms.ChoiceField(label=_("Where do you know it from?"), choices=STAFF_SOURCES)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]


class UntieForm(forms.Form):
    """The last day of a tie."""

    until = day_field(_("Last day"), initial=today)


class ListForm(forms.Form):
    """What a list shows: a kind, words, an area. Whatever does not fit is as if it were not said."""

    kind = forms.ChoiceField(required=False, choices=[(code, kind.plural) for code, kind in KINDS.items()])
    q = forms.CharField(required=False, max_length=100)
    area = forms.CharField(required=False, max_length=60)
    after = forms.CharField(required=False, max_length=300)
