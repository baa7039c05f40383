"""One act on many disputes: each by the one door for all acts, once, with what it refuses said case by case.

Nothing here can be undone at once: what an act did stands in the ledger of each case.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.forms import FileField
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from citong.core.cases.declare import Act
from citong.core.cases.forms import ActForm
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.flow.act import act, possible
from citong.core.flow.answers import answers_of
from citong.core.people.access import Actor, actor_of
from citong.core.people.refusal import Invalid, Refusal
from citong.core.register import sheet_store as store
from citong.services.mediation.batches import cases_of
from citong.services.mediation.forms.sessions import SessionForm
from citong.services.mediation.models import Batch, BatchAct
from citong.services.mediation.sessions.series import schedule_many

# What can be said of many disputes in one breath. Never what belongs to each party or mediator alone: a consent, a
# choice, a disclosure, an offer, facts, an agreement, a signature, a word in confidence.
TOGETHER = frozenset({
    "register", "return", "withdraw", "unreachable", "appoint", "accept", "decline", "pass_on", "schedule", "note",
    "urge", "fail", "file_to_court", "end", "again", "follow_up", "perform", "court_accept", "rule_confirm",
    "court_file", "escalate",
})  # fmt: skip
SERVICE = "mediation"
State = BatchAct.State
OPEN = (State.WAITING, State.RUNNING)
AT_ONCE = 50
SLICE_SECONDS = 45  # then other jobs have their turn
LOCK = 592_041_801  # any number that nobody else locks


@dataclass(frozen=True)
class Offered:
    """An act with the cases for which the actor could take it now."""

    act: Act
    cases: Sequence[Case]


def offered(cases: Sequence[Case], actor: Actor) -> list[Offered]:
    """The acts that fit at least one of these cases, in declared order; no query."""
    fitting: dict[str, list[Case]] = {}
    for case in cases:
        for one in possible(case, actor):
            if one.name in TOGETHER:
                fitting.setdefault(one.name, []).append(case)
    acts = case_type(SERVICE).acts
    return [Offered(acts[name], fitting[name]) for name in acts if name in fitting]


def prepare(batch: Batch, name: str, chosen: Sequence[UUID], *, actor: Actor, at: datetime) -> BatchAct | None:
    """The act on the chosen cases waits for its answers; None where it fits none of them."""
    assert actor.account is not None
    wanted = set(chosen)
    cases = [case for case in cases_of(batch, actor) if case.pk in wanted]
    one = next((one for one in offered(cases, actor) if one.act.name == name), None)
    if one is None:
        return None
    ids = [case.pk for case in one.cases]
    return BatchAct.objects.create(batch=batch, act=name, account_id=actor.account, cases=ids, made_at=at)


def act_for(id: UUID, actor: Actor) -> BatchAct | None:
    """The actor's own act on many cases, or None."""
    return BatchAct.objects.select_related("batch").filter(pk=id, account=actor.account).first()


def form_of(one: BatchAct, actor: Actor, answers: QueryDict | None = None) -> ActForm | None:
    """The act's form as its first case asks it, with what was answered; None when it asks nothing. A photo belongs to
    one case, so none is asked for."""
    declared, first = case_type(SERVICE).acts[one.act], Case.objects.get(pk=one.cases[0])
    if declared.form is None:
        return None
    form = declared.form(answers, case=first, actor=actor)  # type: ignore[call-arg]
    assert isinstance(form, ActForm)
    for name in [name for name, field in form.fields.items() if isinstance(field, FileField) and not field.required]:
        del form.fields[name]
    return form


def begin(one: BatchAct, answers: QueryDict, *, actor: Actor) -> None:
    """The act waits for its turn with these answers. Raises Invalid with what its form says of them."""
    form = form_of(one, actor, answers)
    if form is not None and not form.is_valid():
        errors = {name: [str(fault) for fault in found] for name, found in form.errors.items()}
        raise Invalid(_("Some answers need another look."), errors)
    sealed = store.sealed(answers.urlencode().encode(), about=_about("answers", one))
    BatchAct.objects.filter(pk=one.pk, state=State.DRAFT).update(state=State.WAITING, answers=sealed)


