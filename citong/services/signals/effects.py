"""What acts of a plan change do: ask for its simulation, put it in force, take it back."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from citong.core.cases.models import Case
from citong.core.flow.act import act
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import WrongState
from citong.core.people.access import SYSTEM, Actor
from citong.core.signals.lawful import faults
from citong.core.signals.store import digest, plan_to_json
from citong.services.signals import keeping
from citong.services.signals.forms import plan_of
from citong.services.signals.models import Plan, PlanChange, Simulation
from citong.services.signals.words import sentences


def opened(case: Case, answers: Mapping[str, Any], actor: Actor) -> list[Any]:
    """The change that the fresh case is about. Nobody outside is a party of it."""
    junction, plan = answers["junction"], plan_of(answers["spans"], answers["offset"])
    spans = plan_to_json(plan)["spans"]
    named = digest(junction.built, plan)
    return [PlanChange(case=case, junction=junction, spans=spans, offset=plan.offset, digest=named)]


def simulate(doing: Doing) -> None:
    """A simulation of exactly this plan, beside the one in force, waits for its turn."""
    change = change_of(doing)
    _looked_at_again(change)
    held = keeping.in_force(change.junction)
    if held is None:
        raise WrongState(_("The junction has no plan in force to compare with."))
    seeds = list(range(1, doing.data["seeds"] + 1))
    asked = Simulation.objects.create(
        change=change, digest=change.digest, folder=change.junction.network.folder, seeds=seeds,
        plan_before=plan_to_json(held.built), plan_after=plan_to_json(change.built), asked_by_id=doing.actor.account,
        asked_at=doing.at,
    )  # fmt: skip
    doing.facts |= {"simulation": str(asked.pk), "digest": change.digest}
    transaction.on_commit(partial(_defer, str(asked.pk)))


def figures(doing: Doing) -> None:
    """The last simulation has ended: with figures of exactly this plan somebody can sign; without, it starts anew."""
    change = change_of(doing)
    last = change.simulations.order_by("-asked_at", "-pk").first()
    if last is None or last.state not in (Simulation.State.DONE, Simulation.State.FAILED):
        raise WrongState(_("The simulation has not ended."))
    good = last.state == Simulation.State.DONE and last.digest == change.digest
    doing.facts |= {"simulation": str(last.pk), "digest": last.digest, "done": good}
    doing.to = doing.type.states["simulated" if good else "proposed"]


def approve(doing: Doing) -> None:
    """It is signed: this plan, no other, from this time on. Raises WrongState where the junction has changed."""
    change = change_of(doing)
    if not keeping.fits(change):
        raise WrongState(_("The junction has changed since the simulation: simulate the plan anew."))
    change.begins_at = doing.data["begins_at"] or doing.at
    change.save(update_fields=["begins_at"])
    doing.facts |= {"digest": change.digest, "begins_at": change.begins_at.isoformat()}


def put_in_force(doing: Doing) -> None:
    """The time has come: the plan is in force. One that the junction has outgrown goes back to be simulated anew."""
    change = change_of(doing)
    if change.begins_at is None or change.begins_at > doing.at:
        raise WrongState(_("Its time has not come."))
    doing.facts["digest"] = change.digest
    if not keeping.fits(change):
        doing.to = doing.type.states["proposed"]
        doing.facts["outgrown"] = True
        return
    held = keeping.put(change, case=doing.case.pk, at=doing.at)
    doing.to = doing.type.states["in_force"]
    _replaced(held, doing)


def roll_back(doing: Doing) -> None:
    """The plan before is in force again, now."""
    back = keeping.roll_back(change_of(doing), case=doing.case.pk, at=doing.at)
    if back is None:
        raise WrongState(_("There is no plan before this one."))
    doing.facts["plan"] = back.number


def change_of(doing: Doing) -> PlanChange:
    """The change that the case is about, with its junction."""
    return PlanChange.objects.select_related("junction__network").get(pk=doing.case.pk)


def _looked_at_again(change: PlanChange) -> None:
    """The plan fits the junction as it is now. Raises WrongState with the first fault."""
    built = change.junction.built
    found = faults(built, change.built)
    if found:
        raise WrongState(sentences(found, built)[0])
    change.digest = digest(built, change.built)
    change.save(update_fields=["digest"])


def _replaced(held: Plan | None, doing: Doing) -> None:
    """The change that brought the plan before is over."""
    if held is None or held.case is None or held.sort != Plan.Sort.CHANGE:
        return
    before = Case.objects.filter(pk=held.case, state="in_force").first()
    if before is not None:
        act(before.pk, "replace", actor=SYSTEM, at=doing.at)


def _defer(simulation: str) -> None:
    from citong.services.signals.tasks import simulate_change

    simulate_change.defer(simulation=simulation)
