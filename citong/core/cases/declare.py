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

from citong.core.cases.door import Door
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
    """How far a post's hand reaches: the case is with its unit, in its division, or its own report.

    HELD: in this person's own hands. PARTY: the person is a party of it. SIDE, for reading alone: a party of the side
    that an act named.
    """

    UNIT = "unit"
    PART = "part"
    AREA = "area"
    OWN = "own"
    HELD = "held"
    PARTY = "party"
    SIDE = "side"


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
    TURN = "turn"


class Tell(StrEnum):
    """Who hears of an act."""

    REPORTER = "reporter"
    FOLLOWERS = "followers"
    DESK = "desk"
    HANDLER = "handler"
    PARTS = "parts"
    PARTIES = "parties"
    SIDE = "side"
    HOLDER = "holder"


@dataclass(frozen=True)
class Who:
    """A post and its reach, for parties of one `side` where it is named; `SYSTEM` is the platform acting on a clock."""

    post: str
    reach: Reach
    side: str = ""


SYSTEM = Who("system", Reach.AREA)
REPORTER = Who(Post.RESIDENT, Reach.OWN)
PARTY = Who(Post.RESIDENT, Reach.PARTY)
SIDE = Who(Post.RESIDENT, Reach.SIDE)


def party_of(side: str) -> Who:
    """A party of one side of the case: "applicant", "respondent" or "third"."""
    return Who(Post.RESIDENT, Reach.PARTY, side)


def in_unit(*posts: str) -> tuple[Who, ...]:
    """These posts, where the case is in the hands of their unit."""
    return tuple(Who(post, Reach.UNIT) for post in posts)


def in_part(*posts: str) -> tuple[Who, ...]:
    """These posts, where their unit owes an open part of the case."""
    return tuple(Who(post, Reach.PART) for post in posts)


def in_area(*posts: str) -> tuple[Who, ...]:
    """These posts, where the case lies in the division of their unit."""
    return tuple(Who(post, Reach.AREA) for post in posts)


def held_by(*posts: str) -> tuple[Who, ...]:
    """These posts, where the case is in the person's own hands."""
    return tuple(Who(post, Reach.HELD) for post in posts)


@dataclass(frozen=True)
class Term:
    """A span and the law or decision that sets it; `label` says on which line of law."""

    span: str
    source: Law | CityDecision
    label: Words = ""


@dataclass(frozen=True)
class ClockSpec:
    """A deadline that runs while a case is in certain states.

    `limit` names a limit of the city (city.toml, [limits]); `span` holds where the city says nothing. `by_line` are the
    terms of special lines of law (`Case.line`). A clock that `waits` is begun by an act's effect. `then` is the act
    that the platform takes when the clock runs out; else the case rises. That a `window` passes is no lateness.
    """

    code: str
    label: Words
    limit: str
    span: str
    source: Law | CityDecision
    by_line: Mapping[str, Term] = field(default_factory=dict, compare=False)
    then: str = ""
    window: bool = False
    waits: bool = False

    def term(self, line: str) -> Term:
        """What holds on this line of law."""
        return self.by_line.get(line) or Term(self.span, self.source)


Effect = Callable[[Any], None]  # of a citong.core.flow.doing.Doing


@dataclass
class State:
    """A state of a case. `ends` stops all clocks; `final` has no way out; `pauses` stops the clocks for a while."""

    label: Words
    stage: Stage
    public: Words
    hands: Hands = Hands.DESK
    clocks: Sequence[ClockSpec] = ()
    pauses: bool = False
    ends: bool = False
    final: bool = False
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name


@dataclass
class Act:
    """One step that somebody may take: from where, to where, who, with which form, who hears of it.

    `reads`, in a private service: who reads its words, besides whoever took it; else those whom the service names.
    `leads` are states to which its effect may bring the case, such as the last of several consents.
    """

    label: Words
    done: Words
    source: Sequence[State]
    by: Sequence[Who]
    target: State | None = None
    form: type[forms.Form] | None = None
    does: Does | Effect = Does.NOTHING
    not_by: "Sequence[Act | Opened]" = ()
    guards: Sequence[type[Rule]] = ()
    tells: Sequence[Tell] = ()
    ground: Law | CityDecision | None = None
    icon: str = "arrow-right"
    danger: bool = False
    public: bool = True
    reads: Sequence[Who] = ()
    leads: Sequence[State] = ()
    name: str = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name.rstrip("_")

    @property
    def targets(self) -> list[State]:
        """Every state to which it may bring the case."""
        return [*([self.target] if self.target else []), *self.leads]


