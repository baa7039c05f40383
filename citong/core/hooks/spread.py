"""Spreading: what was sealed becomes deliveries of each hook that asked for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from citong.core.hooks.feed import after, end_of_feed, wanted
from citong.core.hooks.models import Delivery, Hook
from citong.kit.ids import uuid7

BATCH = 500
MOST_BATCHES = 400
MOST_WAITING = 10_000  # a hook with that many unsent messages makes no more until some are sent; none is lost


def spread(*, at: datetime) -> int:
    """What was sealed waits to be sent to every hook that may know it. Returns how many deliveries were made.

    Deliveries and cursors move in one transaction: nothing is skipped, nothing made twice. Safe beside other workers.
    """
    made = 0
    for _batch in range(MOST_BATCHES):
        step = _step(at)
        if step is None:
            break
        made += step
    return made


@transaction.atomic
def _step(at: datetime) -> int | None:
    """The hooks furthest behind are a batch further on, read once for all of them; None when none is behind."""
    hooks = _furthest_behind()
    if not hooks:
        return None
    found, (checkpoint, index) = after((hooks[0].checkpoint, hooks[0].index), most=BATCH)
    entries = [entry for _seal, entry in found]
    made = [
        Delivery(id=uuid7(), hook=hook, entry=entry.id, round=hook.round, made_at=at, next_at=at)
        for hook in hooks
        for entry in wanted(hook, entries, at=at)
    ]
    Delivery.objects.bulk_create(made, ignore_conflicts=True)
    Hook.objects.filter(pk__in=[hook.pk for hook in hooks]).update(checkpoint=checkpoint, index=index)
    return len(made)


def _furthest_behind() -> Sequence[Hook]:
    checkpoint, index = end_of_feed()
    behind = Q(checkpoint__lt=checkpoint) | Q(checkpoint=checkpoint, index__lt=index)
    hooks = Hook.objects.select_for_update(skip_locked=True, of=("self",)).select_related("owner")
    rows = list(
        hooks.filter(behind, paused_at=None, ended_at=None).exclude(pk__in=_full()).order_by("checkpoint", "index")
    )
    return [hook for hook in rows if (hook.checkpoint, hook.index) == (rows[0].checkpoint, rows[0].index)]


def _full() -> QuerySet[Delivery, object]:
    waiting = Delivery.objects.filter(next_at__isnull=False).order_by().values("hook")
    return waiting.annotate(n=Count("pk")).filter(n__gte=MOST_WAITING).values("hook")
