"""The one set of numbers for every escort in every network; seconds, metres, vehicles."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """What the planner and the conductor reckon with."""

    startup: float = 2.0
    """From green to the first vehicle of a queue over the line."""
    headway: float = 2.0
    """Between two vehicles of a queue, in one lane (about 1,800 an hour)."""
    margin: float = 3.0
    """The last vehicle ahead is this far over the line when the escort comes."""
    least_green: float = 4.0
    """Of a green that must still have its minimum before it may end: what is reckoned for it."""
    regain: float = 5.0
    """What it takes to have a green back that is there now and would be let end."""
    carry: float = 0.5
    """Part of those between two lights before that will go on along the way."""
    reach: float = 90.0
    """No light is called longer than this before the escort is expected."""
    room: float = 20.0
    """Metres behind a junction in which somebody who stands says that the exit is full."""
    spacing: float = 7.5
    """Metres of road that a standing vehicle takes."""
    keep: float = 30.0
    """A light that is held is not let go for a full exit when the escort is expected within this time."""
    wave: float = 5.0
    """Metres a second at which a standing queue begins to move, from its head to its end."""
    flush: float = 150.0
    """A blocked exit is flushed when the escort is expected there within this time."""
    side_gates: int = 3
    """At so many gates ahead, full roads beside the way are flushed too."""
    depth: int = 5
    """Beside the way, a jam is followed over so many roads."""
    reliefs: int = 4
    """Lights beside the way called for one gate at most."""
    side_hold: float = 40.0
    """A light beside the way is held no longer at a time."""
    hold: float = 75.0
    """No light is held longer before the escort passes it without a pause for the others."""
    pause: float = 18.0
    """That pause."""
    stuck: float = 150.0
    """The escort stood this long although its lights were held: everything is let go for a while."""
    rest: float = 40.0
    """That while."""
    lost: float = 120.0
    """Without a position for this long nothing more is asked."""
    repay_longest: float = 20.0
    """Green a starved approach is paid back at most."""
    repay_from: float = 3.0
    """Vehicles that stand in one lane, from which on an approach is paid back."""
    held_from: float = 15.0
    """A hold shorter than this starves nobody."""
    life: float = 5.0
    """An ask lives this long; it is renewed each second."""


PRESET = Settings()
