"""What a party sees on the page of their case: what happens now, what waits for them and why, and who takes part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.reading import told
from citong.core.people.access import Actor
from citong.kit.money import yuan_of
from citong.services.mediation.agreeing import OPEN
from citong.services.mediation.agreements import current
from citong.services.mediation.models import Confirmation, Consent, Dispute, Matter, PartyDetails, Question
from citong.services.mediation.parties import principals
from citong.web.panels import Due, Now, Panel, party_now, party_panel
from citong.web.public.story import labelled

HAPPENS: Mapping[str, Words] = {
    "found": gettext_lazy("The centre registers the dispute, and then asks the other side."),
    "offered": gettext_lazy("Mediation begins once everybody wants it. Nobody can be made to."),
    "choosing": gettext_lazy(
        "Choose who shall mediate. If you do not all choose the same person in time, one is appointed."
    ),
    "assigned": gettext_lazy("A mediator was asked, and answers within the time that you see among the deadlines."),
    "mediating": gettext_lazy("The mediator hears every side. Nothing binds you before you have signed."),
    "paused": gettext_lazy("An expert looks into it. The time for mediation stands still until the opinion is here."),
    "suspended": gettext_lazy("The centre looks into a question. The time for mediation stands still."),
    "signing": gettext_lazy("The agreement lies ready. Read it at leisure: it binds once all have signed."),
    "effective": gettext_lazy(
        "The agreement binds. Within thirty days all of you together can ask a court to confirm it."
    ),
    "confirm_applied": gettext_lazy("The court looks whether it takes up your application."),
    "confirm_accepted": gettext_lazy("A judge examines the agreement, and may ask you to come."),
    "confirmed": gettext_lazy("The court has confirmed the agreement: what is not kept can be enforced."),
    "breached": gettext_lazy("The agreement was not kept. The mediator tells you what you can do."),
    "failed": gettext_lazy("There is no agreement. The mediator tells you of other ways; your way to court is open."),
    "filing": gettext_lazy(
        "The case is on its way to court with its papers. What was offered in mediation is not among them."
    ),
}  # fmt: skip
# What is put to the parties: the matter, the act that puts it, the act that answers, and why it waits.
QUESTIONS: Sequence[tuple[str, str, str, Words]] = (
    (Matter.DISCLOSURE, "disclose", "answer_disclosure",
     gettext_lazy("The mediator has told of something that could make them partial. Shall they stay?")),
    (Matter.OFFER, "offer", "answer_offer", gettext_lazy("An offer lies before you.")),
    (Matter.FACTS, "facts", "agree_facts",
     gettext_lazy("The mediator has written down what nobody disputes. Is it so?")),
    (Matter.EXTENSION, "ask_extension", "answer_extension", gettext_lazy("More time is asked for. All must agree.")),
)  # fmt: skip
# What binds a party: an agent without a special authority does none of it.
BINDING = frozenset({
    "withdraw", "consent", "refuse", "choose", "answer_disclosure", "replace", "answer_offer", "agree_facts", "offer",
    "ask_extension", "answer_extension", "sign", "apply_confirmation", "withdraw_confirmation", "object", "add_agent",
})  # fmt: skip
# The matter that every party answers in a state; its round is that of the dispute or of the agreement.
ANSWERED: Mapping[str, str] = {"offered": Matter.MEDIATE, "choosing": Matter.MEDIATOR, "signing": Matter.AGREEMENT}


@dataclass(frozen=True)
class Standing:
    """A dispute as one party stands in it. `voice` is the party whom the reader binds, None where they bind nobody."""

    dispute: Dispute
    voice: Party | None
    questions: Mapping[str, Question] = field(default_factory=dict)
    said: frozenset[tuple[str, int]] = frozenset()

    def has_said(self, matter: str, round: int = 1) -> bool:
        return (matter, round) in self.said


@dataclass(frozen=True)
class Person:
    """Somebody who takes part: on which side, for whom they speak, and what they said to what is asked now."""

    name: str
    side: str
    own: bool
    agents: Sequence[str] = ()
    said: str = ""
    waits: bool = False


@party_now("mediation")
def now(case: Case, actor: Actor) -> Now:
    """What happens now and what waits for the reader; at most seven queries, two for somebody who is no party."""
    happens, dispute = HAPPENS.get(case.state, ""), Dispute.objects.filter(case=case).first()
    if actor.standing is None or dispute is None:
        return Now(happens)
    stand = _standing(case, dispute, actor.standing.party)
    if stand.voice is None:
        return Now(happens, idle=BINDING)
    due = dict(_due(case, stand))
    quoted = _quoted(case, actor, due) if due else due
    return Now(happens, quoted, frozenset(_idle(case, stand) - due.keys()))


@party_panel("mediation")
def people(case: Case, actor: Actor) -> Panel | None:
    """Who takes part, what each said to what is asked now, and whom one can speak to; four queries."""
    if actor.standing is None:
        return None
    dispute = Dispute.objects.select_related("mediator__account", "mediator__body__unit").filter(case=case).first()
    parties = list(Party.objects.filter(case=case).exclude(side="").order_by("side", "id"))
    said = _answers(case, dispute) if dispute else {}
    agents: dict[UUID | None, list[str]] = {}
    for one in parties:
        if one.role == Party.Role.AGENT:
            agents.setdefault(one.speaks_for_id, []).append(one.name)
    asked = case.state in ANSWERED
    rows = [_person(one, actor, agents.get(one.pk, ()), said.get(one.pk), asked=asked) for one in principals(parties)]
    context: dict[str, Any] = {"people": rows, "mediator": dispute and dispute.mediator, "desk": case.desk}
    return Panel(_("Who takes part"), "users", "mediation/party/_people.html", context)


def _standing(case: Case, dispute: Dispute, party: UUID) -> Standing:
    voice = _voice(party)
    if voice is None:
        return Standing(dispute, None)
    open_now = [pk for name in OPEN.values() if (pk := getattr(dispute, name))]
    questions = Question.objects.filter(pk__in=open_now).select_related("party") if open_now else ()
    said = Consent.objects.filter(case=case, party=voice).values_list("matter", "round")
    return Standing(dispute, voice, {one.matter: one for one in questions}, frozenset(said))


def _voice(party: UUID) -> Party | None:
    """The party themselves, or whom an agent with authority speaks for; two queries at most."""
    speaking = Party.objects.select_related("speaks_for").get(pk=party)
    if speaking.role != Party.Role.AGENT:
        return speaking
    held = PartyDetails.objects.filter(party=speaking).first()
    return speaking.speaks_for if held and held.authority == PartyDetails.Authority.SPECIAL else None


def _due(case: Case, stand: Standing) -> Iterator[tuple[str, Due]]:
    """Acts that wait for this party, the weightiest first."""
    if not stand.has_said(Matter.MEDIATE):
        yield "consent", Due(_("You are asked whether you want mediation. Read what it means, and say so."))
    if case.state == "choosing" and not stand.has_said(Matter.MEDIATOR, stand.dispute.round):
        yield "choose", Due(_("Choose who shall mediate. The same choice of all counts."))
    if case.state == "signing" and not stand.has_said(Matter.AGREEMENT, _version(case)):
        yield "sign", Due(_("The agreement waits for your signature. Read it before you sign."))
    if case.state == "effective" and _confirming(case, stand):
        yield "apply_confirmation", Due(_("The other side wants a court to confirm the agreement. Both must apply."))
    for matter, _puts, act, words in QUESTIONS:
        if matter in stand.questions and _answers_it(stand, stand.questions[matter]):
            yield act, Due(words)


def _answers_it(stand: Standing, question: Question) -> bool:
    """Whether this party is asked: they have not answered yet, and it does not come from their own side."""
    assert stand.voice is not None
    own = question.party is not None and question.party.side == stand.voice.side
    return not stand.has_said(question.matter, question.number) and not (own and question.matter == Matter.OFFER)


def _idle(case: Case, stand: Standing) -> set[str]:
    """Acts that the state allows and that have no place for this party now."""
    assert stand.voice is not None
    idle = {answers for _matter, _puts, answers, _words in QUESTIONS} | {"sign"}
    if stand.has_said(Matter.MEDIATE):
        idle.add("consent")
    if stand.voice.side != Party.Side.APPLICANT:
        idle.add("withdraw")
    if case.state == "effective" and _applied(case, stand):
        idle.add("apply_confirmation")
    return idle


def _quoted(case: Case, actor: Actor, due: Mapping[str, Due]) -> dict[str, Due]:
    """What waits together with the words about which it is; two queries where there are any."""
    asks = {answers: puts for _matter, puts, answers, _words in QUESTIONS} | {"sign": "draft"}
    if not asks.keys() & due.keys():
        return dict(due)
    acts, found = case_type(case.service).acts, dict(due)
    recorded = [one for one in told(case, actor) if not one.veiled]
    for act in asks.keys() & due.keys():
        last = next((one for one in reversed(recorded) if one.entry.act == asks[act]), None)
        if last is not None:
            amount = last.entry.facts.get("amount")
            quotes = [_("%(amount)s yuan") % {"amount": yuan_of(amount)}] if amount else []
            found[act] = Due(due[act].words, [*quotes, *labelled(acts[asks[act]].form, last.words or {})])
    return found


def _version(case: Case) -> int:
    agreement = current(case.id)
    return agreement.version if agreement else 0


def _confirming(case: Case, stand: Standing) -> bool:
    """Whether somebody has applied and this party has not."""
    return _confirmation(case) is not None and not _applied(case, stand)


def _applied(case: Case, stand: Standing) -> bool:
    found = _confirmation(case)
    return found is not None and stand.has_said(Matter.CONFIRMATION, found.number)


def _confirmation(case: Case) -> Confirmation | None:
    return Confirmation.objects.filter(agreement__case=case, agreement__void_at=None, ended_at=None).first()


def _answers(case: Case, dispute: Dispute) -> dict[UUID, Consent]:
    """What each party said to what is asked in this state; one or two queries, none where nothing is."""
    matter = ANSWERED.get(case.state)
    if matter is None:
        return {}
    round = 1 if matter == Matter.MEDIATE else dispute.round if matter == Matter.MEDIATOR else _version(case)
    found = Consent.objects.filter(case=case, matter=matter, round=round).select_related("choice__account")
    return {one.party_id: one for one in found}


def _person(one: Party, actor: Actor, agents: Sequence[str], said: Consent | None, *, asked: bool) -> Person:
    own = actor.standing is not None and actor.standing.party in (one.pk,)
    answer = _answer(said) if said else _("has not answered yet") if asked else ""
    return Person(one.name, str(one.get_side_display()), own, agents, answer, asked and said is None)


def _answer(said: Consent) -> str:
    if said.matter == Matter.MEDIATOR:
        return _("chose %(name)s") % {"name": said.choice}
    if said.matter == Matter.AGREEMENT:
        return _("has signed")
    return _("wants mediation") if said.answer else _("does not want mediation")
