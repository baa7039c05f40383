"""The words a service is declared in: case types, states, acts, clocks, and who may act.

Plain classes. A declaration is checked when its class is made; a fault stops the start and names file and mend.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrPromise

from citong.core.people.posts import Post
from citong.kit.durations import parse
from citong.kit.rule import CityDecision, DeclarationError, Law, Rule

Words = str | StrPromise


class Stage(models.TextChoices):
    """The seven stages of digital city management, in their order (GB/T 30428, parts 1 and 8)."""

    COLLECTION = "collection", _("Collection")
    FILING = "filing", _("Filing")
    DISPATCH = "dispatch", pgettext_lazy("stage", "Dispatch")
    HANDLING = "handling", pgettext_lazy("stage", "Handling")
    FEEDBACK = "feedback", _("Feedback")
    VERIFICATION = "verification", _("Verification and closing")
    EVALUATION = "evaluation", _("Evaluation")


class Reach(StrEnum):
    """How far a post's hand reaches: the case is with its unit, in its division, or its own report."""

    UNIT = "unit"
    PART = "part"
    AREA = "area"
    OWN = "own"


class Hands(StrEnum):
    """In whose hands a case is while in a state."""

    DESK = "desk"
    HANDLER = "handler"


class Does(StrEnum):
    """What an act does besides moving the state. Each word is one function in citong.core.flow.

    What one service alone does is a function of its own, given to the act instead of a word.
    """

    NOTHING = "nothing"
    CLASSIFY = "classify"
    ASSIGN = "assign"
    TAKE = "take"
    INVITE = "invite"
    FINISH_PART = "finish_part"
    URGE = "urge"
    ASK_DELAY = "ask_delay"
    DECIDE_DELAY = "decide_delay"
    SPLIT = "split"
    MERGE = "merge"
    FEED_BACK = "feed_back"
    REWORK = "rework"
    RATE = "rate"
    REOPEN = "reopen"
    RAISE = "raise"


class Tell(StrEnum):
    """Who hears of an act."""

    REPORTER = "reporter"
    FOLLOWERS = "followers"
    DESK = "desk"
    HANDLER = "handler"
    PARTS = "parts"


@dataclass(frozen=True)
class Who:
    """A post and its reach; `SYSTEM` is the platform itself acting on a clock."""

    post: str
    reach: Reach


SYSTEM = Who("system", Reach.AREA)
REPORTER = Who(Post.RESIDENT, Reach.OWN)


def in_unit(*posts: str) -> tuple[Who, ...]:
    """These posts, where the case is in the hands of their unit."""
    return tuple(Who(post, Reach.UNIT) for post in posts)


def in_part(*posts: str) -> tuple[Who, ...]:
    """These posts, where their unit owes an open part of the case."""
    return tuple(Who(post, Reach.PART) for post in posts)


def in_area(*posts: str) -> tuple[Who, ...]:
    """These posts, where the case lies in the division of their unit."""
    return tuple(Who(post, Reach.AREA) for post in posts)


@dataclass(frozen=True)
class ClockSpec:
    """A deadline that runs while a case is in certain states.

    `limit` names a limit of the city (city.toml, [limits]); `span` holds where the city says nothing.
    """

    code: str
    label: Words
    limit: str
    span: str
    source: Law | CityDecision


Effect = Callable[[Any], None]  # of a citong.core.flow.doing.Doing


@dataclass
class State:
    """A state of a case. `ends` stops all clocks; `final` has no way out; `pauses` stops the clocks for a while."""

    label: Words
    stage: Stage
    public: Words
    hands: Hands = Hands.DESK
    clock: ClockSpec | None = None
    pauses: bool = False
    ends: bool = False
    final: bool = False
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


@dataclass
class Act:
    """One step that somebody may take: from where, to where, who, with which form, who hears of it."""

    label: Words
    done: Words
    source: Sequence[State]
    by: Sequence[Who]
    target: State | None = None
    form: type[forms.Form] | None = None
    does: Does | Effect = Does.NOTHING
    not_by: Sequence["Act"] = ()
    guards: Sequence[type[Rule]] = ()
    tells: Sequence[Tell] = ()
    ground: Law | CityDecision | None = None
    icon: str = "arrow-right"
    danger: bool = False
    public: bool = True
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.rstrip("_")


@dataclass(frozen=True)
class Opening:
    """How a case of this type comes to be.

    `to` is whom it is for where no duty of the city names its kind, as a duty says it: `grid` or `function@level`.
    Where the first state is in a handler's hands, it begins there. What staff open `for_others` is never their own.
    """

    state: State
    form: type[forms.Form]
    by: Sequence[Who] = field(default_factory=tuple)
    place_required: bool = False
    to: str = ""
    for_others: bool = False


