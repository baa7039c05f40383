"""Mediation: a dispute from whoever finds it to an agreement that is kept, or to the court with its papers in order."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from citong.core.cases.declare import OPENED, PARTY, SYSTEM, Act, CaseType, Does, Opening, Stage, State
from citong.core.cases.forms import NoteForm, ReasonForm
from citong.core.cases.models import Case
from citong.services.mediation import clocks, effects, forms, rules, who
from citong.services.mediation.door import DOOR, taken_over
from citong.services.mediation.leaving import leave
from citong.services.mediation.parameters import law
from citong.services.mediation.parties import forget, opening_parties


class Mediation(CaseType):
    """From the finder to the confirmed agreement. Nobody mediates what they found; nobody hears what was said apart."""

    code = "mediation"
    label = _("Mediation")
    description = _("Disputes end in peace: found, mediated by somebody both sides trust, agreed, kept.")
    ground = law.MEDIATION
    icon = "friends"
    reads = who.SHARED
    leaves = leave

    found = State(_("Found"), Stage.FILING, _("Received"), clocks=[clocks.REGISTER])
    offered = State(
        _("Offered to the parties"), Stage.FILING, _("Waiting for the parties' consent"), clocks=[clocks.REPLY],
    )  # fmt: skip
    choosing = State(_("Choosing a mediator"), Stage.DISPATCH, _("Choosing a mediator"), clocks=[clocks.CHOOSE])
    assigned = State(
        pgettext_lazy("mediation", "Assigned"), Stage.DISPATCH, _("A mediator was asked"), who.IN_HAND, [clocks.ACCEPT],
    )  # fmt: skip
    mediating = State(_("In mediation"), Stage.HANDLING, _("In mediation"), who.IN_HAND, [clocks.MEDIATE])
    paused = State(
        _("Waiting for an appraisal"), Stage.HANDLING, _("Waiting for an appraisal"), who.IN_HAND, [clocks.MEDIATE],
        pauses=True,
    )  # fmt: skip
    suspended = State(_("Suspended"), Stage.HANDLING, _("Suspended"), who.IN_HAND, [clocks.MEDIATE], pauses=True)
    signing = State(
        _("To be signed"), Stage.FEEDBACK, _("The agreement waits for signatures"), who.IN_HAND,
        [clocks.SIGN, clocks.MEDIATE],
    )  # fmt: skip
    effective = State(_("Agreed"), Stage.VERIFICATION, _("Agreed"), who.IN_HAND, [clocks.CONFIRM, clocks.PERFORM])
    confirm_applied = State(
        _("Confirmation applied for"), Stage.VERIFICATION, _("Confirmation applied for"), who.IN_HAND,
        [clocks.TAKE_UP, clocks.PERFORM],
    )  # fmt: skip
    confirm_accepted = State(
        _("Before the judge"), Stage.VERIFICATION, _("Before the judge"), who.IN_HAND, [clocks.RULE, clocks.PERFORM],
    )  # fmt: skip
    confirmed = State(
        _("Confirmed by the court"), Stage.VERIFICATION, _("Confirmed by the court"), who.IN_HAND, [clocks.PERFORM],
    )  # fmt: skip
    breached = State(_("Broken"), Stage.VERIFICATION, _("The agreement was not kept"), who.IN_HAND, [clocks.HAND_ON])
    failed = State(_("Without agreement"), Stage.FEEDBACK, _("No agreement was reached"), who.IN_HAND, [clocks.HAND_ON])
    filing = State(_("On the way to court"), Stage.FEEDBACK, _("On the way to court"), who.IN_HAND, [clocks.FILING])
    performed = who.over(_("Kept"), _("The agreement was kept"))
    enforcing = who.over(_("To enforcement"), _("Enforcement was applied for"))
    suing = who.over(_("To court over the agreement"), _("Went to court over the agreement"))
    filed = who.over(_("At court"), _("Registered at court"))
    ended = who.over(_("Ended without agreement"), _("Ended without agreement"))
    returned = who.over(_("Sent to another way"), _("Another way is right for it"))
    withdrawn = who.over(pgettext_lazy("mediation", "Withdrawn"), _("Withdrawn"))

    before = (found, offered, choosing, assigned)
    joining = (*before, mediating)
    table = (mediating, paused, signing)
    agreed = (effective, confirm_applied, confirm_accepted, confirmed)
    standing = (*before, *table, suspended, *agreed, breached, failed, filing)

    opening = Opening(
        found, forms.DisputeForm, by=(who.RESIDENT, *who.REGISTRAR, *who.FINDERS), for_others=True,
        parties=opening_parties, door=DOOR, takes=taken_over, to="centre@district",
    )  # fmt: skip

    # Registering and asking -----------------------------------------------------------------------
    register = Act(
        pgettext_lazy("act", "Register"), _("The dispute was registered."), [found], who.REGISTRAR, offered,
        form=forms.RegisterForm, does=effects.register, tells=who.BOTH, icon="clipboard-check", ground=law.OPENING,
    )  # fmt: skip
    return_ = Act(
        _("Send to another way"), _("Another way is right for it."), [found, offered], who.REGISTRAR, returned,
        form=forms.OtherWayForm, tells=who.BOTH, icon="route", ground=law.SCOPE, danger=True,
    )  # fmt: skip
    withdraw = Act(
        _("Withdraw"), _("The applicant withdrew it."), before, [who.APPLICANT, *who.REGISTRAR], withdrawn,
        form=ReasonForm, does=effects.withdraw, tells=who.EVERYBODY, icon="trash", ground=law.RIGHTS, danger=True,
    )  # fmt: skip
    add_party = Act(
        _("Add a party"), _("A party was added."), joining, who.INSIDE, form=forms.PartyForm, does=effects.add_party,
        tells=who.BOTH, icon="user-plus", reads=who.COURT, ground=law.ASK_OTHER,
    )  # fmt: skip
    add_agent = Act(
        _("Add an agent"), _("An agent was added."), joining, who.SHARED, form=forms.AgentForm, does=effects.add_agent,
        tells=who.BOTH, icon="user-share", reads=who.COURT,
    )  # fmt: skip
    invite_party = Act(
        _("Invite a party"), _("A party was invited."), standing, who.INSIDE, form=forms.InviteForm,
        does=effects.invite_party, icon="mail-forward", ground=law.ASK_OTHER, reads=who.INSIDE,
    )  # fmt: skip
    consent = Act(
        _("Consent"), _("A party consented to mediation."), joining[1:], [PARTY], form=forms.ConsentForm,
        leads=[choosing], does=effects.consent, tells=who.EVERYBODY, icon="thumb-up", ground=law.WILLING,
    )  # fmt: skip
    consent_noted = Act(
        _("Note a consent"), _("A party's consent was noted."), joining[1:], who.REGISTRAR, form=forms.ConsentNotedForm,
        leads=[choosing], does=effects.consent_noted, tells=who.BOTH, icon="thumb-up", ground=law.WILLING,
    )  # fmt: skip
    refuse = Act(
        _("Refuse mediation"), _("A party refused mediation."), (*before[1:], *table), [PARTY], failed, danger=True,
        form=forms.RefuseForm, does=effects.refuse, tells=who.EVERYBODY, icon="hand-stop", ground=law.OPENING,
    )  # fmt: skip
    unreachable = Act(
        _("Nobody reached"), _("A party could not be reached."), [offered], who.REGISTRAR, failed,
        form=forms.UnreachableForm, does=effects.unreachable, tells=who.BOTH, icon="phone-off", ground=law.ASK_OTHER,
    )  # fmt: skip

    # Who mediates ---------------------------------------------------------------------------------
    choose = Act(
        _("Choose a mediator"), _("A party chose a mediator."), [choosing], [PARTY], form=forms.ChooseForm,
        leads=[assigned], does=effects.choose, tells=who.BOTH, icon="user-check", ground=law.CHOSEN,
    )  # fmt: skip
    appoint = Act(
        _("Appoint a mediator"), _("A mediator was appointed."), [choosing], (*who.REGISTRAR, *who.LEADERS), assigned,
        form=forms.AppointForm, does=effects.appoint, tells=who.EVERYBODY, icon="user-star", ground=law.CHOOSE,
    )  # fmt: skip
    appoint_by_rule = Act(
        _("Appoint by rule"), _("Nobody was chosen in time; a mediator was appointed by the rules."), [choosing],
        [SYSTEM], assigned, leads=[choosing], does=effects.appoint_by_rule, tells=who.EVERYBODY, icon="user-cog",
        ground=law.CHOOSE,
    )  # fmt: skip
    accept = Act(
        _("Accept the mediation"), _("The mediator accepted."), [assigned], who.MEDIATOR, mediating,
        form=forms.AcceptForm, does=effects.accept, not_by=[OPENED], guards=[rules.DisclosureIsAnswered],
        tells=who.BOTH, icon="hand-grab", ground=law.ACCEPT,
    )  # fmt: skip
    decline = Act(
        _("Decline"), _("The mediator declined."), [assigned], who.MEDIATOR, choosing, form=ReasonForm,
        does=effects.give_back, tells=who.GIVEN_BACK, icon="arrow-back-up", ground=law.ACCEPT,
    )  # fmt: skip
    lapse_assignment = Act(
        _("Assignment lapses"), _("The mediator did not answer in time."), [assigned], [SYSTEM], choosing,
        does=effects.give_back, tells=who.GIVEN_BACK, icon="clock-x", ground=law.ACCEPT,
    )  # fmt: skip
    disclose = Act(
        _("Disclose an interest"), _("The mediator disclosed an interest."), [assigned, mediating], who.MEDIATOR,
        form=forms.DisclosureForm, does=effects.disclose, tells=who.BOTH, icon="eye-exclamation", ground=law.DISCLOSE,
    )  # fmt: skip
    answer_disclosure = Act(
        _("Answer the disclosure"), _("A party answered the disclosure."), [assigned, mediating], [PARTY],
        form=forms.AnswerForm, leads=[choosing, failed], does=effects.answer_disclosure,
        guards=[rules.DisclosureIsOpen], tells=who.EVERYBODY, icon="message-reply", ground=law.DISCLOSE,
    )  # fmt: skip
    replace = Act(
        _("Ask for another mediator"), _("A party asked for another mediator."), [assigned, mediating], [PARTY],
        choosing, form=ReasonForm, leads=[failed], does=effects.replace, tells=who.ALL_AND_DESK, icon="replace-user",
        ground=law.REPLACE,
    )  # fmt: skip

    # The course -----------------------------------------------------------------------------------
    schedule = Act(
        _("Set a session"), _("A session was set."), table, who.MEDIATOR, form=forms.SessionForm, does=effects.schedule,
        icon="calendar-plus",
    )  # fmt: skip
    cancel_session = Act(
        _("Cancel a session"), _("A session was cancelled."), table, who.MEDIATOR, form=forms.CancelSessionForm,
        does=effects.cancel_session, icon="calendar-x",
    )  # fmt: skip
    schedule_apart = Act(
        _("Set a session with one side"), _("A session with one side was set."), table, who.MEDIATOR,
        icon="calendar-user", form=forms.SessionApartForm, does=effects.schedule_apart, public=False,
        reads=who.ONE_SIDE, ground=law.RIGHTS,
    )  # fmt: skip
    cancel_apart = Act(
        _("Cancel a session with one side"), _("A session with one side was cancelled."), table, who.MEDIATOR,
        form=forms.CancelApartForm, does=effects.cancel_apart, icon="calendar-minus", public=False, reads=who.ONE_SIDE,
    )  # fmt: skip
    hold_session = Act(
        _("Record a session"), _("A session was held."), [mediating, paused, signing, effective, failed], who.MEDIATOR,
        form=forms.RecordForm, does=effects.hold_session, tells=who.BOTH, icon="notes", ground=law.FILE,
    )  # fmt: skip
    caucus = Act(
        _("Talk with one side"), _("The mediator spoke with one side."), [mediating], who.MEDIATOR, icon="message-user",
        form=forms.CaucusForm, does=effects.talk_apart, public=False, reads=who.ONE_SIDE, ground=law.RIGHTS,
    )  # fmt: skip
    confide = Act(
        _("Tell the mediator alone"), _("A party wrote to the mediator alone."), [mediating, paused], [PARTY],
        form=NoteForm, tells=who.HOLDER, icon="message-user", public=False, reads=who.ONE_SIDE,
    )  # fmt: skip
    offer = Act(
        _("Make an offer"), _("An offer was made."), [mediating], (PARTY, *who.MEDIATOR), form=forms.OfferForm,
        does=effects.offer, tells=who.EVERYBODY, icon="coins", ground=law.RIGHTS,
    )  # fmt: skip
    answer_offer = Act(
        _("Answer the offer"), _("An offer was answered."), [mediating], [PARTY], form=forms.AnswerOfferForm,
        does=effects.answer_offer, guards=[rules.OfferIsOpen], tells=who.EVERYBODY, icon="message-reply",
        ground=law.RIGHTS,
    )  # fmt: skip
    facts = Act(
        _("Write down what is undisputed"), _("Undisputed facts were written down."), [mediating], who.MEDIATOR,
        form=forms.FactsForm, does=effects.facts, tells=who.BOTH, icon="list-check", ground=law.UNDISPUTED,
    )  # fmt: skip
    agree_facts = Act(
        _("Agree to the facts"), _("A party agreed that these facts are undisputed."), [mediating], [PARTY],
        form=forms.SignForm, does=effects.agree_facts, guards=[rules.FactsAreOpen], tells=who.EVERYBODY,
        icon="signature", ground=law.UNDISPUTED,
    )  # fmt: skip
    appraise = Act(
        _("Send to an expert"), _("An appraisal was begun: the clock stands still."), [mediating], who.MEDIATOR, paused,
        form=forms.AppraisalForm, does=effects.appraise, tells=who.BOTH, icon="microscope", ground=law.APPRAISAL,
    )  # fmt: skip
    opinion = Act(
        _("Enter the expert's opinion"), _("The expert's opinion is here: the clock runs on."), [paused], who.MEDIATOR,
        mediating, form=forms.OpinionForm, tells=who.BOTH, icon="report-medical", ground=law.APPRAISAL,
    )  # fmt: skip
    ask_extension = Act(
        _("Ask for more time"), _("More time was asked for."), [mediating, signing], (PARTY, *who.MEDIATOR),
        form=forms.ExtensionForm, does=effects.ask_extension, tells=who.EVERYBODY, icon="clock-plus", ground=law.TERM,
    )  # fmt: skip
    answer_extension = Act(
        _("Answer on more time"), _("A party answered on more time."), [mediating, signing], [PARTY],
        form=forms.AnswerForm, does=effects.answer_extension, guards=[rules.ExtensionIsAsked], tells=who.EVERYBODY,
        icon="clock-check", ground=law.TERM,
    )  # fmt: skip
    suspect = Act(
        _("Suspect a sham"), _("Mediation was suspended."), [mediating, signing], who.MEDIATOR, suspended,
        form=ReasonForm, does=effects.suspect, tells=who.DESK, icon="alert-octagon", ground=law.SHAM, danger=True,
        public=False, reads=who.INSIDE,
    )  # fmt: skip
    clear = Act(
        _("Go on"), _("The suspicion was cleared: mediation goes on."), [suspended], who.REGISTRAR, mediating,
        form=ReasonForm, tells=who.EVERYBODY, icon="player-play", ground=law.SHAM, reads=who.INSIDE,
    )  # fmt: skip
    stop_sham = Act(
        _("End as a sham"), _("Mediation was ended."), [suspended], who.REGISTRAR, failed, form=ReasonForm,
        does=effects.stop_sham, tells=who.EVERYBODY, icon="ban", ground=law.SHAM, danger=True, reads=who.INSIDE,
    )  # fmt: skip
    danger = Act(
        _("Report a danger to the police"), _("A danger was reported to the police."), standing, who.INSIDE,
        tells=who.DESK, form=forms.DangerForm, does=effects.danger, icon="urgent", ground=law.DANGER, public=False,
        reads=who.DANGER,
    )  # fmt: skip
    answer_danger = Act(
        _("Answer the danger"), _("The police answered."), standing, who.POLICE, does=effects.answer_danger,
        form=ReasonForm, tells=who.INSIDERS, icon="shield-check", ground=law.DANGER, public=False, reads=who.DANGER,
    )  # fmt: skip

    # The agreement --------------------------------------------------------------------------------
    draft = Act(
        _("Draft the agreement"), _("An agreement was drafted."), [mediating, signing], who.MEDIATOR, signing,
        form=forms.AgreementForm, does=effects.draft, tells=who.BOTH, icon="file-text", ground=law.AGREEMENT,
    )  # fmt: skip
    back_to_table = Act(
        _("Back to the table"), _("The draft was taken back: mediation goes on."), [signing], who.MEDIATOR, mediating,
        form=ReasonForm, does=effects.take_back_draft, tells=who.BOTH, icon="arrow-back-up",
    )  # fmt: skip
    sign = Act(
        _("Sign the agreement"), _("The agreement was signed."), [signing], (PARTY, *who.MEDIATOR), form=forms.SignForm,
        leads=[effective], does=effects.sign, tells=who.EVERYBODY, icon="signature", ground=law.IN_WRITING,
    )  # fmt: skip
    agree_orally = Act(
        _("Record an oral agreement"), _("An oral agreement was recorded."), [mediating], who.MEDIATOR, effective,
        form=forms.OralForm, does=effects.agree_orally, tells=who.BOTH, icon="message-2-check", ground=law.ORAL,
    )  # fmt: skip
    fail = Act(
        _("End without agreement"), _("No agreement was reached."), table, who.MEDIATOR, failed, form=forms.FailForm,
        does=effects.fail, tells=who.BOTH, icon="circle-x", ground=law.WAYS_TO_FAIL, danger=True,
    )  # fmt: skip
    fail_by_time = Act(
        _("Time is over"), _("The time for mediation is over."), (*table, suspended), [SYSTEM], failed,
        does=effects.fail_by_time, tells=who.EVERYBODY, icon="clock-x", ground=law.WAYS_TO_FAIL,
    )  # fmt: skip

    # The court ------------------------------------------------------------------------------------
    apply_confirmation = Act(
        _("Apply for confirmation"), _("A party applied for confirmation."), [effective], [PARTY], icon="building-bank",
        form=forms.ApplyConfirmationForm, leads=[confirm_applied], does=effects.apply_confirmation, tells=who.EVERYBODY,
        reads=who.COURT, ground=law.CONFIRMATION, guards=[rules.WithinTheWindow, rules.Written, rules.NotRejected],
    )  # fmt: skip
    court_accept = Act(
        _("Take up"), _("The court took up the application."), [confirm_applied], who.JUDGE, confirm_accepted,
        form=NoteForm, does=effects.court_accept, tells=who.EVERYBODY, icon="gavel", reads=who.COURT,
        ground=law.COURT_ACCEPTS,
    )  # fmt: skip
    court_refuse = Act(
        _("Not take up"), _("The court did not take up the application."), [confirm_applied], who.JUDGE, effective,
        form=forms.CourtRefusalForm, does=effects.court_refuse, tells=who.EVERYBODY, icon="circle-x", reads=who.COURT,
        ground=law.REFUSAL_GROUNDS, danger=True,
    )  # fmt: skip
    rule_confirm = Act(
        _("Confirm"), _("The court confirmed the agreement."), [confirm_accepted], who.JUDGE, confirmed,
        form=forms.RulingForm, does=effects.rule_confirm, tells=who.EVERYBODY, icon="rosette-discount-check",
        reads=who.COURT, ground=law.CONFIRMED,
    )  # fmt: skip
    rule_reject = Act(
        _("Reject"), _("The court rejected the application."), [confirm_accepted], who.JUDGE, effective,
        form=forms.RejectionForm, does=effects.rule_reject, tells=who.EVERYBODY, icon="x", reads=who.COURT,
        ground=law.REJECTION_GROUNDS, danger=True,
    )  # fmt: skip
    renew = Act(
        _("Mediate anew"), _("What a court rejected stands no longer: mediation goes on."), [effective], who.MEDIATOR,
        mediating, form=ReasonForm, does=effects.renew, guards=[rules.Rejected], tells=who.BOTH, icon="refresh",
        ground=law.CONFIRMED,
    )  # fmt: skip
    withdraw_confirmation = Act(
        _("Withdraw the application"), _("The application to the court was withdrawn."),
        [confirm_applied, confirm_accepted], [PARTY], effective, form=ReasonForm, does=effects.withdraw_confirmation,
        tells=who.EVERYBODY, icon="arrow-back", reads=who.COURT,
    )  # fmt: skip
    object_ = Act(
        _("Object"), _("An objection to the ruling was made."), [confirmed], (PARTY, *who.JUDGE), does=effects.object_,
        form=forms.ObjectionForm, tells=who.EVERYBODY, icon="flag", reads=who.COURT, ground=law.OBJECTION,
    )  # fmt: skip
    decide_objection = Act(
        _("Decide on the objection"), _("The court decided on an objection."), [confirmed], who.JUDGE,
        form=forms.DecideObjectionForm, leads=[effective], does=effects.decide_objection, tells=who.EVERYBODY,
        icon="gavel", reads=who.COURT, ground=law.OBJECTION,
    )  # fmt: skip

    # Keeping what was agreed ----------------------------------------------------------------------
    follow_up = Act(
        _("Follow up"), _("The mediator asked how it is kept."), agreed, who.MEDIATOR, form=forms.FollowUpForm,
        does=effects.follow_up, tells=who.BOTH, icon="phone-call", ground=law.BINDING,
    )  # fmt: skip
    perform = Act(
        _("Say that it is kept"), _("The agreement was kept."), [effective, confirmed], who.MEDIATOR, performed,
        form=forms.PerformedForm, does=effects.perform, tells=who.BOTH, icon="heart-handshake", ground=law.BINDING,
    )  # fmt: skip
    breach = Act(
        _("Say that it is broken"), _("The agreement was not kept."), [effective, confirmed], (PARTY, *who.MEDIATOR),
        breached, form=ReasonForm, does=effects.breach, tells=who.EVERYBODY, icon="heart-broken", ground=law.TO_COURT,
        danger=True, reads=who.COURT,
    )  # fmt: skip
    mend = Act(
        _("Kept after all"), _("The agreement was kept after all."), [breached], who.MEDIATOR, performed,
        form=forms.PerformedForm, does=effects.perform, tells=who.BOTH, icon="heart-handshake", ground=law.BINDING,
    )  # fmt: skip
    enforce = Act(
        _("Apply for enforcement"), _("Enforcement was applied for."), [breached], (PARTY, *who.MEDIATOR), enforcing,
        form=NoteForm, does=effects.enforce, guards=[rules.ConfirmedByCourt], tells=who.EVERYBODY, icon="hammer",
        ground=law.CONFIRMED, reads=who.COURT,
    )  # fmt: skip
    sue = Act(
        _("Go to court over it"), _("A party goes to court over the agreement."), [breached], (PARTY, *who.MEDIATOR),
        suing, form=NoteForm, does=effects.sue, guards=[rules.NotConfirmed], tells=who.EVERYBODY, icon="scale",
        ground=law.TO_COURT, reads=who.COURT,
    )  # fmt: skip
    file_to_court = Act(
        _("Hand to the court"), _("It goes to court with its papers."), [failed], who.INSIDE, filing, tells=who.BOTH,
        form=forms.FilingForm, does=effects.file_to_court, icon="building-bank", ground=law.ONWARD, reads=who.COURT,
    )  # fmt: skip
    court_file = Act(
        _("Register the action"), _("The court registered the action."), [filing], who.JUDGE, filed, icon="gavel",
        tells=who.EVERYBODY, form=forms.CourtFiledForm, does=effects.court_file, ground=law.ONWARD, reads=who.COURT,
    )  # fmt: skip
    end = Act(
        _("Tell of other ways and end"), _("The parties were told of other ways."), [failed], who.INSIDE, ended,
        form=forms.OtherWayForm, tells=who.BOTH, icon="direction-sign", ground=law.NO_AGREEMENT,
    )  # fmt: skip
    again = Act(
        _("Try once more"), _("Both sides want to try once more."), [failed], who.INSIDE, choosing,
        form=forms.AgainForm, does=effects.again, tells=who.BOTH, icon="refresh", ground=law.RIGHTS,
    )  # fmt: skip

    # At any time ----------------------------------------------------------------------------------
    add = Act(
        pgettext_lazy("act", "Add"), _("Something was added."), standing, [PARTY], form=NoteForm, tells=who.EVERYBODY,
        icon="photo-plus",
    )  # fmt: skip
    note = Act(
        _("Note"), _("A note was made."), standing, who.INSIDE, form=NoteForm, icon="note", public=False,
        reads=who.INSIDE,
    )  # fmt: skip
    urge = Act(
        _("Urge"), _("The case was urged."), (*joining, effective), (PARTY, *who.HEAD, *who.SUPERVISOR),
        form=ReasonForm, does=Does.URGE, tells=who.DESK_AND_BODY, icon="bell-ringing",
    )  # fmt: skip
    pass_on = Act(
        _("Give to a colleague"), _("A colleague mediates from now on."), (assigned, *table, effective, confirmed),
        who.HEAD, form=forms.PassOnForm, does=effects.pass_on, not_by=[OPENED], tells=who.EVERYBODY, icon="users",
        ground=law.CHOSEN,
    )  # fmt: skip
    escalate = Act(
        _("Escalate"), _("The case rose to the next level."), standing, (SYSTEM, *who.SUPERVISOR), does=Does.RAISE,
        tells=who.DESK_AND_BODY, icon="arrow-up-circle",
    )  # fmt: skip

    @classmethod
    def forget(cls, case: Case) -> None:
        forget(case)
