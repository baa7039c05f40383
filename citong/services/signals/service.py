"""Plan changes of signals: nothing reaches the street that was not simulated, and signed by somebody else."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.declare import (
    OPENED,
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
)
from citong.core.cases.forms import NoteForm, ReasonForm
from citong.core.people.posts import Post
from citong.services.signals import effects, forms
from citong.services.signals.parameters import CITY_RULES, POLICE, SIGNALS, TIMES
from citong.services.signals.rules import NoLessSafe, Simulated, StillInForce

OPERATOR, SUPERVISOR = in_area(Post.OPERATOR), in_area(Post.SUPERVISOR)
SIGNER = (*OPERATOR, *SUPERVISOR)
HEARS = [Tell.HANDLER]

SIMULATE = ClockSpec("signals_simulate", _("Simulate the plan"), "signals_simulate", "2 working days", CITY_RULES)
SIGN = ClockSpec("signals_sign", _("Sign or reject the plan"), "signals_sign", "3 working days", CITY_RULES)


class Signals(CaseType):
    """From a proposed plan to the one on the street, and back at once where it does harm."""

    code = "signals"
    label = _("Plan change of signals")
    description = _("A new plan for a junction: simulated, signed by a second person, in force from a set time.")
    ground = SIGNALS
    icon = "traffic-lights"

    proposed = State(
        pgettext_lazy("plan change", "Proposed"), Stage.FILING, _("Proposed"), Hands.HANDLER, [SIMULATE]
    )  # fmt: skip
    simulating = State(
        pgettext_lazy("plan change", "Being simulated"), Stage.HANDLING, _("Being simulated"), Hands.HANDLER
    )
    simulated = State(
        pgettext_lazy("plan change", "Simulated, to be signed"),
        Stage.VERIFICATION,
        _("Simulated"),
        Hands.HANDLER,
        [SIGN],
    )
    approved = State(
        pgettext_lazy("plan change", "Signed, waits for its time"), Stage.DISPATCH, _("Signed"), Hands.HANDLER
    )
    in_force = State(
        pgettext_lazy("plan change", "In force"), Stage.EVALUATION, _("In force"), Hands.HANDLER, ends=True
    )
    replaced = State(
        pgettext_lazy("plan change", "Replaced by a later plan"), Stage.EVALUATION, _("Replaced"), Hands.HANDLER,
        ends=True, final=True,
    )  # fmt: skip
    rolled_back = State(
        pgettext_lazy("plan change", "Rolled back"), Stage.EVALUATION, _("Rolled back"), Hands.HANDLER,
        ends=True, final=True,
    )  # fmt: skip
    rejected = State(
        pgettext_lazy("plan change", "Rejected"), Stage.EVALUATION, _("Rejected"), Hands.HANDLER, ends=True, final=True
    )
    withdrawn = State(
        pgettext_lazy("plan change", "Withdrawn"), Stage.EVALUATION, _("Withdrawn"), Hands.HANDLER,
        ends=True, final=True,
    )  # fmt: skip
    before_street = (proposed, simulating, simulated, approved)

    opening = Opening(
        proposed, forms.PlanChangeForm, by=OPERATOR, to="traffic_police@district", for_others=True,
        parties=effects.opened,
    )  # fmt: skip

    simulate = Act(
        _("Simulate"), _("The plan goes into simulation."), [proposed, simulated], OPERATOR, simulating,
        form=forms.SimulateForm, does=effects.simulate, icon="player-play", ground=CITY_RULES,
    )  # fmt: skip
    figures = Act(
        _("Show the figures"), _("The simulation has ended."), [simulating], [SYSTEM], leads=[simulated, proposed],
        does=effects.figures, tells=HEARS, icon="chart-bar",
    )  # fmt: skip
    approve = Act(
        _("Sign"), _("The plan was signed."), [simulated], SIGNER, approved, form=forms.ApproveForm,
        does=effects.approve, not_by=[OPENED], guards=[Simulated, NoLessSafe], tells=HEARS, icon="signature",
        ground=POLICE,
    )  # fmt: skip
    reject = Act(
        _("Reject"), _("The plan was rejected."), [simulated], SIGNER, rejected, form=ReasonForm, not_by=[OPENED],
        tells=HEARS, icon="x", danger=True, ground=POLICE,
    )  # fmt: skip
    put_in_force = Act(
        _("Put in force"), _("The platform put the plan in force."), [approved], [SYSTEM], leads=[in_force, proposed],
        does=effects.put_in_force, guards=[Simulated], tells=HEARS, icon="traffic-lights", ground=TIMES,
    )  # fmt: skip
    roll_back = Act(
        _("Roll back at once"), _("The plan before is in force again."), [in_force], OPERATOR, rolled_back,
        form=ReasonForm, does=effects.roll_back, guards=[StillInForce], tells=HEARS, icon="arrow-back-up", danger=True,
        ground=SIGNALS,
    )  # fmt: skip
    replace = Act(
        _("Replaced"), _("A later plan has taken its place."), [in_force], [SYSTEM], replaced, icon="replace"
    )  # fmt: skip
    withdraw = Act(
        _("Withdraw"), _("The plan was withdrawn."), before_street, OPERATOR, withdrawn, form=ReasonForm, tells=HEARS,
        icon="trash", danger=True,
    )  # fmt: skip
    note = Act(
        _("Note"), _("A note was made."), before_street, SIGNER, form=NoteForm, icon="note", public=False
    )  # fmt: skip
    escalate = Act(
        _("Escalate"), _("The case rose to the next level."), before_street, (SYSTEM, *SUPERVISOR), does=Does.RAISE,
        tells=HEARS, icon="arrow-up-circle",
    )  # fmt: skip
