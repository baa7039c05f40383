"""The door to signal controllers: what the centre may ask and learn, whatever stands behind it.

Every ask has an id, who or which rule asked, why, and until when. The device end enforces that time, so a dead centre
lets go by itself; the guard stands at the same end, so nothing asked here can show an unlawful state.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from citong.core.signals.model import Junction


class Mode(StrEnum):
    """Who leads the junction now."""

    PLAN = "plan"
    CENTRAL = "central"
    LOCAL = "local"
    MANUAL = "manual"
    FAULT = "fault"


class Why(StrEnum):
    """Why an ask was refused."""

    UNKNOWN_JUNCTION = "unknown junction"
    UNKNOWN_STAGE = "unknown stage"
    UNKNOWN_PLAN = "unknown plan"
    EXPIRED = "expired"
    TOO_LONG = "too long"
    TOO_OFTEN = "too often"
    NOT_NOW = "not now"
    """The controller is in local, manual or fault mode."""
    NO_CONTACT = "no contact"


@dataclass(frozen=True, slots=True)
class Ask:
    """What every ask carries. The same id again is the same ask, answered again and done once."""

    id: str
    by: str
    """The account or the rule that asks."""
    reason: str
    at: float
    """Seconds of the clock when it was asked."""
    until: float
    """Seconds of the clock when the device lets go by itself."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The device took the ask."""

    id: str
    until: float


@dataclass(frozen=True, slots=True)
class Refused:
    """The device did not take the ask; `words` say it to a person."""

    id: str
    why: Why
    words: str


Answer = Accepted | Refused


@dataclass(frozen=True, slots=True)
class Reading:
    """What a controller reports: letters as in `model`, since when its wanted stage is complete, who leads."""

    junction: str
    at: float
    state: str
    mode: Mode
    stage: int | None
    """The stage asked for or under way, None while the plan is followed."""
    since: float | None
    """Second at which that stage was complete; None while it is still changing."""


@dataclass(frozen=True, slots=True)
class Detected:
    """What the detectors of one lane say. `exact` is False when counts come from loops and may have missed some."""

    count: int
    halted: int
    occupancy: float
    """Share of the lane's length that is filled, 0 to 1."""
    longest_wait: float = 0.0
    exact: bool = True


class SignalPort(Protocol):
    """A set of junctions that can be read and asked. Every method returns at once or raises `NoContact`."""

    def junctions(self) -> Mapping[str, Junction]:
        """Every junction behind this door, by name."""

    def reading(self, junction: str) -> Reading:
        """What the junction shows now."""

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        """What is detected, by lane; lanes behind the junction are included where they are known."""

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        """The stage is shown as soon as the guard allows and held until `ask.until`, another request or a release."""

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        """The named plan is in force until `ask.until`; then the controller's own is again."""

    def release(self, junction: str, ask: Ask) -> Answer:
        """The junction goes back to its plan, through lawful changes."""


class NoContact(Exception):
    """The controller does not answer."""

    def __init__(self, junction: str, detail: str = "") -> None:
        super().__init__(f"The controller of junction {junction} does not answer. {detail}".strip())
        self.junction = junction
