"""Which court: by who invited the mediator, by the matter, and by the place. And how it comes to have a part."""

from citong.core.cases.models import Case, Task
from citong.core.flow import timing
from citong.core.flow.doing import Doing
from citong.core.flow.effects import owe, settle
from citong.core.people.models import Unit
from citong.services.mediation.kinds import Kind
from citong.services.mediation.models import Dispute

FUNCTION, MARITIME = "court", "maritime_court"


def courts_for(case: Case) -> list[Unit]:
    """The courts that may have jurisdiction, the likeliest first; two queries.

    Whoever invited the mediator or the body; for disputes at sea the maritime court; the court of the district; those
    of the whole city. Another district's court is asked where the thing in dispute or a party's home lies there.
    """
    dispute = Dispute.objects.select_related("mediator__body").filter(case=case).first()
    mediator = dispute.mediator if dispute else None
    inviting = {mediator.inviting_court_id, mediator.body.inviting_court_id} if mediator else set()
    at_sea = dispute is not None and dispute.kind == Kind.MARITIME
    functions = [MARITIME, FUNCTION] if at_sea else [FUNCTION]
    found = Unit.objects.filter(function__in=functions, ends_on=None).select_related("division")

    def rank(court: Unit) -> tuple[bool, bool, bool, bool, str]:
        here = court.level == "district" and court.division.code == case.district
        return (
            at_sea and court.function != MARITIME,
            court.pk not in inviting,
            not here,
            court.level != "city",
            court.name,
        )

    return sorted(found, key=rank)


def take_part(doing: Doing, court: Unit, code: str) -> None:
    """The court owes an answer, and has the case before it."""
    owe(doing, Task(code=code, unit_id=court.pk))
    if court.pk not in doing.case.joint:
        doing.case.joint = [*doing.case.joint, court.pk]
    doing.also_tell = [court.pk]


def open_window(doing: Doing) -> None:
    """The thirty days to apply run from effect: nothing that a court does gives time anew."""
    assert doing.case.fed_back_at is not None
    doing.clocks.append(timing.start(doing.type.clocks()["confirm"], doing.case, at=doing.case.fed_back_at))


def answered(doing: Doing, code: str, outcome: str, *, stays: bool) -> None:
    """The court owes this answer no more; unless it `stays` it has no part in the case any more."""
    for task in doing.tasks:
        if task.code == code and task.done_at is None:
            settle(doing, task, outcome)
            if not stays:
                doing.case.joint = [unit for unit in doing.case.joint if unit != task.unit_id]
