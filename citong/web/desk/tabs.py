"""The five tabs of the inbox: which open cases each holds for an actor, and how many, at the price of one query."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Act, Does, Reach, Words
from citong.core.cases.models import Case, Task
from citong.core.cases.registry import case_types
from citong.core.people.access import Actor, Purpose, Seat, scope

MOST = 99
MOST_ASKED = 500
TABS: Mapping[str, Words] = {
    "mine": _("Mine"),
    "unit": _("My unit"),
    "late": _("Late"),
    "near": _("Due soon"),
    "all": _("All in my area"),
}
EMPTY: Mapping[str, Words] = {
    "mine": _("Nothing is in your own hands. Take a case of your unit when you are ready."),
    "unit": _("Your unit has nothing to do at the moment."),
    "late": _("Nothing is late. Well done."),
    "near": _("Nothing is due soon."),
    "all": _("There is no open case in your area."),
}


@dataclass(frozen=True)
class Tabs:
    """The tabs of one actor at one moment. `asked`: cases whose wish for more time waits for one of their units."""

    actor: Actor
    at: datetime
    asked: Sequence[UUID]

    @classmethod
    def of(cls, actor: Actor, *, at: datetime) -> "Tabs":
        """One query at most; none for posts that do not decide on time."""
        units = [seat.unit for seat in actor.seats if _decides_on_time(seat.post)]
        owed = Task.objects.filter(unit_id__in=units, code="delay", done_at=None).order_by("id")
        return cls(actor, at, list(owed.values_list("case_id", flat=True)[:MOST_ASKED]) if units else [])

    def condition(self, tab: str) -> Q:
        """The condition of a tab on open cases, besides `access.scope`. No query, and only what an index can answer."""
        if tab == "mine":
            return Q(holder_id=self.actor.account)
        if tab == "unit":
            return self._in_hands()
        if tab == "late":
            return Q(due_at__lte=self.at) | Q(late=True)
        if tab == "near":
            return Q(warn_at__lte=self.at, due_at__gt=self.at)
        return Q()

    def counts(self) -> dict[str, int]:
        """Open cases in each tab, counted up to one over `MOST`; one query."""
        reach = Case.objects.filter(scope(self.actor, Purpose.HANDLING), open=True).order_by()
        first, *rest = (
            reach.filter(self.condition(tab)).annotate(tab=Value(tab)).values_list("tab", flat=True)[: MOST + 1]
            for tab in TABS
        )
        found = Counter(first.union(*rest, all=True))
        return {tab: found[tab] for tab in TABS}

    def _in_hands(self) -> Q:
        hands = Q(pk__in=list(self.asked))
        for seat in self.actor.seats:
            hands |= _in_hands(seat)
        return hands


def first_with_work(counted: Mapping[str, int]) -> str:
    """The tab to open when none was asked for."""
    return next((tab for tab in TABS if counted[tab]), "unit")


@cache
def desk_states(post: str) -> frozenset[str]:
    """States in which a case at the desk waits for this post to move it on."""
    return frozenset(
        state.name
        for kind in case_types().values()
        for act in kind.acts.values()
        if _carries_on(act) and any(who.post == post and who.reach == Reach.AREA for who in act.by)
        for state in act.source
        if not state.ends and act.target is not state
    )


def _carries_on(act: Act) -> bool:
    return act.target is not None and not act.danger


def _in_hands(seat: Seat) -> Q:
    """At the unit, a part of it still owed by the unit, or at its desk in a state that waits for this post."""
    waiting = desk_states(seat.post)
    if waiting:
        return Q(desk_id=seat.unit, state__in=waiting)
    owed = Task.objects.filter(unit_id=seat.unit, done_at=None).values("case_id")
    return Q(unit_id=seat.unit) | Q(joint__contains=[seat.unit], pk__in=owed)


@cache
def _decides_on_time(post: str) -> bool:
    acts = (act for kind in case_types().values() for act in kind.acts.values())
    return any(act.does == Does.DECIDE_DELAY and any(who.post == post for who in act.by) for act in acts)
