"""How what was agreed is kept: point by point."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.forms import ActForm, PhotosField, WordsField
from citong.services.mediation.agreements import Point, in_effect, points_of
from citong.services.mediation.forms.asking import PartyField

ASKED_BY = [
    ("call", gettext_lazy("By telephone")), ("visit", gettext_lazy("At the door")),
    ("online", gettext_lazy("Online")), ("office", gettext_lazy("At the office")),
]  # fmt: skip


class PointsField(forms.MultipleChoiceField):
    """Points of the agreement, by their numbers; yields whole numbers."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> list[int]:
        return [int(one) for one in super().clean([value] if isinstance(value, str) else value)]


class KeepingForm(ActForm):
    """A form that asks which points of the agreement are done; it offers those that are still owed."""

    kept = PointsField(label=gettext_lazy("Which points are done"), required=False)

    def prepare(self) -> None:
        agreement = in_effect(self.case.id) if self.case is not None else None
        open_points = [one for one in points_of(agreement) if one.obligation.done_at is None] if agreement else []
        field = self.fields["kept"]
        assert isinstance(field, PointsField)
        field.choices = [(str(one.obligation.number), said(one)) for one in open_points]
        self.owed = len(open_points)


class FollowUpForm(KeepingForm):
    """The mediator asked how it goes, and writes down what is done and what is not."""

    way = forms.ChoiceField(label=gettext_lazy("How they were asked"), choices=ASKED_BY, widget=forms.RadioSelect)
    asked = PartyField(label=gettext_lazy("Who was asked"), empty_label=None)
    broken = PointsField(label=gettext_lazy("Which points are overdue or refused"), required=False)
    found = WordsField(label=gettext_lazy("What they said"), max_length=1000)
    photos = PhotosField(label=gettext_lazy("Photos and papers"), required=False)
    field_order = ("way", "asked", "found", "kept", "broken", "photos")

    def prepare(self) -> None:
        super().prepare()
        kept, broken, asked = (self.fields[name] for name in ("kept", "broken", "asked"))
        assert isinstance(kept, PointsField) and isinstance(broken, PointsField) and isinstance(asked, PartyField)
        broken.choices = kept.choices
        asked.among(self.case)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if set(data.get("kept") or ()) & set(data.get("broken") or ()):
            self.add_error("broken", _("A point is done or it is not: tick it once."))
        return data


class PerformedForm(KeepingForm):
    """All that was agreed is done: what is still owed must be ticked."""

    note = WordsField(label=gettext_lazy("How it went"), required=False, max_length=1000)
    photos = PhotosField(label=gettext_lazy("Photos and papers"), required=False)

    def prepare(self) -> None:
        super().prepare()
        kept = self.fields["kept"]
        assert isinstance(kept, PointsField)
        if not kept.choices:
            del self.fields["kept"]
            return
        kept.required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        kept = self.fields.get("kept")
        if kept is not None and len(data.get("kept") or ()) < self.owed:
            self.add_error("kept", _("Not all of it is done yet: follow up, or say that it is broken."))
        return data


def said(point: Point) -> str:
    """A point as it is chosen from."""
    return f"{point.obligation.number}. {point.words}"
