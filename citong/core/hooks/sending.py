"""Sending what waits for hooks: each hook in a thread of its own for a few seconds, so that none holds up another."""

import logging
import random
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Min

from citong.core.hooks.feed import event, may_know, owner_of, placed, reached, trial
from citong.core.hooks.models import Delivery, Hook
from citong.core.hooks.owner import end_gone, pause_failing
from citong.core.hooks.secret import secrets_of
from citong.core.notices.hook import send

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (30, 120, 600, 3_600, 4 * 3_600, 12 * 3_600, 24 * 3_600, 32 * 3_600)
)  # fmt: skip
LONGER = 0.1  # each pause is up to a tenth longer, by chance, so that what failed together comes back apart
TOO_LONG = timedelta(days=3)
HOOKS_PER_TURN = 32
PER_TURN = 100
SECONDS_PER_TURN = 5.0
HELD = timedelta(minutes=5)  # a worker that dies in its turn leaves its deliveries to another one after that
GONE = 410
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Letter:
    """One delivery with its body."""

    delivery: Delivery
    body: bytes


@dataclass(frozen=True)
class Load:
    """What one hook is sent in one turn; nothing in it asks the database."""

    hook: Hook
    secrets: list[bytes]
    letters: list[Letter]


@dataclass(frozen=True)
class Answer:
    """What became of a try: the receiver's status, or the fault for want of one."""

    status: int | None = None
    fault: str = ""

    def taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def deliver(*, at: datetime) -> int:
    """What is due was sent, or put off. Returns how many were taken. One turn lasts some twenty seconds at most.

    Each is sent at least once: a process that dies after sending sends again. Safe beside other workers.
    """
    loads = [load for hook in _due(at) if (load := _claimed(hook, at))]
    if not loads:
        return 0
    with ThreadPoolExecutor(len(loads)) as threads:
        answered = threads.map(_sent, loads)
        return sum(_noted(load, answers, at) for load, answers in zip(loads, answered, strict=True))


def _due(at: datetime) -> list[UUID]:
    """Hooks with something to send, those first that have waited longest."""
    due = Delivery.objects.filter(next_at__lte=at, hook__paused_at=None, hook__ended_at=None)
    return list(
        due.order_by().values("hook").annotate(first=Min("next_at")).order_by("first").values_list("hook", flat=True)
        [:HOOKS_PER_TURN]
    )  # fmt: skip


@transaction.atomic
def _claimed(hook_id: UUID, at: datetime) -> Load | None:
    """The next deliveries of a hook are this worker's for a while; those its owner may no longer know are dropped."""
    hook = Hook.objects.select_related("owner").get(pk=hook_id)
    due = hook.deliveries.select_for_update(skip_locked=True).filter(next_at__lte=at).order_by("next_at", "id")
    rows = list(due[:PER_TURN])
    letters = _written(hook, rows, at)
    going = {letter.delivery.pk for letter in letters}
    hook.deliveries.filter(pk__in=[row.pk for row in rows if row.pk not in going]).update(
        next_at=None, fault=Delivery.Fault.OUT_OF_REACH
    )
    hook.deliveries.filter(pk__in=going).update(next_at=at + HELD)
    return Load(hook, secrets_of(hook, at=at), letters) if letters else None


def _written(hook: Hook, rows: list[Delivery], at: datetime) -> list[Letter]:
    found = placed(row.entry for row in rows if row.entry)
    actor = owner_of(hook, at=at)
    cases = reached(actor, [entry for _seal, entry in found.values()])
    letters = []
    for row in rows:
        if row.entry is None and actor.account is not None:
            letters.append(Letter(row, trial(hook, row.made_at)))
        elif row.entry in found:
            seal, entry = found[row.entry]
            case = cases.get(entry.subject)
            if case is not None and may_know(actor, case, entry):
                letters.append(Letter(row, event(hook, case, entry, seal)))
    return letters


def _sent(load: Load) -> list[Answer]:
    """One answer for each letter that was tried: all, or as many as the turn allows while somebody answers."""
    until, answers = time.monotonic() + SECONDS_PER_TURN, []
    for letter in load.letters:
        answers.append(_tried(load, letter))
        if answers[-1].status in (None, GONE) or time.monotonic() > until:
            break
    return answers


def _tried(load: Load, letter: Letter) -> Answer:
    id = letter.delivery.webhook_id()
    try:
        status = send(load.hook.address, id=id, body=letter.body, secrets=load.secrets)
    except ValueError:
        return Answer(None, Delivery.Fault.FORBIDDEN)
    except OSError as fault:
        return Answer(None, _fault(fault))
    return Answer(status, "" if 200 <= status < 300 else Delivery.Fault.STATUS)


def _fault(fault: OSError) -> str:
    kinds: list[tuple[type[OSError], str]] = [
        (TimeoutError, Delivery.Fault.TIMEOUT), (ssl.SSLError, Delivery.Fault.TRUST),
        (socket.gaierror, Delivery.Fault.UNKNOWN),
    ]  # fmt: skip
    return next((name for kind, name in kinds if isinstance(fault, kind)), Delivery.Fault.SILENT)


@transaction.atomic
def _noted(load: Load, answers: list[Answer], at: datetime) -> int:
    """Each delivery shows what became of it, and the hook how its receiver is. Returns how many were taken."""
    hook = Hook.objects.select_for_update().select_related("owner").get(pk=load.hook.pk)
    for letter, answer in zip(load.letters, answers, strict=False):
        _mark(letter.delivery, answer, at)
    tried = [letter.delivery for letter in load.letters[: len(answers)]]
    Delivery.objects.bulk_update(tried, ["next_at", "tries", "sent_at", "status", "fault"])
    untried = [letter.delivery.pk for letter in load.letters[len(answers) :]]
    hook.deliveries.filter(pk__in=untried).update(next_at=at)
    if answers[-1].status is None:
        _wait_all(hook, tried[-1].next_at or at + PAUSES[0])
    _judge(hook, answers, at)
    return sum(answer.taken() for answer in answers)


def _mark(delivery: Delivery, answer: Answer, at: datetime) -> None:
    delivery.tries += 1
    delivery.status, delivery.fault = answer.status, answer.fault
    delivery.sent_at = at if answer.taken() else None
    delivery.next_at = None if answer.taken() else next_try(delivery.tries, at)
    if not answer.taken():
        said = answer.status or answer.fault
        log.warning("webhook %s: %s not taken (%s), try %d", delivery.hook_id, delivery.id, said, delivery.tries)


def next_try(tries: int, at: datetime) -> datetime | None:
    """When to try again after so many tries; None after the last, some three days after the first."""
    if tries > len(PAUSES):
        return None
    return at + PAUSES[tries - 1] * (1 + random.random() * LONGER)  # noqa: S311


def _wait_all(hook: Hook, until: datetime) -> None:
    """Where nobody answers, all that waits for this hook waits as long: it is knocked at once, not once for each."""
    hook.deliveries.filter(next_at__lt=until).update(next_at=until)


def _judge(hook: Hook, answers: list[Answer], at: datetime) -> None:
    if any(answer.status == GONE for answer in answers):
        end_gone(hook, at=at)
    elif any(answer.taken() for answer in answers):
        hook.failing_since = None
    elif hook.failing_since is None:
        hook.failing_since = at
    elif at - hook.failing_since >= TOO_LONG and hook.paused_at is None:
        pause_failing(hook, at=at)
    hook.save(update_fields=["failing_since"])
    if hook.ended_at is not None:
        hook.deliveries.filter(next_at__isnull=False).update(next_at=None)
