"""How mediation goes, in numbers that can not flatter: every one counts all that belongs to it.

A count names disputes, never a person's worth: of a mediator it says how many and how long, in the order of names.
The violations of the rule that whoever finds a dispute never mediates it are counted from the ledger alone, beside
everything that should make them impossible.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Extract, Trunc
from django.utils.translation import gettext_lazy as _

from citong.core.cases.declare import Words
from citong.core.cases.models import Case
from citong.core.clocks.models import Clock
from citong.core.flow.measures import Period
from citong.core.people.access import Actor, Purpose, scope
from citong.core.people.posts import Post
from citong.core.places.models import Division
from citong.kit.ids import uuid7_floor
from citong.services.mediation.kinds import Kind
from citong.services.mediation.models import Batch, Body, Confirmation, Dispute, Mediator

FOUND = (Dispute.Origin.VISIT, Dispute.Origin.REQUEST, Dispute.Origin.POLICE)
AT_COURT, FAILED, FORCED = ("filing", "filed"), ("failed", "filing", "filed", "ended"), ("enforcing", "suing")
MONTH, HALF_YEAR = 31, 200  # days up to which a chart counts by day and by week
MOST_LINES = 2_000


class Percentile(Aggregate):
    """The value below which a share of all lies."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"

    def __init__(self, expression: Any, share: float, **rest: Any) -> None:
        super().__init__(expression, share=share, output_field=FloatField(), **rest)


@dataclass(frozen=True)
class Asked:
    """Which disputes: a period, and what of the kind, the district and the kind of body is empty is all of it."""

    period: Period
    kind: str = ""
    district: str = ""
    body: str = ""

    def condition(self) -> Q:
        """The narrowing on disputes; no query."""
        named = {"kind": self.kind, "case__district": self.district, "mediator__body__kind": self.body}
        return Q(**{name: value for name, value in named.items() if value})


@dataclass(frozen=True)
class Number:
    """One figure: `value` of `of` where it is a share; `seconds` where it is a time."""

    code: str
    count: int
    of: int | None = None
    seconds: float | None = None

    @property
    def share(self) -> float | None:
        """The part of the whole; None of nothing."""
        return self.count / self.of if self.of else None


@dataclass(frozen=True)
class Line:
    """The figures of one kind, body, district or mediator; `key` is empty for disputes that have none yet."""

    key: str
    numbers: Mapping[str, Number]


LABELS: Mapping[str, tuple[Words, Words]] = {
    "opened": (_("New disputes"), _("Disputes that came in the period, by whatever way.")),
    "found": (
        _("Found by patrol"),
        _("Of those that came in: found on a visit, in a request or by the police, before a party brought them in."),
    ),
    "to_mediator": (
        _("Until a mediator took it up, median"),
        _("From the code to the moment at which a mediator accepted, of the disputes that came in the period and have "
          "been taken up; nights and days off included. Being asked is not enough."),
    ),
    "to_mediator_90": (
        _("Until a mediator took it up, nine of ten"),
        _("Nine of ten disputes had a mediator after this time."),
    ),
    "answered": (
        _("Mediator answered in time"),
        _("Of all mediators asked in the period: those who accepted or declined within their limit, three working days "
          "by the rules. Silence counts against it."),
    ),
    "taken_up": (
        _("Taken up"),
        _("Disputes that a mediator accepted for the first time in the period. Who has it now does not matter."),
    ),
    "agreed": (_("Agreed"), _("Of those taken up: the parties have agreed, in writing or orally.")),
    "performed": (
        _("Agreed and kept"),
        _("Of those taken up: agreed, and all of it was done without anybody being forced. Open disputes, failed ones "
          "and agreements not yet kept are in the whole and not in the part: this is the rate that can not flatter."),
    ),
    "simple": (
        _("Agreed, of those over"),
        _("The rate as it is usually told: of those taken up whose talks are over, those with an agreement. It leaves "
          "out what is still open and does not ask whether anything was kept."),
    ),
    "confirmed": (_("Confirmed by a court"), _("Of those taken up: a court has confirmed the agreement.")),
    "forced": (
        _("Broken: enforcement or action"),
        _("Of those agreed: a party had to apply for enforcement or go to court over the agreement."),
    ),
    "to_court": (
        _("Failed and handed to a court"), _("Of those taken up: no agreement, and on the way to a court or there."),
    ),
    "late": (_("Open and late"), _("Open disputes whose present time limit has run out, whenever they came in.")),
    "open": (_("Open now"), _("Disputes that have not ended, whenever they came in.")),
    "repeat": (
        _("With parties seen before"),
        _("Of those that came in: a party is in another dispute, too, not more than a year older. Found by sealed keys "
          "of telephone, number or account, counted and never listed; organisations that bring batches are left out."),
    ),
}  # fmt: skip


