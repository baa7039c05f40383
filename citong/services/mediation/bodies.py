"""Reading the registers: which bodies there are, what each has in hand, whose term ends, who is away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from citong.core.cases.models import Case
from citong.core.ledger.models import Entry
from citong.core.people.access import Actor, body_scope
from citong.core.people.models import Absence, Account, Unit
from citong.core.places.current import day_of
from citong.services.mediation.kinds import Kind, Language
from citong.services.mediation.matching import TAKES
from citong.services.mediation.models import Body, Mediator
from citong.services.mediation.parameters.bodies import TERM_WARNING
from citong.services.mediation.rules.bodies import MembersByLaw, TermEndsSoon, TermOfThreeYears, WomanAmongThem

COUNTS = """
SELECT held.body_id, count(*) FILTER (WHERE held.sort = 'mediator'), count(*) FILTER (WHERE held.sort = 'expert'),
       coalesce(sum(busy.open), 0)::int, coalesce(sum(held.most) FILTER (WHERE held.sort = 'mediator'), 0)::int,
       count(*) FILTER (WHERE away.account_id IS NOT NULL), count(*) FILTER (WHERE held.term_ends <= %(soon)s)
FROM mediation_mediator AS held
LEFT JOIN LATERAL (SELECT count(*) AS open FROM cases_case AS one
                   WHERE one.holder_id = held.account_id AND one.open AND one.service = 'mediation') AS busy ON true
LEFT JOIN LATERAL (SELECT account_id FROM people_absence AS one WHERE one.account_id = held.account_id
                   AND one.begins_at <= %(at)s AND one.ends_at > %(at)s LIMIT 1) AS away ON true
WHERE held.body_id = ANY (%(bodies)s) AND held.ended_on IS NULL GROUP BY held.body_id
"""


@dataclass(frozen=True)
class Counts:
    """What a body has: people in its register, disputes in hand and how many it can take, the absent, ending terms."""

    mediators: int = 0
    experts: int = 0
    open: int = 0
    most: int = 0
    away: int = 0
    ending: int = 0

    @property
    def share(self) -> int:
        """Disputes in hand in percent of what its people take."""
        return round(100 * self.open / self.most) if self.most else 0


@dataclass(frozen=True)
class Person:
    """A line of a body's register: the entry, disputes in hand, until when away, and whether the term ends soon."""

    entry: Mediator
    open: int
    away_until: datetime | None
    ends_soon: bool

    @property
    def share(self) -> int:
        return min(round(100 * self.open / self.entry.most), 100)

    @property
    def tone(self) -> str:
        return "late" if self.open >= self.entry.most else "near" if self.share >= 75 else "good"


@dataclass(frozen=True)
class Change:
    """What was done to a register, when and by whom."""

    what: str
    who: str
    at: datetime


def bodies_for(actor: Actor) -> QuerySet[Body]:
    """The bodies whose register the actor may read."""
    units = Unit.objects.filter(body_scope(actor))
    return Body.objects.filter(unit__in=units).select_related("unit__division", "inviting_court")


def narrowed(bodies: QuerySet[Body], asked: Mapping[str, str], *, at: datetime) -> QuerySet[Body]:
    """Those of the list that fit the filters: `q` (names of bodies and people) or `name` (of bodies alone), `kind`,
    `field`, `language`, `district`, `soon`, `ended`."""
    bodies = bodies if asked.get("ended") else bodies.filter(ended_on=None)
    if name := asked.get("name", "").strip():
        bodies = bodies.filter(Q(unit__name__icontains=name) | Q(named_after__icontains=name))
    if q := asked.get("q", "").strip():
        people = Mediator.objects.filter(account__name__icontains=q, ended_on=None).values("body")
        bodies = bodies.filter(Q(unit__name__icontains=q) | Q(named_after__icontains=q) | Q(pk__in=people))
    if kind := asked.get("kind", ""):
        bodies = bodies.filter(kind=kind)
    if field := asked.get("field", ""):
        bodies = taking(bodies, field)
    if language := asked.get("language", ""):
        bodies = speaking(bodies, language)
    if district := asked.get("district", ""):
        bodies = serving(bodies, district)
    if asked.get("soon"):
        bodies = bodies.filter(pk__in=ending(at).values("body"))
    return bodies


def taking(bodies: QuerySet[Body], field: str) -> QuerySet[Body]:
    """Those that take disputes of this kind: they say so, or their kind of body does where they say nothing."""
    special = [kind for kind, takes in TAKES.items() if field not in takes]
    return bodies.filter(Q(fields__contains=[field]) | (Q(fields=[]) & ~Q(kind__in=special)))


