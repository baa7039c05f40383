"""What acts do besides moving the state: one small function for each word of `Does`. Services may have their own."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.cases.declare import OPENED, Does
from citong.core.cases.models import Case, Link, Party, Task
from citong.core.clocks import run as clocks
from citong.core.flow.doing import Doing
from citong.core.flow.intake import twin
from citong.core.flow.record import tell_merged
from citong.core.flow.refusal import Invalid, WrongState
from citong.core.flow.route import around, reroute
from citong.core.flow.turn import turn
from citong.core.people.models import Unit
from citong.kit.ids import case_number, parse_number

LEVELS = ("grid", "community", "street", "district", "city")
Effect = Callable[[Doing], None]


def perform(doing: Doing) -> None:
    """The act's effect has been worked on the case."""
    does = doing.act.does
    (EFFECTS[does] if isinstance(does, Does) else does)(doing)


def nothing(doing: Doing) -> None:
    """The act only moves the state, or only speaks."""


def classify(doing: Doing) -> None:
    """Kind, urgency and place are as the clerk says; the rules are asked again where they changed."""
    case, data = doing.case, doing.data
    if data.get("category") and data["category"].code != case.category_id:
        case.category = data["category"]
        doing.facts["category"] = case.category.code
        reroute(case)
    if "urgent" in data:
        case.urgent = bool(data["urgent"])
    if "public" in data:
        case.public = bool(data["public"] and case.category and case.category.public)
    doing.facts["routed"] = case.route_reason


def assign(doing: Doing) -> None:
    """The case goes to the chosen unit, or to the one the rules name."""
    case = doing.case
    unit: Unit = doing.data.get("unit") or case.routed_unit
    by_rule = unit.pk == case.routed_unit_id
    case.handling_unit = unit
    case.holder_id = case.routed_holder_id if by_rule else None
    case.unit_id = unit.pk
    case.level = "grid" if unit.level == "community" else unit.level
    case.fed_back_at = None
    doing.facts |= {"unit": unit.code, "unit_name": unit.name, "by_rule": by_rule}


def take(doing: Doing) -> None:
    """The handler holds the case in person."""
    doing.case.holder_id = doing.actor.account


def invite(doing: Doing) -> None:
    """Each invited unit owes a part; the case can not be fed back before they are done."""
    case = doing.case
    fresh = [unit for unit in doing.data["units"] if unit.pk not in (*case.joint, case.unit_id)]
    if not fresh:
        raise Invalid(_("Choose a unit that does not have a part in it yet."), {"units": [_("Already in it.")]})
    owe(doing, *(Task(code="joint", unit_id=unit.pk) for unit in fresh))
    case.joint = [*case.joint, *(unit.pk for unit in fresh)]
    doing.also_tell = [unit.pk for unit in fresh]
    doing.facts["units"] = [unit.code for unit in fresh]


def finish_part(doing: Doing) -> None:
    """The acting unit's part is done."""
    case, unit = doing.case, doing.seat.unit
    for task in doing.tasks:
        if (task.code, task.unit_id, task.done_at) == ("joint", unit, None):
            settle(doing, task, "done")
    case.joint = [pk for pk in case.joint if pk != unit]
    doing.facts["unit_name"] = doing.seat.unit_name


def urge(doing: Doing) -> None:
    doing.case.urges += 1


def ask_delay(doing: Doing) -> None:
    """The desk owes a decision on more time."""
    if _delay(doing) is not None:
        raise WrongState(_("More time has been asked for already and waits for a decision."))
    owe(doing, Task(code="delay", unit_id=doing.case.desk_id, wanted={"days": doing.data["days"]}))


def decide_delay(doing: Doing) -> None:
    """The asked delay is granted, and the handling clock extended, or it is declined."""
    task = _delay(doing)
    if task is None:
        raise WrongState(_("Nobody has asked for more time."))
    granted = doing.data["decision"] == "grant"
    settle(doing, task, "granted" if granted else "declined")
    if granted:
        span = f"{task.wanted['days']} working days"
        for clock in doing.clocks:
            clocks.extend(clock, span, at=doing.at, by=doing.seat.unit_code)
        doing.facts["span"] = span
    doing.facts["outcome"] = task.outcome


