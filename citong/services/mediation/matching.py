"""Who could mediate a dispute: proposals with reasons a person can read, and for everybody else why not.

Pure: no query. The same need and the same candidates give the same answer.
"""

import hashlib
import heapq
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from citong.core.cases.declare import Words
from citong.services.mediation.kinds import COURTS_OWN, BodyKind, Kind, Language
from citong.services.mediation.parameters.bodies import PROPOSED, WEIGHTS

NONE: frozenset[str] = frozenset()
NOBODY: frozenset[UUID] = frozenset()
BUSINESS = frozenset({Kind.COMMERCIAL, Kind.LOAN, Kind.FINANCE, Kind.MARITIME})
# What a body of a kind takes where its register does not say; a kind that is missing here takes every dispute.
TAKES: Mapping[str, frozenset[Kind]] = {
    BodyKind.MEDICAL: frozenset({Kind.MEDICAL}),
    BodyKind.LABOUR: frozenset({Kind.LABOUR}),
    BodyKind.FINANCIAL: frozenset({Kind.LOAN, Kind.FINANCE}),
    BodyKind.MARITIME: frozenset({Kind.MARITIME, Kind.LABOUR}),
    BodyKind.COMMERCIAL: BUSINESS,
    BodyKind.CHAMBER: BUSINESS | {Kind.LABOUR, Kind.CONSUMER},
}
# Whom the law of a special line leads to: medical disputes to their committee; labour disputes to bodies of employers,
# people's mediation and those of towns (Law on Mediation and Arbitration of Labour Disputes, 10).
LINES: Mapping[str, frozenset[BodyKind]] = {
    "medical": frozenset({BodyKind.MEDICAL}) | COURTS_OWN,
    "labour": frozenset({
        BodyKind.LABOUR, BodyKind.VILLAGE, BodyKind.TOWN, BodyKind.INDUSTRY, BodyKind.MARITIME, BodyKind.CHAMBER,
    }) | COURTS_OWN,
    "commercial": frozenset({BodyKind.COMMERCIAL, BodyKind.CHAMBER, BodyKind.LAWYERS}) | COURTS_OWN,
}  # fmt: skip


class Bar(StrEnum):
    """What keeps somebody from a dispute. The first that holds is told."""

    ENDED = "ended"
    FINDER = "finder"
    PARTY = "party"
    INTEREST = "interest"
    PAST = "past"
    TRIED = "tried"
    BODY = "body"
    FIELD = "field"
    PLACE = "place"
    COURT = "court"
    AWAY = "away"
    FULL = "full"


BARS: Mapping[Bar, Words] = {
    Bar.ENDED: gettext_lazy("The term has ended, or has not begun."),
    Bar.FINDER: gettext_lazy("Found this dispute: whoever finds one does not mediate it."),
    Bar.PARTY: gettext_lazy("Is a party to this dispute."),
    Bar.INTEREST: gettext_lazy("Has declared a tie to a party."),
    Bar.PAST: gettext_lazy("Has mediated for one of the parties lately."),
    Bar.TRIED: gettext_lazy("Had this dispute already, or declined it."),
    Bar.BODY: gettext_lazy("The body is of a kind that does not take such disputes."),
    Bar.FIELD: gettext_lazy("Does not take such disputes."),
    Bar.PLACE: gettext_lazy("Works in other districts."),
    Bar.COURT: gettext_lazy("No court has invited this mediator, and the dispute comes from a court."),
    Bar.AWAY: gettext_lazy("Is away."),
    Bar.FULL: gettext_lazy("Has as many open disputes as they take at one time."),
}


class Near(StrEnum):
    """How near a mediator's body is to where people quarrel."""

    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"
    CITY = "city"


