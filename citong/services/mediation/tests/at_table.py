"""Disputes at the table, for tests of sessions: in mediation, with a mediator and two sides, made as rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.flow.act import act
from citong.core.flow.intake import next_number
from citong.core.flow.standing import as_party
from citong.core.people.access import ANYBODY, Actor, actor_of
from citong.core.people.models import Account, Unit
from citong.core.places.current import zone
from tests.mediators import Mediators

PHONES = ("13800001111", "13800002222")


@dataclass
class Table:
    """A dispute in mediation; `do` takes an act as its mediator."""

    case: Case
    applicant: Party
    respondent: Party
    mediator: Account

    def do(self, name: str, *, at: datetime | None = None, **data: Any) -> Case:
        """The act is done by the mediator; the dispute as it stands then."""
        self.case = act(self.case.id, name, data, actor=actor_of(self.mediator), at=at).case
        return self.case

    def side(self, side: str) -> Actor:
        """The applicant, or the respondent, without an account."""
        return as_party(ANYBODY, self.applicant if side == "applicant" else self.respondent)


def dispute(
    mediators: Mediators, *, by: str = "committee", state: str = "mediating", phones: tuple[str, str] = PHONES
) -> Table:  # fmt: skip
    """The dispute of two neighbours in community e1, held by this mediator."""
    now = timezone.now() - timedelta(days=1)
    holder, unit = mediators.people[by], mediators.register[by].body.unit
    case = Case.objects.create(
        number=next_number(now), service="mediation", state=state, title="邻里纠纷", text="", channel="web",
        desk=Unit.objects.get(code="centre-e"), unit=unit, handling_unit=unit, routed_unit=unit, route_reason="",
        holder=holder, opened_at=now, changed_at=now, receipt=b"", district="e", street="es", community="e1",
    )  # fmt: skip
    sides = (("applicant", "林上邻", phones[0]), ("respondent", "陈下邻", phones[1]))
    first, second = [
        Party.objects.create(case=case, role="party", side=side, name=name, phone=phone, channels=["sms"])
        for side, name, phone in sides
    ]
    return Table(case, first, second, holder)


def working_day(*, hour: int = 9, minute: int = 0, days: int = 7) -> datetime:
    """That time on a Tuesday, or a Wednesday for the following day, at least a week from now, by the city's clock."""
    today = timezone.now().astimezone(zone())
    tuesday = today + timedelta(days=7 + (1 - today.weekday()) % 7 + days - 7)
    return tuesday.replace(hour=hour, minute=minute, second=0, microsecond=0)


def on_site(begins_at: datetime, room: Any = None, **data: Any) -> Mapping[str, Any]:
    """Answers that set an hour in the room, or at the wall."""
    where = {"room": str(room.pk)} if room else {"place": "巷口那堵墙"}
    return {"begins_at": begins_at.isoformat(), "minutes": 60, "way": "on_site"} | where | data