def reach(actor: Actor, asked: Asked) -> QuerySet[Dispute]:
    """The disputes whose figures the actor sees: of the area they supervise, and of the body they head; no query."""
    leading = replace(actor, account=None, receipt=None, seats=_seats(actor, Post.SUPERVISOR))
    area = scope(leading, Purpose.SUPERVISION)
    found = Dispute.objects.filter(asked.condition())
    if not area:
        return found
    bodies = [seat.unit for seat in _seats(actor, Post.HEAD)]
    return found.filter(Q(case__in=Case.objects.filter(area)) | Q(mediator__body__unit__in=bodies))


def total(disputes: QuerySet[Dispute], period: Period) -> dict[str, Number]:
    """Code to figure over all these disputes; two queries."""
    row = disputes.aggregate(**_aggregates(period))
    met, missed = _answered(disputes, period)
    return _numbers(row) | {"answered": Number("answered", met, met + missed)}


def came(disputes: QuerySet[Dispute], period: Period) -> int:
    """How many of these disputes came in the period; one query."""
    return disputes.filter(_came(period)).count()


def lines(disputes: QuerySet[Dispute], period: Period, *, key: Combinable) -> list[Line]:
    """The figures of these disputes by `key`, in its order; one query, however many lines there are."""
    rows = disputes.annotate(key=key).order_by().values("key").annotate(**_aggregates(period)).order_by("key")
    return [Line(str(row["key"] or ""), _numbers(row)) for row in rows[:MOST_LINES]]


def origins(disputes: QuerySet[Dispute], period: Period) -> dict[str, int]:
    """Way in to how many disputes came by it in the period; one query."""
    came = disputes.filter(_came(period)).order_by().values_list("origin")
    return dict(came.annotate(n=Count("pk")))


def late_by_level(disputes: QuerySet[Dispute], period: Period) -> dict[str, int]:
    """Level that a dispute has risen to, to how many open ones there are late; one query."""
    rows = disputes.filter(_late(period)).order_by().values_list("case__level")
    return dict(rows.annotate(n=Count("pk")))


def course(disputes: QuerySet[Dispute], period: Period, *, zone: ZoneInfo) -> dict[date, tuple[int, int, int]]:
    """First day of each day, week or month of the period to (came in, agreed, kept), from the first one in which there
    was anything; three queries."""
    days = (period.end - period.start).days
    step = "day" if days <= MONTH else "week" if days <= HALF_YEAR else "month"
    kept = disputes.filter(case__state="performed")
    parts = [
        _by(disputes, "case__opened_at", step, period, zone), _by(disputes, "agreed_at", step, period, zone),
        _by(kept, "case__closed_at", step, period, zone),
    ]  # fmt: skip
    found = {day for part in parts for day in part}
    steps = _steps(min(found), max(found), step) if found else ()
    return {day: (parts[0].get(day, 0), parts[1].get(day, 0), parts[2].get(day, 0)) for day in steps}


def _steps(first: date, last: date, step: str) -> Iterator[date]:
    """Every first day of such a step from one to the other."""
    while first <= last:
        yield first
        first += timedelta(days={"day": 1, "week": 7, "month": 32}[step])
        first = first.replace(day=1) if step == "month" else first