NEARNESS: Mapping[Near, float] = {Near.COMMUNITY: 1.0, Near.STREET: 0.8, Near.DISTRICT: 0.5, Near.CITY: 0.3}
PLACES: Mapping[Near, Words] = {
    Near.COMMUNITY: gettext_lazy("In the same community"),
    Near.STREET: gettext_lazy("On the same street or in the same town"),
    Near.DISTRICT: gettext_lazy("In the same district"),
    Near.CITY: gettext_lazy("Works in this district too"),
}
KNOWN_BEST, BODYS_OWN, EVERY_KIND = 1.0, 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Need:
    """A dispute that seeks a mediator. Places are codes of divisions; `keys` are the blind keys of its parties.

    `finders` are the accounts that found or registered it, `tried` those who had it or declined.
    """

    id: UUID
    kind: str
    district: str = ""
    street: str = ""
    community: str = ""
    line: str = ""
    languages: frozenset[str] = NONE
    finders: frozenset[UUID] = NOBODY
    parties: frozenset[UUID] = NOBODY
    tried: frozenset[UUID] = NOBODY
    keys: frozenset[str] = NONE


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mediator of the register with what matters for a match. The places are those of the body, empty above it.

    `open` disputes are in hand or offered, of at most `most`; `idle` counts days since the last one was given.
    """

    id: UUID
    account: UUID
    name: str
    body: str
    body_kind: str
    district: str = ""
    street: str = ""
    community: str = ""
    districts: frozenset[str] = NONE
    body_fields: frozenset[str] = NONE
    fields: frozenset[str] = NONE
    languages: frozenset[str] = NONE
    open: int = 0
    most: int = 10
    idle: int = 0
    invited: bool = False
    charges: bool = False
    serves: bool = True
    away: bool = False
    interests: frozenset[str] = NONE
    met: frozenset[str] = NONE


class Parts(NamedTuple):
    """What speaks for somebody, each from 0 to 1."""

    field: float
    place: float
    language: float
    load: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """Somebody who may mediate the dispute: how well it fits, and the reasons in the reader's language."""

    need: Need
    candidate: Candidate
    parts: Parts
    score: float

    @property
    def reasons(self) -> list[str]:
        return list(_reasons(self.need, self.candidate))


@dataclass(frozen=True, slots=True)
class Excluded:
    """Somebody who may not, and why."""

    candidate: Candidate
    bar: Bar

    @property
    def reason(self) -> str:
        return str(BARS[self.bar])


def propose(need: Need, candidates: Iterable[Candidate], *, most: int | None = None) -> list[Proposal]:
    """The best fitting, best first, at most so many (five, unless the city says otherwise). Nobody barred is among
    them; more load never brings anybody forward. Equals stand in an order that differs from dispute to dispute."""
    wanted = PROPOSED.at(date.today()) if most is None else most
    weighed = [(_weight(need, one), one) for one in candidates if bar(need, one) is None]
    best = heapq.nsmallest(wanted, (weight for weight, _one in weighed))
    near_top = [_proposal(need, one) for weight, one in weighed if best and weight <= best[-1]]
    return sorted(near_top, key=_rank)[:wanted]


def excluded(need: Need, candidates: Iterable[Candidate]) -> list[Excluded]:
    """Those who may not mediate it, each with the first reason why."""
    found = ((one, bar(need, one)) for one in candidates)
    return [Excluded(one, why) for one, why in found if why is not None]


def bar(need: Need, one: Candidate) -> Bar | None:
    """What keeps this person from the dispute, or None."""
    return _own_bar(need, one) or _fitting_bar(need, one) or _free_bar(one)


def taken_by(body_kind: str, body_fields: Iterable[str] = ()) -> frozenset[str]:
    """The kinds of disputes a body takes: those it names, else those of its kind."""
    return frozenset(body_fields) or frozenset(TAKES.get(body_kind, Kind.values))


def near(need: Need, one: Candidate) -> Near | None:
    """How near the body is, or None where it has no business."""
    if one.community and one.community == need.community:
        return Near.COMMUNITY
    if one.street and one.street == need.street:
        return Near.STREET
    if one.district and one.district == need.district:
        return Near.DISTRICT
    return Near.CITY if not one.district or need.district in one.districts else None


