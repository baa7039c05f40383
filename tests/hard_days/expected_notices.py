"""Who must have been told of each act, by the declaration and the history; and which letters must have gone out."""

import email
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.message import Message
from pathlib import Path
from uuid import UUID

from citong.core.cases.declare import Tell
from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.route import around
from citong.core.ledger.models import Entry
from citong.core.notices.models import Notice
from citong.core.notices.words import letter
from citong.core.people.models import Unit

Told = tuple[str, str]  # channel; unit, account or address
DASHES = b"-" * 79
PARTY_ROLES = (Party.Role.REPORTER, Party.Role.FOLLOWER, Party.Role.ON_BEHALF_OF)


def notice_faults(cases: Mapping[UUID, Case], history: Mapping[UUID, Sequence[Entry]]) -> Iterator[str]:
    """Yield acts whose notices are not those that were declared, each once; and notices of no act."""
    kept = defaultdict[tuple[UUID, datetime], Counter[Told]](Counter)
    for notice in Notice.objects.exclude(code="warning"):
        kept[notice.subject, notice.made_at][notice.channel, _whom(notice)] += 1
    parties = _parties()
    for id, entries in history.items():
        handling = ""
        for entry in entries:
            handling = entry.facts["unit"] if entry.act == "dispatch" else handling
            expected = Counter(_expected(cases[id], entry, handling, parties[id]))
            found = kept.pop((id, entry.at), Counter())
            if found != expected:
                yield f"{entry.act} on {cases[id].number} must tell {dict(expected)} and told {dict(found)}"
    for (subject, at), told in kept.items():
        yield f"{dict(told)} of {subject} at {at} tell of no act"


def letter_faults(mail: Path, *, most_twice: int) -> Iterator[str]:
    """Yield letters that are lost, and all of them when more came twice than were under way at a kill."""
    due = Counter(
        (notice.address, letter(notice).strip()) for notice in Notice.objects.filter(channel="email")
    )  # fmt: skip
    if waiting := Notice.objects.filter(channel="email", sent_at=None).count():
        yield f"{waiting} letters were never sent"
    sent = Counter((str(one["To"]), _text(one)) for one in _letters(mail))
    for (address, text), number in due.items():
        if sent[address, text] < number:
            yield f"a letter to {address} is lost: {text!r} must have come {number} times, came {sent[address, text]}"
    twice = sent.total() - due.total()
    if twice > most_twice:
        yield f"{twice} letters too many for {most_twice} kills"


def _parties() -> Mapping[UUID, list[Told]]:
    found = defaultdict[UUID, list[Told]](list)
    for party in Party.objects.filter(role__in=PARTY_ROLES):
        for channel in party.channels:
            whom = str(party.account_id) if channel == "app" else party.email
            found[party.case_id].append((channel, whom))
    return found


def _expected(case: Case, entry: Entry, handling: str, parties: Sequence[Told]) -> Iterator[Told]:
    declared = case_type("requests").acts.get(entry.act)
    tells = set(declared.tells) if declared else {Tell.REPORTER, Tell.DESK}
    if Tell.REPORTER in tells:
        yield from parties
    units = {case.desk.code} if Tell.DESK in tells else set()
    if Tell.HANDLER in tells and handling:
        units.add(handling)
    if entry.act == "escalate":
        units.add(_above(case, entry.facts["level"]))
    for unit in units:
        yield "app", unit


def _above(case: Case, level: str) -> str:
    """The unit that hears of a case which rose to a level."""
    units = Unit.objects.filter(around(case, level), level=level, ends_on=None, function__in=("centre", "station"))
    return units.values_list("code", flat=True).first() or case.desk.code


def _whom(notice: Notice) -> str:
    if notice.unit_id:
        return _codes()[notice.unit_id]
    return notice.address or str(notice.account_id)


def _codes() -> dict[int, str]:
    if not _CODES:
        _CODES.update(Unit.objects.values_list("id", "code"))
    return _CODES


_CODES: dict[int, str] = {}


def _letters(mail: Path) -> Iterator[Message]:
    """Every whole letter; one that was being written when its writer died is none."""
    for path in mail.glob("*.log") if mail.exists() else ():
        *whole, _rest = path.read_bytes().split(DASHES)
        for text in whole:
            yield email.message_from_bytes(text.lstrip(b"\n"))


def _text(one: Message) -> str:
    body = one.get_payload(decode=True)
    assert isinstance(body, bytes)
    return body.decode("utf-8").strip()
