"""What a second of an escort leaves behind: the steps of its junctions, what it cost others, what screens show."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from citong.core.escort.conductor import Conductor, Wish
from citong.core.escort.plan import Window
from citong.core.escort.way import Gate
from citong.core.signals.model import Junction
from citong.services.escort.models import Step
from citong.services.escort.run.driving import Driving
from citong.services.escort.run.sight import Look

NEXT = 8
"""Junctions ahead that screens show."""
MOVED_S = 2.0
"""An expected time is written anew when it has moved by so much."""
NO_ANSWER = "no answer"


class Writing:
    """The steps of one escort, written where they changed."""

    def __init__(self, driving: Driving, junctions: Mapping[str, Junction]) -> None:
        self.driving, self.junctions = driving, junctions

    def second(
        self, wishes: Iterable[Wish], look: Look, silent: set[str], conductor: Conductor, now: datetime
    ) -> None:  # fmt: skip
        """One second: windows, asked, green, let go, passed, refused, and to whom a junction was left."""
        name = str(self.driving.row.pk)
        asked = {wish.junction: wish for wish in wishes}
        windows = {one.gate: one for one in self.driving.conducted.windows}
        passed_m = self.driving.conducted.where.least_m if self.driving.conducted.where else 0.0
        for number, gate in enumerate(self.driving.way.gates):
            step = self.driving.steps.get(number)
            if step is not None and step.passed_at is not None:
                self._behind(step, gate, asked.get(gate.junction), now)
                continue
            if number in windows:
                step = self._window(number, gate, windows[number])
            if step is None:
                continue
            own = asked.get(gate.junction)
            held = own is not None and own.escort == name
            self._asked(step, gate, held, look, now)
            self._told(step, gate, held, silent, own, conductor)
            if gate.line_m <= passed_m:
                self._passed(step, now)
        self._save()

    def close(self, now: datetime) -> None:
        """It is over: what was asked is let go."""
        for number, step in self.driving.steps.items():
            if step.asked_at is not None and step.released_at is None:
                step.released_at = now
                self.driving.changed.add(number)
        self._save()

    def _window(self, number: int, gate: Gate, window: Window) -> Step:
        step = self.driving.steps.get(number)
        if step is None:
            step = self._fresh(number, gate)
        expected = _at(window.expected)
        if step.expected_at is None or abs((expected - step.expected_at).total_seconds()) > MOVED_S:
            step.earliest_at, step.expected_at, step.latest_at = _at(window.earliest), expected, _at(window.latest)
            self._note(number)
        return step

    def _fresh(self, number: int, gate: Gate) -> Step:
        row, sign = self.driving.row, self.driving.row.route["gates"][number]
        step, _made = Step.objects.get_or_create(
            escort=row, plan=row.plans, number=number + 1,
            defaults={
                "junction": gate.junction, "label": sign.get("label", "")[:160], "lon": sign.get("lon"),
                "lat": sign.get("lat"), "along_m": gate.line_m,
            },
        )  # fmt: skip
        self.driving.steps[number] = step
        return step

    def _asked(self, step: Step, gate: Gate, held: bool, look: Look, now: datetime) -> None:
        number = step.number - 1
        if held and step.asked_at is None:
            step.asked_at = now
            self._note(number)
        if held:
            self._green(step, gate, look, now)
            cost = _others(look, self.junctions[gate.junction], gate)
            if cost:
                step.cost_s += cost
                self.driving.row.cost_s += cost
                self._note(number)
        elif step.asked_at is not None and step.released_at is None:
            step.released_at = now
            self._note(number)
        if held and step.released_at is not None:
            step.released_at = None
            self._note(number)

    def _green(self, step: Step, gate: Gate, look: Look, now: datetime) -> None:
        green = look.green(gate)
        if green and step.green_since is None:
            step.green_since = now
            self._note(step.number - 1)
        elif not green and step.green_since is not None and step.passed_at is None:
            step.green_since = None
            self._note(step.number - 1)

    def _behind(self, step: Step, gate: Gate, own: Wish | None, now: datetime) -> None:
        """A light that was passed is let go as soon as nothing is asked of it for this escort."""
        held = own is not None and own.escort == str(self.driving.row.pk)
        if not held and step.asked_at is not None and step.released_at is None:
            step.released_at = now
            self._note(step.number - 1)

    def _told(
        self, step: Step, gate: Gate, held: bool, silent: set[str], own: Wish | None, conductor: Conductor
    ) -> None:  # fmt: skip
        refused = NO_ANSWER if gate.junction in silent else ""
        if refused and step.refused != refused:
            step.refused = refused
            self._note(step.number - 1)
        other = own.escort if own is not None and not held and own.escort in conductor.escorts else None
        if other is not None and str(step.yielded_to_id or "") != other:
            step.yielded_to_id = other
            self._note(step.number - 1)

    def _passed(self, step: Step, now: datetime) -> None:
        step.passed_at = now
        self._note(step.number - 1)

    def _note(self, number: int) -> None:
        self.driving.changed.add(number)

    def _save(self) -> None:
        for number in self.driving.changed:
            if number in self.driving.steps:
                self.driving.steps[number].save()
        self.driving.changed.clear()


def present_of(driving: Driving, now: datetime) -> dict[str, Any]:
    """What screens show: where it is, how fast, what comes next. Erased with the end."""
    last, along = driving.last, driving.along_m
    stretch = driving.way.stretches[driving.way.place(along or 0.0)]
    found: dict[str, Any] = {
        "along_m": along, "left_m": driving.way.length_m - (along or 0.0), "road_ahead": _road_ahead(driving),
        "road": stretch.edge, "at": now.isoformat(), "eta": _eta(driving, now).isoformat(),
    }  # fmt: skip
    if last is not None:
        found |= {"lon": last.lon, "lat": last.lat, "speed_ms": last.speed_ms, "error_m": last.error_m}
    ahead = [step for step in driving.steps.values() if step.passed_at is None]
    found["next"] = [_shown(step) for step in sorted(ahead, key=lambda one: one.number)[:NEXT]]
    return found


def _eta(driving: Driving, now: datetime) -> datetime:
    """When it is there if every light is turned in time: from the last gate on, else from where it is."""
    curve, way = driving.way.curve(), driving.way
    windows = driving.conducted.windows
    from_m, at = (way.gates[windows[-1].gate].line_m, windows[-1].expected) if windows else (
        driving.along_m or 0.0, now.timestamp()
    )  # fmt: skip
    return _at(at + max(curve.at(way.length_m) - curve.at(from_m), 0.0))


def _road_ahead(driving: Driving) -> str:
    """The road behind the next junction: what somebody means who says that the road ahead is blocked."""
    place = driving.way.place(driving.along_m or 0.0)
    return driving.way.stretches[min(place + 1, len(driving.way.stretches) - 1)].edge


def _shown(step: Step) -> dict[str, Any]:
    """One junction ahead, in facts; words are the page's."""
    return {
        "number": step.number, "label": step.label or step.junction, "lon": step.lon, "lat": step.lat,
        "expected": step.expected_at and step.expected_at.isoformat(), "along_m": step.along_m,
        "state": state_of(step), "refused": step.refused,
    }  # fmt: skip


def state_of(step: Step) -> str:
    """One word for how it stands with the junction."""
    if step.passed_at is not None:
        return "passed"
    if step.refused:
        return "refused"
    if step.yielded_to_id is not None and step.asked_at is None:
        return "yields"
    if step.green_since is not None:
        return "green"
    if step.asked_at is not None and step.released_at is None:
        return "asked"
    return "ahead"


def _others(look: Look, junction: Junction, gate: Gate) -> float:
    """Vehicles that stand before this junction on lanes which the escort's stage leaves red: each costs a second."""
    greens = junction.stages[gate.stage].greens
    red = {m.lane for m in junction.movements} - {m.lane for m in junction.movements if m.group in greens}
    return sum(halted for lane, halted in look.standing(gate.junction).items() if lane in red)


def _at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