def _own_bar(need: Need, one: Candidate) -> Bar | None:
    """What lies in the person, whatever the dispute is about."""
    if not one.serves:
        return Bar.ENDED
    if one.account in need.finders:
        return Bar.FINDER
    if one.account in need.parties:
        return Bar.PARTY
    if not need.keys.isdisjoint(one.interests):
        return Bar.INTEREST
    if not need.keys.isdisjoint(one.met):
        return Bar.PAST
    return Bar.TRIED if one.account in need.tried else None


def _fitting_bar(need: Need, one: Candidate) -> Bar | None:
    if need.line in LINES and one.body_kind not in LINES[need.line]:
        return Bar.BODY
    if need.kind not in (one.body_fields or _taken(one.body_kind)):
        return Bar.BODY
    if one.fields and need.kind not in one.fields:
        return Bar.FIELD
    if near(need, one) is None:
        return Bar.PLACE
    return Bar.COURT if need.line.startswith("filed") and not one.invited else None


def _free_bar(one: Candidate) -> Bar | None:
    if one.away:
        return Bar.AWAY
    return Bar.FULL if one.open >= one.most else None


@cache
def _taken(body_kind: str) -> frozenset[str]:
    return taken_by(body_kind)


def _weight(need: Need, one: Candidate) -> tuple[float, int]:
    """How far in front: the smaller the farther; equal for some, whose order is then drawn."""
    return -_score(_parts(need, one)), -one.idle


def _proposal(need: Need, one: Candidate) -> Proposal:
    parts = _parts(need, one)
    return Proposal(need, one, parts, _score(parts))


def _parts(need: Need, one: Candidate) -> Parts:
    place = near(need, one)
    assert place is not None
    spoken = len(need.languages & one.languages) / len(need.languages) if need.languages else 1.0
    return Parts(_field(need, one), NEARNESS[place], spoken, 1 - one.open / one.most)


def _score(parts: Parts) -> float:
    field, place, language, load = _weights()
    return round(field * parts.field + place * parts.place + language * parts.language + load * parts.load, 9)


def _field(need: Need, one: Candidate) -> float:
    if need.kind in one.fields:
        return KNOWN_BEST
    return BODYS_OWN if one.body_fields or one.body_kind in TAKES else EVERY_KIND


@cache
def _weights() -> Sequence[float]:
    return [WEIGHTS[name].at(date.today()) for name in Parts._fields]


def _rank(proposal: Proposal) -> tuple[float, int, bytes]:
    """Best first; then whoever waits longest; then by chance, but always the same one."""
    one = proposal.candidate
    lot = hashlib.blake2b(proposal.need.id.bytes + one.id.bytes, digest_size=8).digest()
    return -proposal.score, -one.idle, lot


def _reasons(need: Need, one: Candidate) -> Iterable[str]:
    if need.kind in one.fields:
        yield _("Knows such disputes: %(kind)s") % {"kind": Kind(need.kind).label}
    elif one.body_fields or one.body_kind in TAKES:
        yield _("The body is there for such disputes: %(kind)s") % {"kind": Kind(need.kind).label}
    else:
        yield _("Takes every kind of dispute")
    place = near(need, one)
    if place is not None:
        yield str(_("Works in the whole city") if place == Near.CITY and not one.district else PLACES[place])
    yield from _languages(need, one)
    yield ngettext("%(open)d open of at most %(most)d", "%(open)d open of at most %(most)d", one.open) % {
        "open": one.open, "most": one.most,
    }  # fmt: skip
    if one.invited:
        yield _("Invited by the court")
    if one.charges:
        yield _("Charges a fee")


def _languages(need: Need, one: Candidate) -> Iterable[str]:
    for language in Language:
        if language in need.languages:
            told = _("Speaks %(language)s") if language in one.languages else _("Does not speak %(language)s")
            yield told % {"language": language.label}
