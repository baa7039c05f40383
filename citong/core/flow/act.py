"""The one write door: after intake, only `act` changes a case."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from citong.core.cases.declare import Act, CaseType
from citong.core.cases.forms import ActForm
from citong.core.cases.models import Case, Submission
from citong.core.cases.registry import case_type
from citong.core.flow import guards
from citong.core.flow.answers import answers_of
from citong.core.flow.doing import Doing
from citong.core.flow.effects import perform
from citong.core.flow.hanging import hanging
from citong.core.flow.record import record, split_data
from citong.core.flow.refusal import NotAllowed, NotThere, WrongState
from citong.core.flow.timing import enter, lapse
from citong.core.ledger import prepared
from citong.core.ledger.rows import made
from citong.core.people.access import Actor, Purpose, Seat, may, scope

SOME_CASE = UUID(int=0)  # where the id of the case goes


@dataclass(frozen=True)
class Done:
    """The act stands. `again` is true when the same command had been carried out before."""

    case: Case
    again: bool = False


def act(
    case_id: UUID,
    name: str,
    data: Mapping[str, Any] | None = None,
    *,
    actor: Actor,
    files: Any = None,
    key: str = "",
    at: datetime | None = None,
    form_prefix: str | None = None,
) -> Done:
    """The act is done, recorded and told, or nothing is: one transaction.

    `data` and `files` go to the act's own form. `key` names the command: sent twice it is done once.
    Raises NotThere, NotAllowed, WrongState or Invalid; each is a sentence for the sender.
    """
    at = at or timezone.now()
    with transaction.atomic():
        case = _locked(case_id, actor)
        found = hanging(case.id, key=key)
        if found.seen:
            return Done(case, again=True)
        kind = case_type(case.service)
        declared, seat = _permitted(kind, name, case, actor)
        guards.check(declared.guards, case, at)
        form, whose = declared.form, {"case": case, "actor": actor, "prefix": form_prefix}
        cleaned = answers_of(form, data or {}, files=files, **whose) if form else {}
        doing = Doing(case, kind, declared, cleaned, actor, seat, at, found.clocks, found.parties, found.tasks)
        if key:
            doing.rows.add(Submission(key=key, case=case.id, act=name, at=at))
        doing.facts, doing.content = split_data(declared.form, cleaned)
        if actor.standing is not None:
            doing.facts |= {"side": actor.standing.side, "party": str(actor.standing.party)}
        if actor.system:
            lapse(doing)
        perform(doing)
        if kind.leaves is not None:
            kind.leaves(doing)
        if (target := doing.to or declared.target) is not None:
            enter(doing, target)
        record(doing)
    return Done(case)


def possible(case: Case, actor: Actor) -> list[Act]:
    """The acts this actor could take on the case now, in declared order; no query but those of their guards."""
    leaving = case_type(case.service).leaving(case.state)
    now = timezone.now()
    return [a for a in leaving if may(actor, a, case) and all(guards.holds(g, case, now) for g in a.guards)]


def form_for(declared: Act, case: Case, actor: Actor, *, prefix: str | None = None) -> ActForm | None:
    """The act's empty form for page, phone and API; None when it asks nothing."""
    if declared.form is None:
        return None
    form = declared.form(case=case, actor=actor, prefix=prefix)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    return form


def _locked(case_id: UUID, actor: Actor) -> Case:
    found: list[tuple[Any, ...]] = []
    with suppress(EmptyResultSet):
        sql, given = _locking(actor)
        found = prepared.run(sql, [case_id if one == SOME_CASE else one for one in given])
    if not found:
        raise NotThere(_("There is no such case."))
    return made(Case, json.loads(found[0][0]))


@lru_cache(maxsize=10_000)
def _locking(actor: Actor) -> tuple[str, tuple[Any, ...]]:
    """The query for one case in this actor's reach, with its parameters; `scope` is compiled once for an actor.

    Raises EmptyResultSet for an actor without any reach.
    """
    reach = Case.objects.select_for_update().filter(scope(actor, Purpose.HANDLING), pk=SOME_CASE)
    sql, given = reach.query.sql_with_params()
    return f"SELECT to_jsonb(found) FROM ({sql}) AS found", given  # noqa: S608


def _permitted(kind: type[CaseType], name: str, case: Case, actor: Actor) -> tuple[Act, Seat]:
    declared = kind.acts.get(name)
    if declared is None:
        raise NotThere(_("There is no such act."))
    seat = may(actor, declared, case)
    if seat is None:
        raise NotAllowed(_("“%(act)s” is not yours to do on this case.") % {"act": declared.label})
    if all(state.name != case.state for state in declared.source):
        state = kind.states[case.state].label
        raise WrongState(_("The case has moved on and is now “%(state)s”.") % {"state": state})
    return declared, seat