def speaking(bodies: QuerySet[Body], language: str) -> QuerySet[Body]:
    """Those with a mediator who speaks this language."""
    people = Mediator.objects.filter(languages__contains=[language], ended_on=None).values("body")
    return bodies.filter(pk__in=people)


def serving(bodies: QuerySet[Body], district: str) -> QuerySet[Body]:
    """Those of the district, those of the whole city, and those with somebody who works there too."""
    people = Mediator.objects.filter(districts__contains=[district], ended_on=None).values("body")
    own = Q(unit__division__path__contains=f"/{district}/") | Q(unit__level="city")
    return bodies.filter(own | Q(pk__in=people))


def ending(at: datetime) -> QuerySet[Mediator]:
    """Entries whose term ends within the weeks in which that is shown."""
    return Mediator.objects.filter(ended_on=None, term_ends__lte=_last_day_soon(at))


def counts_of(bodies: Iterable[Body], *, at: datetime) -> dict[UUID, Counts]:
    """What each of these bodies has; one query."""
    ids = [body.id for body in bodies]
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"bodies": ids, "at": at, "soon": _last_day_soon(at)})
        found = {row[0]: Counts(*row[1:]) for row in cursor.fetchall()}
    return {id: found.get(id, Counts()) for id in ids}


def people_of(body: Body, *, at: datetime, after: str = "", most: int = 100) -> list[Person]:
    """The entries of a body's register after this sign-in name, by sign-in name; three queries."""
    held = body.mediators.filter(ended_on=None).select_related("account", "inviting_court")
    held = held.filter(account__username__gt=after) if after else held
    return persons(list(held.order_by("account__username")[:most]), at=at)


def persons(entries: Sequence[Mediator], *, at: datetime) -> list[Person]:
    """Entries with what their people have in hand and whether they are away; two queries."""
    accounts = [one.account_id for one in entries]
    busy: dict[UUID, int] = {}
    open_ = Case.objects.filter(holder__in=accounts, open=True, service="mediation")
    for holder in open_.values_list("holder", flat=True):
        busy[holder] = busy.get(holder, 0) + 1
    away = dict(
        Absence.objects.filter(account__in=accounts, begins_at__lte=at, ends_at__gt=at).values_list(
            "account", "ends_at"
        )
    )
    today = day_of(at)
    return [
        Person(one, busy.get(one.account_id, 0), away.get(one.account_id),
               TermEndsSoon.formula(term_ends=one.term_ends, on=today))
        for one in entries
    ]  # fmt: skip


def warnings_for(body: Body, *, on: date) -> list[str]:
    """What of the law on committees does not hold for this body, in sentences; no query."""
    held = [
        (MembersByLaw, MembersByLaw.formula(kind=body.kind, members=body.members, on=on)),
        (WomanAmongThem, WomanAmongThem.formula(kind=body.kind, women=body.women, on=on)),
        (TermOfThreeYears, TermOfThreeYears.formula(kind=body.kind, term_ends=body.term_ends, on=on)),
    ]
    return [f"{_(rule.label)} ({_(str(rule.source))})" for rule, holds in held if not holds]


def changes_of(subject: UUID, *, most: int = 20) -> list[Change]:
    """The latest changes of a body or an entry, newest first; two queries."""
    rows = list(Entry.objects.filter(subject=subject).order_by("-position")[:most])
    names = {one.pk: one.get_full_name() for one in Account.objects.filter(pk__in=[row.actor for row in rows])}
    return [Change(act_words(row.act), names.get(row.actor, "") if row.actor else "Citong", row.at) for row in rows]


def act_words(act: str) -> str:
    """What an act of the registers is called."""
    words = {
        "found_body": _("Founded"), "change_body": _("Changed"), "end_body": _("Ended"), "add_room": _("Room added"),
        "end_room": _("Room given up"), "enrol": _("Taken into the register"), "change_mediator": _("Changed"),
        "end_mediator": _("Left the register"), "declare": _("A tie was declared"),
        "end_interest": _("A declared tie has ended"),
    }  # fmt: skip
    return words.get(act, act)


def field_words(fields: Iterable[str]) -> list[str]:
    """The names of kinds of disputes, in the order in which they are declared."""
    chosen = set(fields)
    return [str(kind.label) for kind in Kind if kind.value in chosen]


def language_words(languages: Iterable[str]) -> list[str]:
    """The names of languages, in the order in which they are declared."""
    chosen = set(languages)
    return [str(one.label) for one in Language if one.value in chosen]


def _last_day_soon(at: datetime) -> date:
    today = day_of(at)
    return today + timedelta(days=TERM_WARNING.at(today))
