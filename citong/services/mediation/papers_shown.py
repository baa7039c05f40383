"""Panels of a case's page: the agreement, point by point, with its way to the court; and the papers to be read."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from citong.core.cases.models import Case
from citong.core.clocks.calendar import calendar
from citong.core.people.access import Actor
from citong.core.places.current import city
from citong.services.mediation.agreements import Point, confirmation_of, current, points_of, principals_of
from citong.services.mediation.models import Agreement
from citong.services.mediation.rules.agreements import window_ends
from citong.services.mediation.shelf import readable, reads_paper, shelf
from citong.web.panels import Panel, case_panel, party_panel


@case_panel("mediation")
@party_panel("mediation")
def agreement(case: Case, actor: Actor) -> Panel | None:
    """What is agreed or drafted, for whoever reads its paper; nine queries where there is one, else one."""
    found = current(case.id)
    if found is None or not reads_paper(readable(case, actor), found.paper):
        return None
    title = _("The agreement") if found.effective_at else _("Draft of the agreement")
    return Panel(title, "heart-handshake", "mediation/_agreement.html", _agreed(case, found))


@case_panel("mediation")
@party_panel("mediation")
def papers(case: Case, actor: Actor) -> Panel | None:
    """Every paper that is meant for the reader, with who signed it and whether it is as it was made."""
    found = shelf(case, actor)
    if not found.shown:
        return None
    context = {"case": case, "papers": list(reversed(found.shown)), "bundles": found.bundles}
    return Panel(_("Papers of the case"), "files", "mediation/_papers.html", context)


def _agreed(case: Case, found: Agreement) -> dict[str, Any]:
    points, now = points_of(found), timezone.now()
    until = found.effective_at and window_ends(found.effective_at, city=city().parameters, days=calendar())
    return {
        "case": case, "agreement": found, "points": points, "left": sum(_is_owed(one) for one in points),
        "people": principals_of(case.id), "until": until, "in_time": until is not None and now <= until,
        "asked": confirmation_of(found) or found.confirmations.select_related("court").order_by("-number").first(),
        "waits": case.state == "effective" and not found.oral,
    }  # fmt: skip


def _is_owed(point: Point) -> bool:
    return point.obligation.done_at is None
