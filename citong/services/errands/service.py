"""Errands: a grid worker does for an old or ill neighbour what they can not do themselves, and accounts for it."""

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
    in_unit,
)
from citong.core.cases.door import Door, Step
from citong.core.cases.forms import NoteForm, ReasonForm
from citong.core.people.posts import Post
from citong.services.errands import effects, forms
from citong.services.errands.parameters import (
    CITY_LIMITS,
    COMMITTEES,
    MANDATE_HAND_OVER,
    MANDATE_IN_PERSON,
    MANDATE_MONEY,
    MANDATE_REPORT,
    OLD_PEOPLE,
)

CLERK, LEADERS = in_area(Post.CLERK), in_area(Post.DISPATCHER, Post.SUPERVISOR)
CLOSERS = in_area(Post.CLERK, Post.VERIFIER)
WORKER = in_unit(Post.GRID_WORKER)
PERSON = (REPORTER, *CLERK)

TAKE = ClockSpec("errand_take", _("Take the errand"), "errand_take", "1 working day", CITY_LIMITS)
RUN = ClockSpec("errand_run", _("Do the errand"), "errand_run", "5 working days", CITY_LIMITS)
ASK = ClockSpec("errand_ask", _("Ask the person"), "errand_ask", "10 working days", CITY_LIMITS)


