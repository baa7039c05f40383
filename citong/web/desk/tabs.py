"""The five tabs of the inbox: which open cases each holds for an actor, and how many, at the price of one query."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Act, Does, Reach, Words
from citong.core.cases.models import Case, Task
from citong.core.cases.registry import case_types
from citong.core.people.access import Actor, Purpose, Seat, scope

MOST = 99
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


def condition(tab: str, actor: Actor, *, at: datetime) -> Q:
    """The condition of a tab on open cases, besides `access.scope`."""
    if tab == "mine":
        return Q(holder_id=actor.account)
    if tab == "unit":
        return _in_hands_of(actor)
    if tab == "late":
        return Q(due_at__lte=at) | Q(late=True)
    if tab == "near":
        return Q(warn_at__lte=at, due_at__gt=at)
    return Q()


def counts(actor: Actor, *, at: datetime) -> dict[str, int]:
    """Open cases in each tab, counted up to one over `MOST`; one query."""
    reach = Case.objects.filter(scope(actor, Purpose.HANDLING), open=True).order_by()
    first, *rest = (
        reach.filter(condition(tab, actor, at=at)).annotate(tab=Value(tab)).values_list("tab", flat=True)[: MOST + 1]
        for tab in TABS
    )
    found = Counter(first.union(*rest, all=True))
    return {tab: found[tab] for tab in TABS}


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


def _in_hands_of(actor: Actor) -> Q:
    hands = Q(pk__in=[])
    for seat in actor.seats:
        hands |= _in_hands(seat)
    return hands


def _in_hands(seat: Seat) -> Q:
    """At the unit, owed by it as a part, or at its desk in a state that waits for this post."""
    waiting = desk_states(seat.post)
    hands = Q(desk_id=seat.unit, state__in=waiting) if waiting else Q(unit_id=seat.unit)
    if not waiting:
        hands |= Q(joint__contains=[seat.unit])
    if _decides_on_time(seat.post):
        asked = Task.objects.filter(case=OuterRef("pk"), unit_id=seat.unit, code="delay", done_at=None)
        hands |= Q(Exists(asked))
    return hands


@cache
def _decides_on_time(post: str) -> bool:
    acts = (act for kind in case_types().values() for act in kind.acts.values())
    return any(act.does == Does.DECIDE_DELAY and any(who.post == post for who in act.by) for act in acts)
