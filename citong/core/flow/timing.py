"""What entering a state does to hands and clocks."""

from datetime import datetime

from citong.core.cases.declare import ClockSpec, Hands, State
from citong.core.cases.models import Case
from citong.core.clocks import run as clocks
from citong.core.clocks.models import Clock
from citong.core.flow.doing import Doing
from citong.core.places.current import limit


def enter(doing: Doing, state: State) -> None:
    """The case is in the state: in the right hands, its clocks started, paused or stopped."""
    case = doing.case
    doing.facts |= {"from": case.state, "to": state.name}
    case.state, case.open = state.name, not state.ends
    case.unit_id = case.handling_unit_id if state.hands == Hands.HANDLER and case.handling_unit_id else case.desk_id
    if state.hands == Hands.DESK:
        case.holder_id = None
    if state.ends:
        _close(doing)
        return
    case.closed_at = None
    _turn(doing, state)


def _turn(doing: Doing, state: State) -> None:
    """Clocks of other states stop, or stand still while the new state pauses; the state's own clock runs."""
    own = state.clock
    for clock in doing.clocks:
        if state.pauses:
            clocks.pause(clock, at=doing.at)
        elif own is not None and clock.code == own.code:
            clocks.resume(clock, at=doing.at)
        else:
            _stop(doing, clock)
    running = own is not None and any(c.code == own.code and c.stopped_at is None for c in doing.clocks)
    if own is not None and not running:
        doing.clocks.append(start(own, doing.case, at=doing.at))


def start(spec: ClockSpec, case: Case, *, at: datetime) -> Clock:
    """The declared clock, started with the city's own limit where it set one; urgent cases have their own."""
    name = f"{spec.limit}_urgent" if case.urgent else spec.limit
    span = limit(name, limit(spec.limit, spec.span))
    return clocks.start(case.id, spec.code, span=span, source=str(spec.source), at=at, district=case.district)


def _close(doing: Doing) -> None:
    for clock in doing.clocks:
        _stop(doing, clock)
    doing.case.closed_at = doing.at
    doing.case.outcome = doing.case.state


def _stop(doing: Doing, clock: Clock) -> None:
    """A clock that was missed leaves its mark on the case, even where the act came before the watch."""
    clocks.stop(clock, at=doing.at)
    doing.case.late = doing.case.late or clock.state == Clock.State.MISSED


def aim(case: Case, running: list[Clock]) -> None:
    """The case shows the deadline that comes first."""
    nearest = clocks.nearest(running)
    case.due_at = nearest.due_at if nearest else None
    case.warn_at = nearest.warn_at if nearest else None
