"""From the number in an address to the case, for those who may see it."""

from django.http import Http404
from django.utils.translation import gettext as _

from citong.core.cases.models import Case
from citong.core.people.access import Actor, Purpose, scope
from citong.kit.ids import case_number, parse_number

RELATED = ("category", "grid__layer", "desk", "unit", "handling_unit", "routed_unit", "holder")


def case_for(actor: Actor, number: str) -> Case:
    """The case with what its page names; Http404 when it does not exist, or not for this actor. One query."""
    case = reached(actor, number)
    if case is None:
        raise Http404(_("There is no such case."))
    return case


def reached(actor: Actor, number: str) -> Case | None:
    """The case, or None when it does not exist for this actor; the number may be typed loosely."""
    try:
        canonical = case_number(*parse_number(number))
    except ValueError:
        return None
    visible = Case.objects.filter(scope(actor, Purpose.HANDLING), number=canonical)
    return visible.select_related(*RELATED).first()
