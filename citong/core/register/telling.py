"""Notices about what waits to be decided: to the nearest desk that may decide, and to whoever asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Case, IntegerField, Q, Value, When

from citong.core.notices import outbox
from citong.core.notices.models import Notice
from citong.core.people.models import Unit
from citong.core.people.posts import Post
from citong.core.places.current import day_of
from citong.core.register.models import Proposal, Record

NEAREST = ("community", "street", "district", "city")
DECIDES = (Post.CLERK, Post.SUPERVISOR)


def deciders(record: Record, proposals: Mapping[str, Proposal], *, at: datetime) -> list[Notice]:
    """A notice to the nearest unit around the record in which somebody may decide; one query."""
    unit = _deciding(record, at)
    facts = {"act": "proposal", "record": str(record.id), "kind": record.kind, "why": list(proposals)}
    return [outbox.to_unit(record.id, unit, facts, account=None, at=at)] if unit else []


def author(record: Record, proposal: Proposal, *, at: datetime) -> Iterable[Notice]:
    """A notice to the author of a proposal: it was decided."""
    if proposal.author_id is not None:
        facts = {"act": f"proposal_{proposal.state}", "record": str(record.id), "kind": record.kind}
        yield Notice(
            subject=record.id, channel=Notice.Channel.APP, account_id=proposal.author_id,
            code=facts["act"], facts=facts, made_at=at, sent_at=at,
        )  # fmt: skip


def _deciding(record: Record, at: datetime) -> int | None:
    around = Q(level="city")
    for level in NEAREST[:-1]:
        around |= Q(level=level, division__code=getattr(record, level)) if getattr(record, level) else Q()
    day = day_of(at)
    held = Q(appointments__post__in=DECIDES, appointments__begins_on__lte=day)
    holds = Q(appointments__ends_on=None) | Q(appointments__ends_on__gt=day)
    order = Case(*(When(level=level, then=Value(at)) for at, level in enumerate(NEAREST)), output_field=IntegerField())
    units = Unit.objects.filter(around, held, holds, ends_on=None).order_by(order, "code")
    return units.values_list("pk", flat=True).first()
