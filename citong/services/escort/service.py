"""Escort: green all the way for an ambulance or a police escort, asked on the road and approved with one key."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.declare import (
    REPORTER,
    SYSTEM,
    Act,
    CaseType,
    ClockSpec,
    Does,
    Hands,
    Opening,
    Stage,
    State,
    Tell,
    Words,
    held_by,
    in_area,
    in_unit,
)
from citong.core.cases.forms import NoteForm, ReasonForm
from citong.core.cases.models import Case
from citong.core.people.posts import Post
from citong.services.escort import effects, forms, keeping
from citong.services.escort.opening import opening_rows
from citong.services.escort.parameters import DIRECTED, EMERGENCY, HOUSE_RULES, MEASURES, POLICE_DUTY, WHEREABOUTS
from citong.services.escort.rules import DriverIsKnown, NobodyStandsThere

DRIVER, OPERATOR = held_by(Post.OFFICER), in_unit(Post.OPERATOR)
CLERK, OFFICER = in_area(Post.CLERK), in_unit(Post.OFFICER)
CENTRE = (*OPERATOR, *CLERK)
ON_THE_WAY, READERS = (*DRIVER, *OPERATOR), (REPORTER, *DRIVER, *OPERATOR)
HEARS = [Tell.REPORTER, Tell.HOLDER]
ALL_HEAR = [*HEARS, Tell.HANDLER]

APPROVE = ClockSpec("escort_approve", _("Answer the escort"), "escort_approve", "1 minute", HOUSE_RULES)
SET_OFF = ClockSpec("escort_set_off", _("Set off"), "escort_set_off", "10 minutes", HOUSE_RULES, then="lapse")
DRIVE = ClockSpec("escort_drive", _("Arrive"), "escort_drive", "2 hours", HOUSE_RULES, then="lapse")


def over(label: Words, public: Words) -> State:
    """A state that ends the case; whoever had it in hand still sees it."""
    return State(label, Stage.EVALUATION, public, Hands.HANDLER, ends=True, final=True)


class EscortService(CaseType):
    """From the wish on the road to the report of what it won and what it cost others."""

    code = "escort"
    label = _("Green escort")
    description = _("Lights along the way turn green for an ambulance or a police escort, and pay others back.")
    ground = EMERGENCY
    icon = "ambulance"
    reads = READERS
    leaves = effects.leave

    asked = State(
        pgettext_lazy("escort", "Asked for"), Stage.DISPATCH, _("The centre was asked"), Hands.HANDLER, [APPROVE]
    )
    approved = State(
        pgettext_lazy("escort", "Approved"), Stage.DISPATCH, _("Approved: it may set off"), Hands.HANDLER, [SET_OFF]
    )
    under_way = State(
        pgettext_lazy("escort", "Under way"),
        Stage.HANDLING,
        pgettext_lazy("escort", "Under way"),
        Hands.HANDLER,
        [DRIVE],
    )
    arrived = over(pgettext_lazy("escort", "Arrived"), _("It arrived"))
    ended = over(_("Ended on the way"), _("It ended on the way"))
    aborted = over(pgettext_lazy("escort", "Aborted"), _("The centre let go"))
    refused = over(pgettext_lazy("escort", "Refused"), _("The centre refused"))
    withdrawn = over(pgettext_lazy("escort", "Withdrawn"), _("Withdrawn"))

    before = (asked, approved)
    living = (asked, approved, under_way)

    opening = Opening(
        asked, forms.AskForm, by=(*OFFICER, *CLERK), place_required=True, to="traffic_police@district",
        parties=opening_rows,
    )  # fmt: skip

    name_driver = Act(
        _("Say who drives"), _("It is known who drives."), before, CENTRE, form=forms.DriverForm,
        does=effects.name_driver, tells=[Tell.HOLDER], icon="steering-wheel",
    )  # fmt: skip
    approve = Act(
        pgettext_lazy("act", "Approve"), _("The centre approved the escort."), [asked], OPERATOR, approved,
        does=effects.approve, guards=[DriverIsKnown], tells=ALL_HEAR, icon="check", ground=MEASURES,
    )  # fmt: skip
    refuse = Act(
        pgettext_lazy("escort", "Refuse"), _("The centre refused the escort."), [asked], OPERATOR, refused,
        form=ReasonForm, does=effects.stop, tells=HEARS, icon="x", danger=True,
    )  # fmt: skip
    withdraw = Act(
        _("Withdraw"), _("The escort is not needed any more."), before, (*CLERK, *DRIVER), withdrawn,
        does=effects.stop, tells=ALL_HEAR, icon="trash", danger=True,
    )  # fmt: skip
    set_off = Act(
        _("Set off"), _("The escort set off: its place is read until it ends."), [approved], DRIVER, under_way,
        does=effects.set_off, tells=[Tell.HANDLER], icon="player-play", ground=WHEREABOUTS,
    )  # fmt: skip
    arrive = Act(
        _("Say it arrived"), _("The escort arrived."), [under_way], ON_THE_WAY, arrived,
        does=effects.arrive, tells=ALL_HEAR, icon="flag-check",
    )  # fmt: skip
    end = Act(
        _("End on the way"), _("The escort ended on the way."), [under_way], ON_THE_WAY, ended,
        form=forms.EndForm, does=effects.stop, tells=ALL_HEAR, icon="player-stop", danger=True,
    )  # fmt: skip
    abort = Act(
        pgettext_lazy("escort", "Abort"), _("The centre let go of the escort."), [approved, under_way], OPERATOR,
        aborted, form=forms.AbortForm, does=effects.stop, tells=ALL_HEAR, icon="alert-octagon", danger=True,
        ground=MEASURES,
    )  # fmt: skip
    lose = Act(
        _("Let go: no place"), _("Its place was lost, and everything was let go."), [under_way], [SYSTEM], aborted,
        does=effects.stop, tells=ALL_HEAR, icon="map-pin-off",
    )  # fmt: skip
    lapse = Act(
        _("Let go: time is over"), _("Its time was over, and everything was let go."), [approved, under_way], [SYSTEM],
        aborted, does=effects.stop, tells=ALL_HEAR, icon="clock-off",
    )  # fmt: skip
    hand_on = Act(
        _("Hand to the next district"), _("The next district leads the escort."), [under_way], OPERATOR,
        form=forms.HandOnForm, does=effects.hand_on, tells=[*HEARS, Tell.HANDLER], icon="arrows-exchange",
    )  # fmt: skip
    blocked = Act(
        _("The road ahead is blocked"), _("The road ahead is blocked; another way is planned."), [under_way],
        ON_THE_WAY, does=effects.blocked, tells=[Tell.HANDLER], icon="barrier-block",
    )  # fmt: skip
    send_officer = Act(
        _("Send an officer"), _("An officer goes to a junction without lights."), living, OPERATOR,
        form=forms.SendForm, does=effects.send_officer, guards=[NobodyStandsThere], icon="user-shield", ground=DIRECTED,
    )  # fmt: skip
    note = Act(
        _("Note"), _("A note was made."), living, (*OPERATOR, *CLERK), form=NoteForm, icon="note", public=False,
        ground=POLICE_DUTY,
    )  # fmt: skip
    escalate = Act(
        _("Escalate"), _("The case rose to the next level."), [asked], (SYSTEM, *in_area(Post.SUPERVISOR)),
        does=Does.RAISE, tells=[Tell.DESK, Tell.HANDLER], icon="arrow-up-circle",
    )  # fmt: skip

    @classmethod
    def forget(cls, case: Case) -> None:
        keeping.forget(case)