@dataclass(frozen=True)
class Opened:
    """The opening of a case, where an act must not be by whoever did it."""

    name: str = "open"


OPENED = Opened()


@dataclass(frozen=True)
class Opening:
    """How a case of this type comes to be.

    `to` is whom it is for where no duty of the city names its kind, as a duty says it: `grid` or `function@level`.
    Where the first state is in a handler's hands, it begins there. What staff open `for_others` is never their own.
    `parties` makes of the answers who is a party; else the reporter is, with those they name. A `door` lets residents
    in at the site. `takes` makes of a case of another service, and of its first words, the answers to this form.
    """

    state: State
    form: type[forms.Form]
    by: Sequence[Who] = field(default_factory=tuple)
    place_required: bool = False
    to: str = ""
    for_others: bool = False
    parties: Callable[[Any, Mapping[str, Any], Any], list[Any]] | None = None  # (case, answers, actor) -> parties
    door: Door | None = None
    takes: Callable[[Any, Mapping[str, str]], Mapping[str, Any]] | None = None  # (case, words) -> answers


KEYS = {"code", "label", "description", "ground", "opening", "icon", "describe", "reads", "leaves"}


class CaseType:
    """Declare a service by a subclass: its states, its acts, how it opens, and the law it stands on.

    A tuple of states is a name for what several acts leave from. With `reads` it is private: the row of a case carries
    no words, its title is the name of a kind, and these alone read what was said; whoever else sees the case sees its
    course. `leaves` is an effect of every act, after the act's own: what it leaves behind besides, such as papers.
    """

    code: ClassVar[str]
    label: ClassVar[Words]
    description: ClassVar[Words]
    ground: ClassVar[Law]
    opening: ClassVar[Opening]
    icon: ClassVar[str] = "clipboard"
    reads: ClassVar[Sequence[Who]] = ()
    leaves: ClassVar[Effect | None] = None
    states: ClassVar[Mapping[str, State]]
    acts: ClassVar[Mapping[str, Act]]

    def __init_subclass__(cls) -> None:
        own = {name: value for name, value in vars(cls).items() if not name.startswith("__")}
        cls.states = {value.name: value for value in own.values() if isinstance(value, State)}
        cls.acts = {value.name: value for value in own.values() if isinstance(value, Act)}
        if faults := list(_faults(cls, own)):
            raise DeclarationError(cls, "is not a usable declaration", mend="; ".join(faults))

    @classmethod
    def leaving(cls, state: str) -> list[Act]:
        """The acts that can be taken in a state, in the order they were declared."""
        return [act for act in cls.acts.values() if any(s.name == state for s in act.source)]

    @classmethod
    def clocks(cls) -> dict[str, ClockSpec]:
        """Every clock of this type by its code, in the order of its states."""
        return {spec.code: spec for state in cls.states.values() for spec in state.clocks}

    @classmethod
    def forget(cls, case: Any) -> None:
        """What the service's own tables know of people in the case is gone: its time has passed. To be overridden."""

    @classmethod
    def keeps_finder(cls) -> bool:
        """Whether an act must not be by whoever opened the case."""
        return any(OPENED in act.not_by for act in cls.acts.values())


def _faults(cls: type[CaseType], own: Mapping[str, Any]) -> Iterable[str]:
    """Every fault of a declaration, each as a sentence with its mend."""
    for key in ("code", "label", "description", "ground", "opening"):
        if not hasattr(cls, key):
            yield f"`{key}` is missing: declare it"
    for name, value in own.items():
        if name not in KEYS and not _is_said(value) and name not in ("states", "acts"):
            yield f"`{name}` is not a word of a declaration: remove it or make it a State, an Act or a row of states"
    if not isinstance(getattr(cls, "ground", None), Law):
        yield "`ground` must be a Law: name the law or regulation this service stands on"
    if hasattr(cls, "opening"):
        yield from _opening_faults(cls.opening)
        yield from _state_faults(cls)
    yield from _lapse_faults(cls)
    for act in cls.acts.values():
        yield from _act_faults(cls, act)


