"""A case as another system left it becomes one here: with its own dates, and one entry that says where it came from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from citong.core.cases.declare import Hands, State
from citong.core.cases.models import Case, Category, Party, Submission
from citong.core.cases.registry import case_type
from citong.core.clocks import run as clocks
from citong.core.flow.intake import placed, words_of
from citong.core.flow.locate import FoundPlace, GivenPlace
from citong.core.flow.replay import Life, receipt_of, settle, write
from citong.core.flow.route import desk, route
from citong.core.flow.timing import begun
from citong.core.ledger.rows import fresh
from citong.core.ledger.write import Signature
from citong.core.people.access import SYSTEM_SEAT
from citong.core.people.models import Unit
from citong.kit import ids

ACT = "import"


@dataclass(frozen=True)
class Past:
    """A case of another system. `number` is the one it had in `source`, `file` the digest of what it was read from.

    `contact` holds name, phone and e-mail as far as they are known; `words` are those to be kept beside the text.
    """

    key: str
    source: str
    file: str
    number: str
    service: str
    state: str
    title: str
    text: str
    opened_at: datetime
    closed_at: datetime | None = None
    category: Category | None = None
    found: FoundPlace = field(default_factory=FoundPlace)
    given: GivenPlace = field(default_factory=GivenPlace)
    channel: str = "import"
    public: bool = False
    rating: int | None = None
    handled_by: Unit | None = None
    contact: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def life_of(past: Past, *, number: str, at: datetime, workers: Mapping[str, UUID] | None = None) -> Life:
    """The life of a case that moves in at this moment; no query with `workers`. Open ones get their clock from now."""
    state = case_type(past.service).states[past.state]
    life = Life(_case(past, state, number, at, workers))
    case = life.case
    life.texts += [*words_of(case), past.number]
    write(life, ACT, by=Signature(None, SYSTEM_SEAT.post), at=at, facts=_facts(past), content=_content(past))
    if past.contact:
        life.parties.append(fresh(Party, {"case_id": case.id, "role": Party.Role.REPORTER, **past.contact}))
    life.submissions.append(fresh(Submission, {"key": past.key, "case": case.id, "act": "open", "at": at}))
    life.clocks += begun(state, case, at=at)
    if state.pauses:
        for clock in life.clocks:
            clocks.pause(clock, at=at)
    settle(life, at=at)
    return life


def _case(past: Past, state: State, number: str, at: datetime, workers: Mapping[str, UUID] | None) -> Case:
    category, at_desk = past.category, desk(past.found)
    meant = case_type(past.service).opening.to
    routed = route(category.code if category else "", past.found, workers=workers, to=meant)
    handling = past.handled_by.pk if past.handled_by else routed.unit if state.hands == Hands.HANDLER else None
    case = fresh(Case, {
        "id": ids.uuid7(past.opened_at), "number": number, "service": past.service, "state": state.name,
        "open": not state.ends, "channel": past.channel, "title": past.title, "text": past.text,
        "urgent": bool(category and category.urgent), "public": bool(past.public and category and category.public),
        "reporting": Case.Reporting.OPEN if past.contact else Case.Reporting.ANONYMOUS, "address": past.given.address,
        "given_place": past.given.as_given(), "desk_id": at_desk, "handling_unit_id": handling,
        "unit_id": handling if handling and state.hands == Hands.HANDLER else at_desk, "routed_unit_id": routed.unit,
        "routed_holder_id": routed.holder, "route_reason": routed.reason, "gap": routed.gap,
        "opened_at": past.opened_at, "changed_at": at, "rating": past.rating,
        "closed_at": past.closed_at if state.ends else None, "outcome": state.name if state.ends else "",
        "receipt": receipt_of(past.key), **placed(past.found),
    })  # fmt: skip
    case.category = category
    return case


def _facts(past: Past) -> dict[str, Any]:
    said = {
        "to": past.state, "source": past.source, "file": past.file, "old_number": past.number, "channel": past.channel,
        "category": past.category.code if past.category else "", "opened": _utc(past.opened_at),
        "closed": _utc(past.closed_at) if past.closed_at else "", "stars": past.rating or "",
        "handled_by": past.handled_by.name if past.handled_by else "",
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}


def _content(past: Past) -> dict[str, str]:
    said = {"title": past.title, "text": past.text, "address": past.given.address, **past.words}
    return {name: words for name, words in said.items() if words}


def _utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
