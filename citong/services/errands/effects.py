"""What acts of an errand do with what the person entrusted: one open task holds it until all is accounted for."""

from typing import Any

from django.utils.translation import gettext as _

from citong.core.cases.models import Task
from citong.core.flow.doing import Doing
from citong.core.flow.effects import owe, settle
from citong.core.flow.refusal import Invalid, WrongState
from citong.kit.money import yuan_of
from citong.services.errands.rules import MoneyAccountedFor

CODE = "entrusted"
NOTHING = {"received": 0, "spent": 0, "returned": 0, "papers": 0}


def receive_money(doing: Doing) -> None:
    """The amount is in the worker's hands from now on."""
    _entrust(doing, received=doing.data["amount"])


def spend(doing: Doing) -> None:
    """The amount was paid for the person. Raises Invalid where there is less."""
    _take_out(doing, spent=doing.data["amount"])


def return_money(doing: Doing) -> None:
    """The amount is with the person again. Raises Invalid where there is less."""
    _take_out(doing, returned=doing.data["amount"])


def receive_papers(doing: Doing) -> None:
    """The papers, one a line, are in the worker's hands."""
    doing.facts["papers"] = len(doing.data["list"].splitlines())
    _entrust(doing, papers=doing.facts["papers"])


def return_papers(doing: Doing) -> None:
    """The papers, one a line, are with the person again. Raises Invalid for more than there are."""
    count = len(doing.data["list"].splitlines())
    doing.facts["papers"] = count
    held = _held(doing)
    if held is None or count > held.wanted["papers"]:
        there = held.wanted["papers"] if held else 0
        sentence = _("There are %(count)d papers of the person here.") % {"count": there}
        raise Invalid(sentence, {"list": [sentence]})
    _change(doing, held, papers=-count)


def hand_over(doing: Doing) -> None:
    """What was done is with the person. Raises WrongState while money or papers are not."""
    all_accounted_for(doing)
    doing.case.fed_back_at = doing.at


def all_accounted_for(doing: Doing) -> None:
    """Raises WrongState while money or papers of the person are in somebody's hands."""
    if _held(doing) is not None:
        raise WrongState(_(MoneyAccountedFor.label))


def pass_on(doing: Doing) -> None:
    """A colleague holds the errand, or nobody until one takes it. Raises WrongState while something is entrusted."""
    all_accounted_for(doing)
    colleague = doing.data.get("colleague")
    doing.case.holder_id = colleague.pk if colleague else None


def left_in(task: Task) -> int:
    """Fen that are still in the worker's hands."""
    held: dict[str, Any] = task.wanted
    return MoneyAccountedFor.formula(
        received=held["received"], spent=held["spent"], returned=held["returned"]
    )  # fmt: skip


def _held(doing: Doing) -> Task | None:
    return next((task for task in doing.tasks if task.code == CODE and task.done_at is None), None)


def _entrust(doing: Doing, **more: int) -> None:
    held = _held(doing)
    if held is not None:
        _change(doing, held, **more)
        return
    task = Task(code=CODE, unit_id=doing.seat.unit, wanted=NOTHING | more)
    owe(doing, task)
    doing.facts["left"] = left_in(task)


def _take_out(doing: Doing, **amount: int) -> None:
    held, wanted = _held(doing), sum(amount.values())
    left = left_in(held) if held else 0
    if held is None or wanted > left:
        sentence = _("Only %(left)s yuan of the person are left.") % {"left": yuan_of(left)}
        raise Invalid(sentence, {"amount": [sentence]})
    _change(doing, held, **amount)


def _change(doing: Doing, task: Task, **by: int) -> None:
    """The task holds so much more; once nothing is left it is done."""
    task.wanted = task.wanted | {name: task.wanted[name] + number for name, number in by.items()}
    doing.facts["left"] = left_in(task)
    if left_in(task) or task.wanted["papers"]:
        doing.rows.change(task)
    else:
        settle(doing, task, "accounted")