def feed_back(doing: Doing) -> None:
    """The handler says it is done; from now somebody else must check."""
    doing.case.fed_back_at = doing.at


def rework(doing: Doing) -> None:
    doing.case.reworks += 1


def rate(doing: Doing) -> None:
    doing.case.rating = int(doing.data["stars"])


def reopen(doing: Doing) -> None:
    """The case is worked on again; what was done stays in its history, the checks begin anew."""
    case = doing.case
    case.reopenings += 1
    case.rating = case.fed_back_at = None
    case.outcome = ""
    case.doers = {name: done for name, done in case.doers.items() if name == OPENED.name}


def raise_(doing: Doing) -> None:
    """The next level up has it before its eyes; its supervisors are told."""
    rise(doing)
    case = doing.case
    above = Unit.objects.filter(around(case, case.level), level=case.level, ends_on=None)
    chosen = above.filter(function__in=("centre", "station")).first()
    doing.also_tell = [chosen.pk] if chosen else [case.desk_id]


def rise(doing: Doing) -> None:
    """The case is one level higher. No query."""
    case = doing.case
    step = LEVELS.index(case.level)
    case.level = LEVELS[min(step + 1, len(LEVELS) - 1)]
    doing.facts["level"] = case.level


def split(doing: Doing) -> None:
    """A second case takes over a part of the matter; both name each other, the reporter follows both."""
    child = twin(doing)
    doing.rows.add(Link(first=doing.case, second=child, kind=Link.Kind.SPLIT))
    doing.facts["number"] = child.number


def merge(doing: Doing) -> None:
    """The case ends in another one; those who followed it follow that one, and nothing is lost."""
    case, other = doing.case, _other(doing)
    tell_merged(doing, other)
    doing.rows.add(Link(first=case, second=other, kind=Link.Kind.MERGED), *followers(doing.parties, other.pk))
    doing.facts["number"] = other.number


def followers(parties: Iterable[Party], case: UUID) -> list[Party]:
    """Those who were told of a case, as followers of the one it was merged into."""
    return [
        Party(
            case_id=case, role=Party.Role.FOLLOWER, account_id=p.account_id, name=p.name, phone=p.phone,
            email=p.email, webhook=p.webhook, channels=p.channels,
        )
        for p in parties
        if p.role != Party.Role.NAMED
    ]  # fmt: skip


def _other(doing: Doing) -> Case:
    try:
        number = case_number(*parse_number(str(doing.data["number"])))
    except ValueError as fault:
        sentence = _(str(fault))
        raise Invalid(sentence, {"number": [sentence]}) from fault
    other = Case.objects.select_for_update().filter(number=number, service=doing.case.service, open=True).first()
    if other is None or other.pk == doing.case.pk or other.district != doing.case.district:
        sentence = _("There is no other open case %(number)s in this district.") % {"number": number}
        raise Invalid(sentence, {"number": [sentence]})
    return other


def owe(doing: Doing, *tasks: Task) -> None:
    """Somebody owes these from now on, at the word of whoever acts."""
    for task in tasks:
        task.case_id, task.asked_at, task.asked_by_id = doing.case.pk, doing.at, doing.actor.account
    doing.tasks += tasks
    doing.rows.add(*tasks)


def settle(doing: Doing, task: Task, outcome: str) -> None:
    """It is owed no more."""
    task.done_at, task.done_by_id, task.outcome = doing.at, doing.actor.account, outcome
    doing.rows.change(task)


def _delay(doing: Doing) -> Task | None:
    return next((task for task in doing.tasks if task.code == "delay" and task.done_at is None), None)


EFFECTS: dict[Does, Effect] = {
    Does.NOTHING: nothing,
    Does.CLASSIFY: classify,
    Does.ASSIGN: assign,
    Does.TAKE: take,
    Does.INVITE: invite,
    Does.FINISH_PART: finish_part,
    Does.URGE: urge,
    Does.ASK_DELAY: ask_delay,
    Does.DECIDE_DELAY: decide_delay,
    Does.SPLIT: split,
    Does.MERGE: merge,
    Does.FEED_BACK: feed_back,
    Does.REWORK: rework,
    Does.RATE: rate,
    Does.REOPEN: reopen,
    Does.RAISE: raise_,
    Does.TURN: turn,
}