VIOLATIONS = """
SELECT count(DISTINCT mediated.subject)
FROM ledger_entry AS opened
JOIN ledger_entry AS mediated ON mediated.subject = opened.subject AND mediated.actor = opened.actor
WHERE opened.kind = 'case' AND opened.act = 'open' AND opened.id >= %s AND opened.id < %s
  AND mediated.kind = 'case' AND mediated.post = 'mediator' AND mediated.id >= %s
  AND opened.subject IN ({disputes})
"""


def violations(disputes: QuerySet[Dispute], period: Period) -> int:
    """Disputes that came in the period and in which whoever opened them acted as a mediator, as the ledger tells it;
    must be nought. One query."""
    first, last = uuid7_floor(period.start), uuid7_floor(period.end)
    return _counted(VIOLATIONS, disputes, period, [first, last, first])


# Keys are compared by their hashes, and whether there are two cases by whether least and greatest differ: nothing is
# sorted. With a million parties it is still the slowest of these, so it has room in memory.
REPEATED = """
WITH keyed AS MATERIALIZED (
    SELECT party.case_id, uuid_hash_extended(party.case_id, 0) AS mark, hashtextextended(key, 0) AS key
    FROM mediation_partydetails AS details
    JOIN cases_party AS party ON party.id = details.party_id AND party.role <> 'agent' AND party.id >= %s
    CROSS JOIN unnest(details.keys) AS key
    WHERE key NOT LIKE 'party:%%' AND key <> ALL (%s)
), again AS (
    SELECT key FROM keyed GROUP BY key HAVING min(mark) <> max(mark)
)
SELECT count(DISTINCT case_id) FROM keyed JOIN again USING (key) WHERE case_id IN ({disputes})
"""
ROOM, YEAR = "SET LOCAL work_mem = '64MB'", timedelta(days=365)


@transaction.atomic
def repeated(disputes: QuerySet[Dispute], period: Period) -> int:
    """Disputes that came in the period and whose parties, agents apart, have another one, at most a year older; three
    queries.

    By the sealed keys of numbers, telephones and accounts: a name alone says nothing, for namesakes have the same.
    """
    organisations = sorted({key for keys in Batch.objects.values_list("keys", flat=True) for key in keys})
    with connection.cursor() as cursor:
        cursor.execute(ROOM)
    return _counted(REPEATED, disputes, period, [uuid7_floor(period.start - YEAR), organisations])


def _counted(sql: str, disputes: QuerySet[Dispute], period: Period, given: list[Any]) -> int:
    """What a query counts among the disputes that came in the period: a join that the ORM has no relation for."""
    try:
        inner, more = disputes.filter(_came(period)).order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql.format(disputes=inner), [*given, *more])
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _seats(actor: Actor, post: str) -> tuple[Any, ...]:
    return tuple(seat for seat in actor.seats if seat.post == post)


def _came(period: Period) -> Q:
    return Q(case__opened_at__gte=period.start, case__opened_at__lt=period.end)


def _taken_up(period: Period) -> Q:
    return Q(taken_up_at__gte=period.start, taken_up_at__lt=period.end)


def _late(period: Period) -> Q:
    return Q(case__open=True, case__due_at__lt=period.at)


