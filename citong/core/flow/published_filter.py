"""Which part of the open data is asked for: one form for page, API and command."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from citong.core.cases.forms import CategoryField, without_nul
from citong.core.cases.models import Category
from citong.core.cases.registry import case_types
from citong.core.flow.refusal import Invalid
from citong.core.places.current import zone
from citong.core.places.models import Division
from citong.kit.ids import uuid7_floor

FIRST, LAST = date(1990, 1, 1), date(2199, 12, 31)
DAY_INPUT = {"type": "date", "min": FIRST.isoformat(), "max": LAST.isoformat()}


@dataclass(frozen=True)
class PublishedFilter:
    """Days are whole days of the city's clock, both counted in; a category covers those below it. Empty: no limit."""

    since: date | None = None
    until: date | None = None
    service: str = ""
    category: str = ""
    district: str = ""
    state: str = ""

    def condition(self) -> Q:
        """The condition on cases. An identifier begins with the moment its case was opened, so it bounds the days."""
        found = Q()
        if self.since:
            found &= Q(id__gte=uuid7_floor(_begin(self.since)))
        if self.until:
            found &= Q(id__lt=uuid7_floor(_begin(self.until + timedelta(days=1))))
        if self.category:
            found &= Q(category=self.category) | Q(category__code__startswith=f"{self.category}.")
        if self.state:
            found &= Q(open=self.state == "open")
        return found & Q(**{name: given for name in ("service", "district") if (given := getattr(self, name))})


class DistrictField(forms.ModelChoiceField[Division]):
    """One district of the city, by its code."""

    def __init__(self, **rest: Any) -> None:
        super().__init__(
            Division.objects.filter(level="district").order_by("path"), to_field_name="code", **rest
        )  # fmt: skip

    def to_python(self, value: Any) -> Any:
        return super().to_python(without_nul(value))


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY_INPUT),
        validators=[MinValueValidator(FIRST), MaxValueValidator(LAST)],
        error_messages={"invalid": gettext_lazy("Give a day such as 2026-01-31.")},
    )  # fmt: skip


class PublishedFilterForm(forms.Form):
    """The filters of the open data, none of them required."""

    since = _day(gettext_lazy("Received from"))
    until = _day(gettext_lazy("Received until"))
    service = forms.ChoiceField(label=gettext_lazy("Service"), required=False)
    category = CategoryField(
        among=Category.objects.filter(public=True).order_by("order"), label=gettext_lazy("Kind"), required=False,
        empty_label=gettext_lazy("Every kind"),
    )  # fmt: skip
    district = DistrictField(
        label=gettext_lazy("District"), required=False, empty_label=gettext_lazy("The whole city")
    )  # fmt: skip
    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[
            ("", gettext_lazy("Open and closed")), ("open", pgettext_lazy("case", "Open")),
            ("closed", gettext_lazy("Closed")),
        ],
    )  # fmt: skip

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        service = self.fields["service"]
        assert isinstance(service, forms.ChoiceField)
        service.choices = [("", _("Every service")), *((kind.code, kind.label) for kind in case_types().values())]

    def clean(self) -> dict[str, Any]:
        days = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if days[0] and days[1] and days[1] < days[0]:
            self.add_error("until", _("This day lies before the first one."))
        return self.cleaned_data

    def said(self) -> PublishedFilter:
        """What a valid form says."""
        said = self.cleaned_data
        category, district = said["category"], said["district"]
        return PublishedFilter(
            said["since"], said["until"], said["service"], category.code if category else "",
            district.code if district else "", said["state"],
        )  # fmt: skip


def read_filter(data: Mapping[str, Any]) -> PublishedFilter:
    """What these filters say; two queries at most. Raises Invalid, also for a filter there is none of."""
    form = PublishedFilterForm(data)
    errors = {name: list(map(str, said)) for name, said in form.errors.items()}
    known = ", ".join(form.fields)
    errors |= {name: [_("There is no such filter. There is: %s") % known] for name in data if name not in form.fields}
    if errors:
        raise Invalid(_("Some answers need another look."), errors)
    return form.said()


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), zone())