class Errands(CaseType):
    """From the wish to the thanks, with both signatures under every fen and every paper."""

    code = "errands"
    label = _("Errands")
    description = _("Help for neighbours who can not go themselves: asked for once, done, accounted for, thanked.")
    ground = OLD_PEOPLE
    icon = "shopping-bag"

    asked = State(_("Asked for"), Stage.FILING, _("Received"), hands=Hands.HANDLER, clocks=[TAKE])
    taken = State(
        pgettext_lazy("errand", "Taken"), Stage.DISPATCH, _("Somebody will do it"), hands=Hands.HANDLER, clocks=[RUN]
    )
    under_way = State(_("Under way"), Stage.HANDLING, _("Being done"), hands=Hands.HANDLER, clocks=[RUN])
    handed_over = State(
        _("Handed over"), Stage.FEEDBACK, _("Done: how was it?"), hands=Hands.HANDLER, clocks=[ASK]
    )  # fmt: skip
    closed = State(_("Closed with thanks"), Stage.EVALUATION, _("Closed"), ends=True, final=True)
    withdrawn = State(_("Withdrawn"), Stage.EVALUATION, _("Withdrawn"), ends=True, final=True)
    not_possible = State(_("Not possible"), Stage.EVALUATION, _("Could not be done"), ends=True, final=True)

    opening = Opening(
        asked, forms.ErrandForm, by=(REPORTER, *CLERK, *WORKER), place_required=True, to="grid", for_others=True,
        door=Door(
            _("Ask for a hand"), _("Shopping, medicine, a way to an office: a grid worker does it for you."),
            [
                Step(_("What"), ("kind", "text", "wanted_on", "photos")),
                Step(_("Where"), ("address", "grid", "lon", "lat", "datum")),
                Step(_("For whom"), ("name", "phone", "channels")),
            ],
        ),
    )  # fmt: skip

    take = Act(
        _("Take"), _("A grid worker took the errand."), [asked], WORKER, taken,
        does=Does.TAKE, tells=[Tell.REPORTER], icon="hand-grab", ground=COMMITTEES,
    )  # fmt: skip
    step = Act(
        _("Write down a step"), _("A step was done."), [taken, under_way], WORKER, under_way,
        form=forms.StepForm, tells=[Tell.REPORTER], icon="walk", ground=MANDATE_REPORT,
    )  # fmt: skip
    receive_money = Act(
        _("Receive money"), _("Money was received for the errand."), [taken, under_way], WORKER, under_way,
        form=forms.MoneyReceivedForm, does=effects.receive_money, tells=[Tell.REPORTER], icon="cash",
        ground=MANDATE_MONEY,
    )  # fmt: skip
    spend = Act(
        _("Write down a payment"), _("Money was paid for the errand."), [under_way], WORKER,
        form=forms.SpentForm, does=effects.spend, tells=[Tell.REPORTER], icon="receipt", ground=MANDATE_MONEY,
    )  # fmt: skip
    return_money = Act(
        _("Return money"), _("What was left was returned."), [under_way], WORKER,
        form=forms.MoneyReturnedForm, does=effects.return_money, tells=[Tell.REPORTER], icon="cash-off",
        ground=MANDATE_HAND_OVER,
    )  # fmt: skip
    receive_papers = Act(
        _("Receive papers"), _("Papers were received for the errand."), [taken, under_way], WORKER, under_way,
        form=forms.PapersForm, does=effects.receive_papers, tells=[Tell.REPORTER], icon="file-import",
        ground=MANDATE_MONEY,
    )  # fmt: skip
    return_papers = Act(
        _("Return papers"), _("Papers were returned."), [under_way], WORKER,
        form=forms.PapersForm, does=effects.return_papers, tells=[Tell.REPORTER], icon="file-export",
        ground=MANDATE_HAND_OVER,
    )  # fmt: skip
    hand_over = Act(
        _("Hand over"), _("The errand was done and handed over."), [under_way], WORKER, handed_over,
        form=forms.HandOverForm, does=effects.hand_over, tells=[Tell.REPORTER, Tell.DESK], icon="package",
        ground=MANDATE_HAND_OVER,
    )  # fmt: skip
    thank = Act(
        _("Say how it was"), _("The person who asked said how it was."), [handed_over], [REPORTER], closed,
        form=forms.ThankForm, does=Does.RATE, tells=[Tell.DESK, Tell.HANDLER], icon="heart",
    )  # fmt: skip
    close = Act(
        _("Ask and close"), _("The person was asked, and the errand closed."), [handed_over], CLOSERS, closed,
        form=forms.CloseForm, not_by=[take, hand_over], tells=[Tell.REPORTER, Tell.HANDLER],
        icon="rosette-discount-check",
    )  # fmt: skip
    not_yet = Act(
        _("Not finished"), _("Something is still missing."), [handed_over], (REPORTER, *CLOSERS), under_way,
        form=ReasonForm, does=Does.REWORK, tells=[Tell.REPORTER, Tell.HANDLER], icon="rotate",
    )  # fmt: skip
    pass_on = Act(
        _("Hand to a colleague"), _("A colleague goes on with it."), [taken, under_way], (*WORKER, *LEADERS),
        form=forms.PassOnForm, does=effects.pass_on, tells=[Tell.REPORTER, Tell.HANDLER], icon="users",
        ground=MANDATE_IN_PERSON,
    )  # fmt: skip
    reassign = Act(
        _("Give to another station"), _("Another station will do it."), [asked, taken], (*CLERK, *LEADERS), asked,
        form=forms.ReassignForm, does=Does.ASSIGN, tells=[Tell.REPORTER, Tell.HANDLER], icon="switch-horizontal",
    )  # fmt: skip
    withdraw = Act(
        _("Withdraw"), _("The errand is not needed any more."), [asked, taken, under_way], PERSON, withdrawn,
        form=ReasonForm, does=effects.all_accounted_for, tells=[Tell.REPORTER, Tell.HANDLER], icon="trash",
        danger=True,
    )  # fmt: skip
    refuse = Act(
        _("Not possible"), _("The errand could not be done."), [asked, taken, under_way], (*WORKER, *CLERK),
        not_possible, form=ReasonForm, does=effects.all_accounted_for, tells=[Tell.REPORTER, Tell.DESK],
        icon="x", danger=True,
    )  # fmt: skip
    urge = Act(
        _("Urge"), _("The errand was urged."), [asked, taken, under_way], (*PERSON, *in_area(Post.SUPERVISOR)),
        form=ReasonForm, does=Does.URGE, tells=[Tell.DESK, Tell.HANDLER], icon="bell-ringing",
    )  # fmt: skip
    add = Act(
        pgettext_lazy("act", "Add"), _("Something was added."), [asked, taken, under_way, handed_over], PERSON,
        form=NoteForm, tells=[Tell.HANDLER], icon="photo-plus",
    )  # fmt: skip
    note = Act(
        _("Note"), _("A note was made."), [asked, taken, under_way, handed_over],
        (*WORKER, *in_area(Post.CLERK, Post.VERIFIER, Post.SUPERVISOR)), form=NoteForm, icon="note", public=False,
    )  # fmt: skip
    escalate = Act(
        _("Escalate"), _("The case rose to the next level."), [asked, taken, under_way, handed_over],
        (SYSTEM, *in_area(Post.SUPERVISOR)), does=Does.RAISE, tells=[Tell.DESK, Tell.HANDLER], icon="arrow-up-circle",
    )  # fmt: skip