KEYS = {"code", "label", "description", "ground", "opening", "icon", "describe"}


class CaseType:
    """Declare a service by a subclass: its states, its acts, how it opens, and the law it stands on."""

    code: ClassVar[str]
    label: ClassVar[Words]
    description: ClassVar[Words]
    ground: ClassVar[Law]
    opening: ClassVar[Opening]
    icon: ClassVar[str] = "clipboard"
    states: ClassVar[Mapping[str, State]]
    acts: ClassVar[Mapping[str, Act]]

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if not name.startswith("__")}
        cls.states = {value.name: value for value in own.values() if isinstance(value, State)}
        cls.acts = {value.name: value for value in own.values() if isinstance(value, Act)}
        faults = list(_faults(cls, own))
        if faults:
            raise DeclarationError(cls, "is not a usable declaration", mend="; ".join(faults))

    @classmethod
    def leaving(cls, state: str) -> list[Act]:
        """The acts that can be taken in a state, in the order they were declared."""
        return [act for act in cls.acts.values() if any(s.name == state for s in act.source)]

    @classmethod
    def clocks_of(cls, state: str) -> ClockSpec | None:
        """The clock that runs in a state, if any."""
        return cls.states[state].clock


def _faults(cls: type[CaseType], own: Mapping[str, Any]) -> Iterable[str]:
    """Every fault of a declaration, each as a sentence with its mend."""
    for key in ("code", "label", "description", "ground", "opening"):
        if not hasattr(cls, key):
            yield f"`{key}` is missing: declare it"
    for name, value in own.items():
        if name not in KEYS and not isinstance(value, State | Act | classmethod) and name not in ("states", "acts"):
            yield f"`{name}` is not a word of a declaration: remove it or make it a State or an Act"
    if not isinstance(getattr(cls, "ground", None), Law):
        yield "`ground` must be a Law: name the law or regulation this service stands on"
    if hasattr(cls, "opening"):
        yield from _opening_faults(cls.opening)
        yield from _state_faults(cls)
    yield from _lapse_faults(cls)
    for act in cls.acts.values():
        yield from _act_faults(cls, act)


def _lapse_faults(cls: type[CaseType]) -> Iterable[str]:
    lifts = any(act.does == Does.RAISE and SYSTEM in act.by for act in cls.acts.values())
    if any(state.clock for state in cls.states.values()) and not lifts:
        yield "it has clocks and nothing happens when one runs out: add an act by SYSTEM that does Does.RAISE"


def _opening_faults(opening: Opening) -> Iterable[str]:
    for name in ("title", "text"):
        if name not in opening.form.base_fields:
            yield f"the form of its opening has no field `{name}`: every case has one, add it"


def _state_faults(cls: type[CaseType]) -> Iterable[str]:
    reached = _reached(cls)
    for name, state in cls.states.items():
        if name not in reached:
            yield f"state `{name}` can not be reached: give an act the target `{name}` or remove the state"
        ways_out = [act.name for act in cls.leaving(name) if act.target not in (None, state)]
        if state.final and ways_out:
            yield f"state `{name}` is final and `{ways_out[0]}` leads out of it: drop one of the two"
        if not state.final and not ways_out:
            yield f"state `{name}` has no way out and is not final: add an act or mark it final"
        if state.clock is not None:
            yield from _clock_faults(state.clock)


def _reached(cls: type[CaseType]) -> set[str]:
    reached, waiting = {cls.opening.state.name}, [cls.opening.state.name]
    while waiting:
        targets = {act.target.name for act in cls.leaving(waiting.pop()) if act.target is not None}
        waiting += targets - reached
        reached |= targets
    return reached


def _clock_faults(clock: ClockSpec) -> Iterable[str]:
    try:
        parse(clock.span)
    except ValueError as fault:
        yield f"clock `{clock.code}` has no usable span ({fault}): write e.g. '5 working days'"
    if not isinstance(clock.source, Law | CityDecision):
        yield f"clock `{clock.code}` names no source: add the Law or CityDecision that sets it"


def _act_faults(cls: type[CaseType], act: Act) -> Iterable[str]:
    known = {*Post.values, SYSTEM.post}
    for state in [*act.source, *([act.target] if act.target else [])]:
        if cls.states.get(state.name) is not state:
            yield f"act `{act.name}` names a state of another declaration: use this class's own"
    for who in act.by:
        if who.post not in known:
            yield f"act `{act.name}` is for `{who.post}`, which is no post: use one of {', '.join(sorted(known))}"
    if not act.by:
        yield f"act `{act.name}` is for nobody: say who may do it in `by`"
    if not act.source:
        yield f"act `{act.name}` starts nowhere: name at least one state in `source`"