def _aggregates(period: Period) -> dict[str, Aggregate]:
    came, taken, agreed = _came(period), _taken_up(period), Q(agreed_at__isnull=False)
    rulings = Confirmation.objects.filter(ruling=Confirmation.Ruling.CONFIRM, ended_at=None)
    waited = Extract(F("taken_up_at") - F("case__opened_at"), "epoch")
    had = came & Q(taken_up_at__isnull=False)
    conditions = {
        "opened": came, "found": came & Q(origin__in=FOUND), "had": had, "taken_up": taken, "agreed": taken & agreed,
        "performed": taken & Q(case__state="performed"), "over": taken & (agreed | Q(case__state__in=FAILED)),
        "confirmed": taken & Q(pk__in=rulings.values("agreement__case")),
        "forced": taken & Q(case__state__in=FORCED), "to_court": taken & Q(case__state__in=AT_COURT),
        "open": Q(case__open=True), "late": _late(period),
    }  # fmt: skip
    counts: dict[str, Aggregate] = {f"n_{code}": Count("pk", filter=wanted) for code, wanted in conditions.items()}
    return counts | {
        "half": Percentile(waited, 0.5, filter=had), "nine_of_ten": Percentile(waited, 0.9, filter=had),
    }  # fmt: skip


WHOLES = {
    "opened": None, "found": "opened", "taken_up": None, "agreed": "taken_up", "performed": "taken_up",
    "confirmed": "taken_up", "forced": "agreed", "to_court": "taken_up", "open": None, "late": "open",
}  # fmt: skip


def _numbers(row: Mapping[str, Any]) -> dict[str, Number]:
    found = {
        code: Number(code, row[f"n_{code}"], row[f"n_{whole}"] if whole else None) for code, whole in WHOLES.items()
    }
    found["simple"] = Number("simple", row["n_agreed"], row["n_over"])
    found["to_mediator"] = Number("to_mediator", row["n_had"], seconds=row["half"])
    found["to_mediator_90"] = Number("to_mediator_90", row["n_had"], seconds=row["nine_of_ten"])
    return found


def _answered(disputes: QuerySet[Dispute], period: Period) -> tuple[int, int]:
    """(In time, not in time) of the mediators asked in the period; one query."""
    asked = Clock.objects.filter(
        code="accept", subject__in=disputes.order_by().values("pk"), started_at__gte=period.start,
        started_at__lt=period.end,
    )  # fmt: skip
    late = Q(state=Clock.State.MISSED) | Q(lapses__gt=0)
    found = asked.aggregate(met=Count("pk", filter=Q(state=Clock.State.MET) & ~late), missed=Count("pk", filter=late))
    return found["met"], found["missed"]


def _by(disputes: QuerySet[Dispute], field: str, step: str, period: Period, zone: ZoneInfo) -> dict[date, int]:
    within = disputes.filter(**{f"{field}__gte": period.start, f"{field}__lt": period.end})
    rows = within.annotate(first=Trunc(field, step, tzinfo=zone)).order_by().values_list("first")
    return {first.date(): number for first, number in rows.annotate(n=Count("pk"))}


KEYS: Mapping[str, Combinable] = {
    "kind": F("kind"),
    "body": F("mediator__body"),
    "district": F("case__district"),
    "mediator": F("mediator"),
}
BY: Sequence[tuple[str, Words, str]] = (
    ("kind", _("Kind"), "category"), ("body", _("Body"), "building-community"), ("district", _("Place"), "map-pin"),
    ("mediator", _("Mediator"), "user"),
)  # fmt: skip


def names_of(found: Sequence[Line], by: str) -> dict[str, str]:
    """Key to name of these lines, in the reader's language; one query at most."""
    keys = [line.key for line in found if line.key]
    if by == "kind":
        return {kind.value: str(kind.label) for kind in Kind}
    if by == "district":
        return dict(Division.objects.filter(code__in=keys).values_list("code", "name"))
    if by == "body":
        return {str(key): name for key, name in Body.objects.filter(pk__in=keys).values_list("pk", "unit__name")}
    people = Mediator.objects.filter(pk__in=keys).select_related("account")
    return {str(one.pk): one.account.get_full_name() for one in people}


def dimensions(actor: Actor) -> list[tuple[str, Words, str]]:
    """(Code, label, icon) of the ways in which the actor sees the figures told apart: mediators one by one are the
    head's to see, of their own body alone."""
    alone = bool(_seats(actor, Post.HEAD)) and not _seats(actor, Post.SUPERVISOR)
    return [one for one in BY if alone or one[0] != "mediator"]