def _is_said(value: object) -> bool:
    """Whether it is a state, an act, a row of states that several acts share, or what the class itself does."""
    if isinstance(value, tuple):
        return all(isinstance(one, State) for one in value)
    return isinstance(value, State | Act | classmethod)


def _lapse_faults(cls: type[CaseType]) -> Iterable[str]:
    lifts = any(act.does == Does.RAISE and SYSTEM in act.by for act in cls.acts.values())
    specs = cls.clocks().values()
    if any(not spec.then and not spec.window for spec in specs) and not lifts:
        yield "it has clocks and nothing happens when one runs out: add an act by SYSTEM that does Does.RAISE"
    for spec in specs:
        then = cls.acts.get(spec.then)
        if spec.then and (then is None or SYSTEM not in then.by):
            yield f"clock `{spec.code}` ends in `{spec.then}`, which the platform can not do: name an act by SYSTEM"
        for state in cls.states.values():
            if then is not None and spec in state.clocks and state not in then.source:
                yield f"clock `{spec.code}` runs in `{state.name}`, where `{then.name}` is no act: add the state to it"


def _opening_faults(opening: Opening) -> Iterable[str]:
    for name in ("title", "text"):
        if name not in opening.form.base_fields:
            yield f"the form of its opening has no field `{name}`: every case has one, add it"
    if opening.door is not None:
        yield from opening.door.faults(opening.form.base_fields, lets_in=REPORTER in opening.by)


def _state_faults(cls: type[CaseType]) -> Iterable[str]:
    reached = _reached(cls)
    for name, state in cls.states.items():
        if name not in reached:
            yield f"state `{name}` can not be reached: give an act the target `{name}` or remove the state"
        ways_out = [act.name for act in cls.leaving(name) if any(to is not state for to in act.targets)]
        if state.final and ways_out:
            yield f"state `{name}` is final and `{ways_out[0]}` leads out of it: drop one of the two"
        if not state.final and not ways_out:
            yield f"state `{name}` has no way out and is not final: add an act or mark it final"
        for spec in state.clocks:
            yield from _clock_faults(spec)


def _reached(cls: type[CaseType]) -> set[str]:
    reached, waiting = {cls.opening.state.name}, [cls.opening.state.name]
    while waiting:
        targets = {to.name for act in cls.leaving(waiting.pop()) for to in act.targets}
        waiting += targets - reached
        reached |= targets
    return reached


def _clock_faults(clock: ClockSpec) -> Iterable[str]:
    for term in (Term(clock.span, clock.source), *clock.by_line.values()):
        try:
            parse(term.span or "1 day")
        except ValueError as fault:
            yield f"clock `{clock.code}` has no usable span ({fault}): write e.g. '5 working days'"
        if not isinstance(term.source, Law | CityDecision):
            yield f"clock `{clock.code}` names no source: add the Law or CityDecision that sets it"


def _act_faults(cls: type[CaseType], act: Act) -> Iterable[str]:
    known = {*Post.values, SYSTEM.post}
    for state in [*act.source, *act.targets]:
        if cls.states.get(state.name) is not state:
            yield f"act `{act.name}` names a state of another declaration: use this class's own"
    if act.reads and not cls.reads:
        yield f"act `{act.name}` hides its words and the service is not private: give the service its `reads`"
    for who in (*act.by, *act.reads):
        if who.post not in known:
            yield f"act `{act.name}` is for `{who.post}`, which is no post: use one of {', '.join(sorted(known))}"
    if not act.by:
        yield f"act `{act.name}` is for nobody: say who may do it in `by`"
    if not act.source:
        yield f"act `{act.name}` starts nowhere: name at least one state in `source`"