def go_on(one: BatchAct) -> None:
    """An act that was stopped waits for its turn again."""
    BatchAct.objects.filter(pk=one.pk, state=State.STOPPED).update(state=State.WAITING, stop=False, ended_at=None)


def ask_to_stop(one: BatchAct) -> None:
    """It stops after the cases it has in hand. What is done stays."""
    BatchAct.objects.filter(pk=one.pk, state=State.WAITING).update(state=State.STOPPED)
    BatchAct.objects.filter(pk=one.pk, state=State.RUNNING).update(stop=True)


def waiting() -> list[UUID]:
    """Acts that wait or were under way when their process ended."""
    return list(BatchAct.objects.filter(state__in=OPEN).order_by("pk").values_list("pk", flat=True))


def refused(one: BatchAct) -> list[tuple[str, str]]:
    """(Number of the case, sentence) of every case that refused the act, in their order."""
    if not one.refused:
        return []
    return [(number, why) for number, why in json.loads(store.opened(bytes(one.refused), about=_about("refused", one)))]


def carry(id: UUID, *, seconds: float = SLICE_SECONDS) -> bool:
    """The act goes on for so long; whether there is more to do. Beside another process that carries it: no."""
    with _alone(id) as alone:
        if not alone:
            return False
        one = BatchAct.objects.select_related("account", "batch").get(pk=id)
        if one.state not in OPEN:
            return False
        BatchAct.objects.filter(pk=id).update(state=State.RUNNING)
        with translation.override(one.account.language):
            return _go_on(one, actor_of(one.account), seconds)


def _go_on(one: BatchAct, actor: Actor, seconds: float) -> bool:
    until, said = time.monotonic() + seconds, refused(one)
    answers = QueryDict(store.opened(bytes(one.answers), about=_about("answers", one)).decode())
    while one.position < len(one.cases):
        began, part = time.monotonic(), one.cases[one.position : one.position + AT_ONCE]
        numbers = dict(Case.objects.filter(pk__in=part).values_list("pk", "number"))
        for case in part:
            why = _refusal(one, case, answers, actor)
            one.done += not why
            said += [(numbers[case], why)] if why else []
        one.position += len(part)
        one.seconds += time.monotonic() - began
        _keep(one, said)
        if BatchAct.objects.filter(pk=one.pk, stop=True).exists():
            _end(one, State.STOPPED)
            return False
        if time.monotonic() > until and one.position < len(one.cases):
            return True
    _end(one, State.DONE)
    return False


def _refusal(one: BatchAct, case: UUID, answers: QueryDict, actor: Actor) -> str:
    """Why the case refused the act; empty where it is done, now or in an earlier try."""
    key = f"batch act:{one.pk.hex}"
    try:
        if one.act == "schedule":
            _schedule(Case.objects.get(pk=case), answers, actor, key)
        else:
            act(case, one.act, answers, actor=actor, key=f"{key}:{case}")
    except Refusal as refusal:
        return " ".join(sentence for found in refusal.errors.values() for sentence in found) or str(refusal)
    return ""


def _schedule(case: Case, answers: QueryDict, actor: Actor, key: str) -> None:
    """The case has the next session of the series: its first free time from the moment that was given on."""
    said = answers_of(SessionForm, answers, case=case, actor=actor)
    given = {name: said[name] for name in ("minutes", "way", "room", "place", "link", "bring")}
    schedule_many([case], said["begins_at"], actor=actor, key=key, **given)


def _keep(one: BatchAct, said: Sequence[tuple[str, str]]) -> None:
    one.refusals = len(said)
    one.refused = store.sealed(json.dumps(said, ensure_ascii=False).encode(), about=_about("refused", one))
    one.save(update_fields=["position", "done", "refusals", "refused", "seconds"])


def _end(one: BatchAct, state: str) -> None:
    """It has this state; when it is done, its answers are gone."""
    more = {"answers": b""} if state == State.DONE else {}
    BatchAct.objects.filter(pk=one.pk).update(state=state, stop=False, ended_at=timezone.now(), **more)


def _about(what: str, one: BatchAct) -> str:
    return f"batch act {what} {one.pk}"


@contextmanager
def _alone(id: UUID) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, str(id)])
        alone = cursor.fetchone() == (True,)
        try:
            yield alone
        finally:
            if alone:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK, str(id)])
