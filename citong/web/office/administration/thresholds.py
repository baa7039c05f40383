"""Thresholds and time limits of the city, each with the decision it rests on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from citong.core.cases.settings import THRESHOLDS, Limit, Threshold, change_limit, change_threshold, limits, source_of
from citong.core.people.access import Actor
from citong.core.places.current import parameter
from citong.web.office.administration.subject import Asked, Column, Subject
from citong.web.spans import span_words


class ValueForm(forms.Form):
    value = forms.CharField(label=_("Value"), max_length=200, required=False)
    source = forms.CharField(label=_("Decision it rests on"), max_length=200)


def value_words(threshold: Threshold) -> str:
    """The present value as it would be typed."""
    value = parameter(threshold.code, threshold.default)
    return " ".join("-".join(span) for span in value) if isinstance(value, list) else str(value)


class Thresholds(Subject[Threshold]):
    code, label, icon = "thresholds", _("Thresholds"), "adjustments"
    lead = _("Numbers by which the platform works in this city.")
    columns = (
        Column[Threshold](_("Threshold"), lambda of: of.label),
        Column[Threshold](_("Value"), lambda of: f"{value_words(of) or '–'} {of.unit}"),
        Column[Threshold](_("Source"), lambda of: source_of(of.code) or _("The city's folder")),
    )

    def listed(self, asked: Asked) -> Sequence[Threshold]:
        return THRESHOLDS

    def find(self, key: str) -> Threshold | None:
        return next((one for one in THRESHOLDS if one.code == key), None)

    def key(self, of: Threshold) -> str:
        return of.code

    def name(self, of: Threshold) -> str:
        return str(of.label)

    def form(self, data: Any, *, of: Threshold | None, asked: Asked) -> forms.Form | None:
        if of is None:
            return None
        form = ValueForm(data, initial={"value": value_words(of), "source": source_of(of.code)})
        form.fields["value"].label = f"{of.label} ({of.unit})" if of.unit else of.label
        return form

    def save(self, data: Mapping[str, Any], *, of: Threshold | None, actor: Actor) -> Threshold:
        assert of is not None
        change_threshold(of.code, data["value"], source=data["source"], actor=actor)
        return of


class Limits(Subject[Limit]):
    code, label, icon = "limits", _("Time limits"), "clock"
    lead = _("How long each step may take. Clocks that run already keep the limit they started with.")
    columns = (
        Column[Limit](_("Step"), lambda of: of.label),
        Column[Limit](_("Limit"), lambda of: span_words(of.value) if of.value else _("as the others")),
        Column[Limit](_("Source"), lambda of: source_of(f"limits.{of.code}") or of.source),
    )

    def listed(self, asked: Asked) -> Sequence[Limit]:
        return limits()

    def find(self, key: str) -> Limit | None:
        return next((one for one in limits() if one.code == key), None)

    def key(self, of: Limit) -> str:
        return of.code

    def name(self, of: Limit) -> str:
        return str(of.label)

    def form(self, data: Any, *, of: Limit | None, asked: Asked) -> forms.Form | None:
        if of is None:
            return None
        form = ValueForm(data, initial={"value": of.value, "source": source_of(f"limits.{of.code}")})
        form.fields["value"].label = of.label
        examples = _("For example “5 working days”, “4 working hours”, “24 hours”; empty: %(default)s.")
        form.fields["value"].help_text = examples % {"default": span_words(of.default)}
        return form

    def save(self, data: Mapping[str, Any], *, of: Limit | None, actor: Actor) -> Limit:
        assert of is not None
        change_limit(of.code, data["value"], source=data["source"], actor=actor)
        return of
