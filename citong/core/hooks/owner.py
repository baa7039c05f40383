"""What owners do with their hooks, and what the platform does in their place. Each leaves an entry in the ledger."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from citong.core.hooks.feed import KEPT, end_of_feed
from citong.core.hooks.models import Delivery, Hook
from citong.core.ledger.write import Signature, append, head_of
from citong.core.notices.models import Notice
from citong.core.people.access import Actor
from citong.kit.ids import uuid7, uuid7_floor

SEALED_WITHIN = timedelta(minutes=2)  # an entry may be sealed some time before the clock says so: rather twice than not
PAUSED = "hook_paused"


class HasEnded(ValueError):
    """The hook has ended; nothing can be done with it any more."""


def hooks_of(actor: Actor) -> QuerySet[Hook]:
    """The actor's own hooks, newest first, and for thirty days those that have ended. Nobody sees another's."""
    return Hook.objects.filter(owner_id=actor.account).order_by("-id")


@transaction.atomic
def make(data: Mapping[str, Any], *, actor: Actor, at: datetime) -> Hook:
    """The hook hears of whatever is sealed from now on. `data` is that of a valid HookForm."""
    assert actor.account is not None
    checkpoint, index = end_of_feed()
    hook = Hook.objects.create(
        owner_id=actor.account, name=data["name"], address=data["address"], services=list(data["services"]),
        acts=list(data["acts"]), checkpoint=checkpoint, index=index, made_at=at,
    )  # fmt: skip
    _record(hook, "make_hook", by=actor.account, at=at, host=urlsplit(hook.address).hostname)
    return hook


@transaction.atomic
def pause(hook: Hook, *, at: datetime) -> None:
    """Nothing is sent any more; what happens meanwhile is kept for later."""
    _hold(hook)
    if hook.paused_at is None:
        _pause(hook, Hook.Reason.OWNER, at)
        _record(hook, "pause_hook", by=hook.owner_id, at=at)


@transaction.atomic
def resume(hook: Hook, *, at: datetime) -> None:
    """What waited and what happened meanwhile is sent, as far back as thirty days."""
    _hold(hook)
    if hook.paused_at is None:
        return
    hook.checkpoint, hook.index = max((hook.checkpoint, hook.index), end_of_feed(until=at - KEPT))
    hook.paused_at = hook.failing_since = None
    hook.reason = ""
    hook.save(update_fields=["checkpoint", "index", "paused_at", "failing_since", "reason"])
    hook.deliveries.filter(next_at__isnull=False).update(next_at=at, tries=0)
    _record(hook, "resume_hook", by=hook.owner_id, at=at)


@transaction.atomic
def end(hook: Hook, *, at: datetime) -> None:
    """The hook hears of nothing more, for good."""
    _hold(hook)
    _end(hook, Hook.Reason.OWNER, at)
    _record(hook, "end_hook", by=hook.owner_id, at=at)


@transaction.atomic
def turn(hook: Hook, *, at: datetime) -> None:
    """The hook has a new secret. For a day messages are signed with the old one, too."""
    _hold(hook)
    hook.secret += 1
    hook.turned_at = at
    hook.save(update_fields=["secret", "turned_at"])
    _record(hook, "turn_hook", by=hook.owner_id, at=at)


@transaction.atomic
def test(hook: Hook, *, at: datetime) -> Delivery:
    """A message without content waits to be sent, to try the way."""
    _hold(hook)
    return Delivery.objects.create(id=uuid7(), hook=hook, made_at=at, next_at=at)


@transaction.atomic
def again(delivery: Delivery, *, at: datetime) -> Delivery:
    """The same message, with the same webhook-id, waits to be sent once more."""
    hook = delivery.hook
    _hold(hook)
    if delivery.entry is None:
        return test(hook, at=at)
    _next_round(hook)
    return Delivery.objects.create(
        id=uuid7(), hook=hook, entry=delivery.entry, round=hook.round, made_at=at, next_at=at
    )  # fmt: skip


@transaction.atomic
def replay(hook: Hook, *, since: datetime, at: datetime) -> None:
    """All that was sealed since a moment of the last thirty days is sent once more, as fast as everything else.

    What waits from that time gives way to it. ValueError with a sentence for another moment.
    """
    if not at - KEPT <= since <= at:
        raise ValueError(_("Choose a moment of the last thirty days."))
    _hold(hook)
    start = since - SEALED_WITHIN
    hook.checkpoint, hook.index = min((hook.checkpoint, hook.index), end_of_feed(until=start))
    _next_round(hook)
    hook.save(update_fields=["checkpoint", "index"])
    hook.deliveries.filter(next_at__isnull=False, entry__gte=uuid7_floor(start)).delete()
    _record(hook, "replay_hook", by=hook.owner_id, at=at, since=since.isoformat())


def pause_failing(hook: Hook, *, at: datetime) -> None:
    """The hook rests, and its owner is told why. The hook is locked."""
    _pause(hook, Hook.Reason.FAILING, at)
    _record(hook, "pause_hook", by=None, at=at, reason=str(Hook.Reason.FAILING))
    Notice.objects.bulk_create(_told(hook, at))


def end_gone(hook: Hook, *, at: datetime) -> None:
    """The receiver said that it is gone: the hook has ended. The hook is locked."""
    _end(hook, Hook.Reason.GONE, at)
    _record(hook, "end_hook", by=None, at=at, reason=str(Hook.Reason.GONE))


def forget(*, at: datetime) -> int:
    """Deliveries, and hooks that have ended, are gone after thirty days. Returns how many rows."""
    old, _kinds = Delivery.objects.filter(pk__lt=uuid7_floor(at - KEPT)).delete()
    ended, _kinds = Hook.objects.filter(ended_at__lt=at - KEPT).delete()
    return old + ended


def _hold(hook: Hook) -> None:
    """The hook is locked and as it is now. Raises HasEnded."""
    hook.refresh_from_db(from_queryset=Hook.objects.select_for_update())
    if hook.ended_at is not None:
        raise HasEnded(_("This webhook has ended. Make a new one."))


def _pause(hook: Hook, reason: str, at: datetime) -> None:
    hook.paused_at, hook.reason = at, reason
    hook.save(update_fields=["paused_at", "reason"])


def _end(hook: Hook, reason: str, at: datetime) -> None:
    hook.ended_at, hook.reason = at, reason
    hook.save(update_fields=["ended_at", "reason"])
    hook.deliveries.filter(next_at__isnull=False).update(next_at=None)


def _next_round(hook: Hook) -> None:
    hook.round += 1
    hook.save(update_fields=["round"])


def _record(hook: Hook, act: str, *, by: UUID | None, at: datetime, **facts: str | None) -> None:
    """What was done to the hook stands in the ledger: through it the city's data leaves the house."""
    who = Signature(by) if by else Signature(None, "system")
    append(hook.id, act, kind="hook", by=who, at=at, head=head_of(hook.id), facts=facts)


def _told(hook: Hook, at: datetime) -> list[Notice]:
    owner, facts = hook.owner, {"act": PAUSED, "hook": str(hook.id)}
    channels = {Notice.Channel.APP: "", Notice.Channel.EMAIL: owner.email}
    return [
        Notice(
            id=uuid7(at), subject=hook.id, channel=channel, account=owner, address=address, language=owner.language,
            code=PAUSED, facts=facts, made_at=at, next_at=at if address else None, sent_at=None if address else at,
        )
        for channel, address in channels.items()
        if address or channel == Notice.Channel.APP
    ]  # fmt: skip
