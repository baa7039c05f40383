"""Where a matter would go: every duty tried with the reason, and what nobody answers for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from citong.core.cases.forms import CategoryField
from citong.core.cases.models import Case, Category
from citong.core.flow.locate import FoundPlace, GivenPlace, locate
from citong.core.flow.refusal import Invalid
from citong.core.people.duties import Route, Tried, covers_category, router
from citong.core.people.models import Account, Unit
from citong.core.places.locate import Located
from citong.core.places.models import Division
from citong.kit.geometry import Datum
from citong.web.office.administration.pages import frame
from citong.web.office.door import only_for
from citong.web.public.names import kind_name

DATUMS = [(datum.value, datum.value) for datum in Datum]


class DryRunForm(forms.Form):
    category = CategoryField(label=_("Kind"), required=False, empty_label=_("Not known"))
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    grid = forms.CharField(label=_("Code of a base grid"), max_length=30, required=False)
    lon = forms.FloatField(label=_("Longitude"), required=False)
    lat = forms.FloatField(label=_("Latitude"), required=False)
    datum = forms.ChoiceField(label=_("Coordinates are in"), choices=DATUMS, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (data.get("lon") is None) != (data.get("lat") is None):
            self.add_error("lon", _("A point needs both longitude and latitude."))
        return data


@dataclass(frozen=True)
class DryRun:
    """What would happen: the place as it was found, where it goes, and every duty with why it fits or not."""

    found: FoundPlace
    place: str
    route: Route
    unit: str
    holder: str
    tried: list[Tried]
    others: list[Tried]


@dataclass(frozen=True)
class Gap:
    """A kind that nobody answers for in these districts; `everywhere` when in none is an answer."""

    kind: Category
    districts: list[str]
    everywhere: bool


@require_GET
@only_for("administration")
def dry_run(request: HttpRequest) -> HttpResponse:
    """The question and, once asked, its answer. Nothing is changed, so it needs no rights."""
    form = DryRunForm(request.GET or None, initial={"datum": Datum.WGS84.value})
    answer = None
    if request.GET and form.is_valid():
        try:
            answer = _run(form.cleaned_data)
        except Invalid as fault:
            form.add_error(None, [sentence for said in fault.errors.values() for sentence in said])
    return render(
        request, "web/office/admin/dry_run.html", frame(request, "dry_run") | {"form": form, "answer": answer}
    )


@require_GET
@only_for("administration")
def gaps(request: HttpRequest) -> HttpResponse:
    """Open cases by kind and district that nobody answers for, and kinds without an answer in whole districts."""
    counted = Case.objects.filter(gap=True, open=True).order_by().values("category_id", "district")
    names = dict(Division.objects.filter(level__in=("city", "district")).values_list("code", "name"))
    kinds = Category.objects.in_bulk([row["category_id"] for row in counted if row["category_id"]])
    cases = [
        (kind_name(kinds.get(row["category_id"])), names.get(row["district"], "–"), row["n"])
        for row in counted.annotate(n=Count("pk")).order_by("-n")[:100]
    ]
    return render(
        request, "web/office/admin/gaps.html", frame(request, "gaps") | {"cases": cases, "found": unanswered()}
    )


def unanswered() -> list[Gap]:
    """Kinds in force that have no duty for the whole of some district; a duty for a part of it does not count.

    A kind is left out where the one above it is in the list with the same districts. Two queries.
    """
    districts = list(Division.objects.filter(level="district", ends_on=None).order_by("code"))
    found: dict[str, frozenset[str]] = {}
    gaps = []
    for kind in Category.objects.filter(ends_on=None).order_by("order", "code"):
        missing = frozenset(one.name for one in districts if _is_gap(kind.code, one))
        found[kind.code] = missing
        if missing and found.get(kind.code.rpartition(".")[0]) != missing:
            gaps.append(Gap(kind, sorted(missing), len(missing) == len(districts)))
    return gaps


def _is_gap(kind: str, district: Division) -> bool:
    return router().route(kind, Located(district.path, district.code, None, {}, True)).gap


def _run(said: Mapping[str, Any]) -> DryRun:
    kind: Category | None = said["category"]
    code = kind.code if kind else ""
    given = GivenPlace(said["lon"], said["lat"], Datum(said["datum"] or Datum.WGS84), said["grid"], said["address"])
    found = locate(given)
    route, tried = router().route(code, found.located), router().explain(code, found.located)
    holder = Account.objects.filter(pk=route.account_id).first() if route.account_id else None
    near = [one for one in tried if covers_category(one.duty, code)]
    return DryRun(
        found, _place(found), route, Unit.objects.values_list("name", flat=True).get(pk=route.unit_id),
        str(holder or ""), near, [one for one in tried if one not in near],
    )  # fmt: skip


def _place(found: FoundPlace) -> str:
    if found.located is None:
        return ""
    codes = found.located.division_path.strip("/").split("/")
    names = dict(Division.objects.filter(code__in=codes).values_list("code", "name"))
    return " ".join(names.get(code, code) for code in codes[1:])
