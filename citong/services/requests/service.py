"""Service requests: a report finds its hands, is handled in time, checked, closed and rated (mission, row 1)."""

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
    in_area,
    in_part,
    in_unit,
)
from citong.core.cases.door import Door, Step
from citong.core.cases.forms import NoteForm, ReasonForm, TurnForm
from citong.core.people.posts import Post
from citong.services.requests import forms
from citong.services.requests.parameters import CITY_LIMITS, DIGITAL_MANAGEMENT, HOTLINE_GUIDANCE
from citong.services.requests.rules import EveryPartDone, NotRatedYet, WithinReopenWindow

CLERK, DISPATCHER, VERIFIER = in_area(Post.CLERK), in_area(Post.DISPATCHER), in_area(Post.VERIFIER)
LEADERS = in_area(Post.DISPATCHER, Post.SUPERVISOR)
DESK = (*CLERK, *DISPATCHER, *VERIFIER, *in_area(Post.SUPERVISOR))
HANDS = in_unit(Post.HANDLER, Post.GRID_WORKER)
HELPERS = in_part(Post.HANDLER, Post.GRID_WORKER)

ACCEPT = ClockSpec("accept", _("Accept"), "accept", "4 working hours", CITY_LIMITS)
DISPATCH = ClockSpec("dispatch", _("Dispatch"), "dispatch", "4 working hours", CITY_LIMITS)
HANDLE = ClockSpec("handle", _("Handle"), "handle", "5 working days", CITY_LIMITS)
VERIFY = ClockSpec("verify", _("Verify"), "verify", "2 working days", CITY_LIMITS)


