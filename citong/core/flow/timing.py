"""What entering a state does to hands and clocks."""

from collections.abc import Container
from datetime import datetime

from citong.core.cases.declare import CaseType, ClockSpec, Does, Hands, State
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
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
    """Clocks of other states stop, or stand still while the new state pauses; the state's own clocks run."""
    own = {spec.code for spec in state.clocks}
    for clock in doing.clocks:
        if state.pauses:
            clocks.pause(clock, at=doing.at)
        elif clock.code in own:
            clocks.resume(clock, at=doing.at)
        else:
            stop(doing, clock)
    running = {clock.code for clock in doing.clocks if clock.stopped_at is None}
    doing.clocks += begun(state, doing.case, at=doing.at, besides=running)


def begun(state: State, case: Case, *, at: datetime, besides: Container[str] = ()) -> list[Clock]:
    """The clocks that begin with a state; those that wait are begun by an act."""
    return [start(spec, case, at=at) for spec in state.clocks if not spec.waits and spec.code not in besides]


def start(spec: ClockSpec, case: Case, *, at: datetime, span: str = "") -> Clock:
    """The declared clock, started with the city's own limit where it set one; urgent cases and special lines of law
    have their own. An act that knows better gives the `span`."""
    term = spec.term(case.line)
    usual = limit(f"{spec.limit}_{case.line}", term.span) if case.line in spec.by_line else limit(spec.limit, term.span)
    span = span or (limit(f"{spec.limit}_urgent", usual) if case.urgent else usual)
    return clocks.start(case.id, spec.code, span=span, source=str(term.source), at=at, district=case.district)


def _close(doing: Doing) -> None:
    for clock in doing.clocks:
        stop(doing, clock)
    doing.case.closed_at = doing.at
    doing.case.outcome = doing.case.state


def stop(doing: Doing, clock: Clock) -> None:
    """A clock that was missed leaves its mark on the case, even where the act came before the watch."""
    clocks.stop(clock, at=doing.at)
    spec = doing.type.clocks().get(clock.code)
    if _is_window(spec):
        clock.state = Clock.State.MET
    doing.case.late = doing.case.late or clock.state == Clock.State.MISSED


def lapse(doing: Doing) -> None:
    """The clocks that bring the platform to this act ran out: the case is late, and they are looked at again later."""
    specs = doing.type.clocks()
    for clock in doing.clocks:
        if (
            clock.wake_at is not None
            and clock.due_at <= doing.at
            and after(doing.type, specs.get(clock.code)) == doing.act.name
        ):
            clocks.lapse(clock, at=doing.at, again=limit("escalation_step", "1 working day"))
            doing.case.late = True
            doing.facts["clock"] = clock.code


def after(kind: type[CaseType], spec: ClockSpec | None) -> str:
    """The act that the platform takes when this clock has run out: its own, else the one that lifts the case."""
    if spec is not None and spec.then:
        return spec.then
    return next(act.name for act in kind.acts.values() if act.does == Does.RAISE)


def _is_window(spec: ClockSpec | None) -> bool:
    return spec is not None and spec.window


def aim(case: Case, running: list[Clock]) -> None:
    """The case shows the deadline that comes first; a window is none."""
    specs = case_type(case.service).clocks()
    nearest = clocks.nearest(clock for clock in running if not _is_window(specs.get(clock.code)))
    case.due_at = nearest.due_at if nearest else None
    case.warn_at = nearest.warn_at if nearest else None
