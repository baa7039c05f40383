"""On the page of a case: the way to the console, the drive and the report."""

from django.utils.translation import gettext_lazy as _

from citong.core.cases.models import Case
from citong.core.flow.reading import reads_all
from citong.core.people.access import Actor, may_open
from citong.web.panels import Panel, case_panel


@case_panel("escort")
def ways(case: Case, actor: Actor) -> Panel | None:
    """Nothing for those who may not read where it drives."""
    if not reads_all(case, actor):
        return None
    shown = {"case": case, "watches": may_open(actor, "escorts"), "drives": may_open(actor, "escort_road")}
    return Panel(_("Escort"), "ambulance", "escort/_ways.html", shown)