class Requests(CaseType):
    """The seven stages of digital city management, from report to rating."""

    code = "requests"
    label = _("Service requests")
    description = _("Anything in the city that needs a hand: report it once, follow it to its end.")
    ground = HOTLINE_GUIDANCE
    icon = "message-report"

    filed = State(_("To accept"), Stage.FILING, _("Received"), clocks=[ACCEPT])
    asked = State(
        _("Waiting for the reporter"),
        Stage.FILING,
        _("We have a question for you"),
        clocks=[ACCEPT],
        pauses=True,
    )
    dispatching = State(_("To dispatch"), Stage.DISPATCH, _("Accepted"), clocks=[DISPATCH])
    handling = State(_("Being handled"), Stage.HANDLING, _("Being handled"), hands=Hands.HANDLER, clocks=[HANDLE])
    checking = State(_("To verify"), Stage.VERIFICATION, _("Handled, being checked"), clocks=[VERIFY])
    closed = State(_("Closed"), Stage.EVALUATION, _("Closed"), ends=True)
    refused = State(_("Not accepted"), Stage.EVALUATION, _("Not accepted"), ends=True)
    withdrawn = State(_("Withdrawn"), Stage.EVALUATION, _("Withdrawn by the reporter"), ends=True, final=True)
    merged = State(_("Merged"), Stage.EVALUATION, _("Merged into another report"), ends=True, final=True)
    turned = State(_("Turned"), Stage.EVALUATION, _("Goes on as another matter"), ends=True, final=True)

    opening = Opening(
        filed, forms.ReportForm, by=(REPORTER, *CLERK, *in_unit(Post.GRID_WORKER)),
        door=Door(
            _("Report something"), _("Three short steps. With or without your name."),
            [
                Step(_("What"), ("text", "category", "photos", "title")),
                Step(_("Where"), ("address", "grid", "lon", "lat", "datum")),
                Step(
                    _("You"),
                    (
                        "reporting", "name", "phone", "email", "channels", "webhook", "behalf_name", "behalf_phone",
                        "named", "public",
                    ),
                ),
            ],
        ),
    )  # fmt: skip

    accept = Act(
        _("Accept"), _("The report was accepted."), [filed], CLERK, dispatching,
        form=forms.AcceptForm, does=Does.CLASSIFY, tells=[Tell.REPORTER], icon="check", ground=HOTLINE_GUIDANCE,
    )  # fmt: skip
    ask = Act(
        _("Ask the reporter"), _("We have a question about the report."), [filed], CLERK, asked,
        form=forms.AskForm, tells=[Tell.REPORTER], icon="message-question",
    )  # fmt: skip
    answer = Act(
        _("Answer"), _("The reporter answered."), [asked], (REPORTER, *CLERK), filed,
        form=forms.SupplementForm, tells=[Tell.DESK], icon="message-reply",
    )  # fmt: skip
    refuse = Act(
        _("Do not accept"), _("The report was not accepted."), [filed], CLERK, refused,
        form=ReasonForm, tells=[Tell.REPORTER], icon="x", danger=True,
    )  # fmt: skip
    dispatch = Act(
        _("Dispatch"), _("The report was sent to those who handle it."), [dispatching], DISPATCHER, handling,
        form=forms.DispatchForm, does=Does.ASSIGN, tells=[Tell.REPORTER, Tell.HANDLER], icon="send",
        ground=DIGITAL_MANAGEMENT,
    )  # fmt: skip
    send_back = Act(
        _("Send back to intake"), _("The report went back to intake."), [dispatching], DISPATCHER, filed,
        form=ReasonForm, tells=[Tell.DESK], icon="arrow-back-up",
    )  # fmt: skip
    take = Act(
        _("Take"), _("A handler took the case."), [handling], HANDS,
        does=Does.TAKE, icon="hand-grab",
    )  # fmt: skip
    feed_back = Act(
        _("Report as done"), _("The handler reported it as done."), [handling],
        HANDS, checking, form=forms.FeedBackForm, does=Does.FEED_BACK,
        guards=[EveryPartDone], tells=[Tell.REPORTER, Tell.DESK], icon="circle-check", ground=DIGITAL_MANAGEMENT,
    )  # fmt: skip
    return_ = Act(
        _("Return"), _("The case was returned for another dispatch."), [handling],
        HANDS, dispatching, form=ReasonForm, tells=[Tell.DESK], icon="arrow-back-up",
    )  # fmt: skip
    reassign = Act(
        _("Re-assign"), _("The case was given to another unit."), [handling],
        LEADERS, handling, form=forms.ReassignForm, does=Does.ASSIGN,
        tells=[Tell.REPORTER, Tell.HANDLER], icon="switch-horizontal",
    )  # fmt: skip
    invite = Act(
        _("Handle jointly"), _("Other units were asked to help."), [handling], LEADERS,
        form=forms.InviteForm, does=Does.INVITE, tells=[Tell.HANDLER], icon="users-plus",
    )  # fmt: skip
    finish_part = Act(
        _("Report my part as done"), _("A helping unit finished its part."), [handling], HELPERS,
        form=forms.PartForm, does=Does.FINISH_PART, tells=[Tell.HANDLER, Tell.DESK], icon="circle-check",
    )  # fmt: skip
    ask_delay = Act(
        _("Ask for more time"), _("More time was asked for."), [handling], HANDS,
        form=forms.DelayForm, does=Does.ASK_DELAY, tells=[Tell.DESK], icon="clock-plus",
    )  # fmt: skip
    decide_delay = Act(
        _("Decide on more time"), _("The request for more time was decided."), [handling],
        LEADERS, form=forms.DecisionForm, does=Does.DECIDE_DELAY,
        tells=[Tell.REPORTER, Tell.HANDLER], icon="clock-check", not_by=[ask_delay],
    )  # fmt: skip
    close = Act(
        _("Verify and close"), _("The result was checked and the case closed."), [checking], VERIFIER, closed,
        form=forms.VerifyForm, not_by=[feed_back, take, finish_part], tells=[Tell.REPORTER, Tell.HANDLER],
        icon="rosette-discount-check", ground=DIGITAL_MANAGEMENT,
    )  # fmt: skip
    rework = Act(
        _("Not good enough"), _("The check found that more must be done."), [checking], VERIFIER, handling,
        form=ReasonForm, does=Does.REWORK, not_by=[feed_back, take, finish_part],
        tells=[Tell.REPORTER, Tell.HANDLER], icon="rotate",
    )  # fmt: skip
    rate = Act(
        _("Rate"), _("The reporter rated the handling."), [closed], [REPORTER],
        form=forms.RateForm, does=Does.RATE, guards=[NotRatedYet], tells=[Tell.DESK, Tell.HANDLER], icon="star",
    )  # fmt: skip
    reopen = Act(
        _("Reopen"), _("The case was reopened."), [closed, refused], (REPORTER, *in_area(Post.SUPERVISOR)), dispatching,
        form=ReasonForm, does=Does.REOPEN, guards=[WithinReopenWindow],
        tells=[Tell.REPORTER, Tell.DESK, Tell.HANDLER], icon="refresh",
    )  # fmt: skip
    urge = Act(
        _("Urge"), _("The case was urged."), [filed, dispatching, handling, checking],
        (REPORTER, *in_area(Post.SUPERVISOR, Post.CLERK)), form=ReasonForm, does=Does.URGE,
        tells=[Tell.DESK, Tell.HANDLER, Tell.PARTS], icon="bell-ringing",
    )  # fmt: skip
    supplement = Act(
        pgettext_lazy("act", "Add"), _("Something was added to the report."), [filed, dispatching, handling, checking],
        [REPORTER], form=forms.SupplementForm, tells=[Tell.DESK, Tell.HANDLER], icon="photo-plus",
    )  # fmt: skip
    note = Act(
        _("Note"), _("A note was made."), [filed, asked, dispatching, handling, checking],
        (*DESK, *HANDS),
        form=NoteForm, icon="note", public=False,
    )  # fmt: skip
    split = Act(
        _("Split"), _("A part became a case of its own."), [filed, dispatching, handling],
        (*CLERK, *DISPATCHER), form=forms.SplitForm, does=Does.SPLIT,
        tells=[Tell.REPORTER], icon="arrows-split",
    )  # fmt: skip
    merge = Act(
        _("Merge"), _("The report was merged into another one about the same matter."), [filed, dispatching],
        (*CLERK, *DISPATCHER), merged, form=forms.MergeForm, does=Does.MERGE,
        tells=[Tell.REPORTER], icon="arrows-join", danger=True,
    )  # fmt: skip
    turn = Act(
        _("Turn into a dispute or another matter"), _("It goes on as a matter of another kind."), [filed, dispatching],
        (*CLERK, *DISPATCHER), turned, form=TurnForm, does=Does.TURN,
        tells=[Tell.REPORTER], icon="arrows-right-left", ground=HOTLINE_GUIDANCE, danger=True,
    )  # fmt: skip
    withdraw = Act(
        _("Withdraw"), _("The reporter withdrew the report."), [filed, asked, dispatching], [REPORTER], withdrawn,
        form=ReasonForm, tells=[Tell.DESK], icon="trash", danger=True,
    )  # fmt: skip
    escalate = Act(
        _("Escalate"), _("The case rose to the next level."), [filed, dispatching, handling, checking],
        (SYSTEM, *in_area(Post.SUPERVISOR)), does=Does.RAISE, tells=[Tell.DESK, Tell.HANDLER], icon="arrow-up-circle",
    )  # fmt: skip
