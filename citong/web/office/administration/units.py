"""Units: the tree by levels, who is appointed where."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.people.access import Actor
from citong.core.people.models import Unit
from citong.core.places.current import today
from citong.core.places.models import Level
from citong.web.office.administration.subject import Asked, Column, Filter, Subject, following


def current(today: Any) -> Q:
    """The condition on appointments that hold on a day."""
    return Q(ends_on=None) | Q(ends_on__gt=today)


def _held() -> QuerySet[Unit]:
    holds = Q(appointments__ends_on=None) & Q(appointments__isnull=False)
    people = Count("appointments__account", filter=holds, distinct=True)
    return Unit.objects.filter(ends_on=None).select_related("division").annotate(people=people)


class Units(Subject[Any]):
    code, label, icon = "units", _("Units"), "building-community"
    lead = _("Offices on four levels. They come with the city's folder; people are appointed here.")
    searches = _("Name or code")
    template = "web/office/admin/unit.html"
    columns = (
        Column[Any](_("Unit"), lambda of: of.name),
        Column[Any](_("Level"), lambda of: Level(of.level).label),
        Column[Any](_("Profession"), lambda of: of.function, code=True),
        Column[Any](_("Place"), lambda of: of.division.name),
        Column[Any](_("People"), lambda of: str(of.people)),
    )

    def listed(self, asked: Asked) -> Sequence[Any]:
        found, q = _held(), asked.get("q", "").strip()
        if asked.get("level"):
            found = found.filter(level=asked["level"])
        if q:
            found = found.filter(Q(name__icontains=q) | Q(code__istartswith=q))
        elif asked.get("under"):
            found = found.filter(parent__code=asked["under"])
        elif not asked.get("level"):
            found = found.filter(parent=None)
        return following(found, "code", asked)

    def filters(self) -> Sequence[Filter]:
        return [Filter("level", _("Level"), Level.choices)]

    def find(self, key: str) -> Any:
        return _held().select_related("division", "parent").filter(code=key).first()

    def key(self, of: Any) -> str:
        return str(of.code)

    def below(self, of: Any) -> str:
        return f"?under={of.code}" if of.level != "community" else ""

    def trail(self, asked: Asked) -> Sequence[tuple[Words, str]]:
        under = Unit.objects.filter(code=asked.get("under", "")).select_related("parent__parent__parent").first()
        found: list[tuple[Words, str]] = []
        while under is not None:
            found.insert(0, (under.name, f"?under={under.code}"))
            under = under.parent
        return [(_("All"), "?"), *found] if found else []

    def form(self, data: Any, *, of: Any, asked: Asked) -> forms.Form | None:
        return None

    def save(self, data: Mapping[str, Any], *, of: Any, actor: Actor) -> Any:
        raise ValueError(_("Units come with the city's folder."))

    def more(self, of: Any, actor: Actor) -> Mapping[str, Any]:
        held = of.appointments.filter(current(today())).select_related("account")
        return {
            "held": held.annotate(grids=Count("beats")).order_by("post", "account__username"),
            "children": _held().filter(parent=of).order_by("code")[:60],
        }
