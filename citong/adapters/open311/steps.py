"""What happened to public cases: their public acts, each with the state the case was in afterwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from citong.adapters.open311.status import extended_status
from citong.core.cases.declare import Act
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type, case_types
from citong.core.files.models import Attachment
from citong.core.ledger.models import Entry
from citong.core.people.access import ANYBODY, Purpose, scope
from citong.kit.ids import uuid7_floor
from citong.web.public.files import SHOWN

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Step:
    """One public act on one case; no person and no free words in it."""

    case: Case
    entry: Entry
    act: Act
    status: str


def steps_of(cases: Sequence[Case]) -> list[Step]:
    """Every public act on these cases, each case's oldest first; one query."""
    held = {case.id: case for case in cases}
    if not held:
        return []
    first = min(case.opened_at for case in cases) - MINUTE
    entries = Entry.objects.filter(subject__in=held, id__gte=uuid7_floor(first)).order_by("subject", "position")
    states: dict[UUID, str] = {}
    steps = []
    for entry in entries:
        case = held[entry.subject]
        kind = case_type(case.service)
        states[case.id] = entry.facts.get("to") or states.get(case.id) or kind.opening.state.name
        act = kind.acts.get(entry.act)
        if act is not None and act.public:
            steps.append(Step(case, entry, act, extended_status(kind, kind.states[states[case.id]])))
    return steps


def public_acts() -> Q:
    """The condition on ledger entries: public acts on public cases."""
    found = Q(pk__in=[])
    for kind in case_types().values():
        cases = Case.objects.filter(scope(ANYBODY, Purpose.PUBLIC), service=kind.code).values("id")
        found |= Q(subject__in=cases, act__in=[act.name for act in kind.acts.values() if act.public])
    return found


def photos(cases: Iterable[Case]) -> list[tuple[Attachment, str]]:
    """The published photos of these cases with their addresses, oldest first; one query."""
    found = Attachment.objects.filter(
        subject__in=[case.id for case in cases], public=True, file__media_type__in=SHOWN
    ).order_by("id")
    return [(one, f"{settings.ORIGIN}{reverse('attachment', args=[one.id])}") for one in found]
