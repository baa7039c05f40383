"""What setting, moving, cancelling and holding a session do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from citong.core.cases.models import Party
from citong.core.clocks.calendar import calendar
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import Invalid
from citong.services.mediation.forms.sessions import UNSET, unit_of
from citong.services.mediation.models import Attendance, Session
from citong.services.mediation.parameters.sessions import AHEAD, DAY_BEFORE, HOURS_BEFORE, NOTICE
from citong.services.mediation.sessions.dropping import cancelled, tell
from citong.services.mediation.sessions.reading import attending, link_by_pattern, said_link, said_place, sealed
from citong.services.mediation.sessions.times import (
    Busy,
    Sort,
    Taken,
    Taker,
    book,
    busy,
    free_times,
    in_working_hours,
    lock,
    takers,
)
from citong.services.mediation.sessions.words import moment

KEPT_FACTS = ("side", "way", "minutes", "agreed")
UNSAID = ("link",)  # sealed with the session: it opens shortly before it begins, and no earlier


def schedule(doing: Doing) -> None:
    """A session with all sides is set, or has another time; everybody's time is theirs no more."""
    _set(doing, "")


def schedule_apart(doing: Doing) -> None:
    """A session with one side is set, or has another time; nobody else hears of it."""
    _set(doing, str(doing.data["side"]))


def cancel_session(doing: Doing) -> None:
    """The session falls out, and its room and people are free then."""
    session = _chosen(doing, "session", apart=False)
    _cancel(doing, session)


def cancel_apart(doing: Doing) -> None:
    """The session with one side falls out."""
    session = _chosen(doing, "session", apart=True)
    doing.facts["side"] = session.side
    _cancel(doing, session)


def hold_session(doing: Doing) -> None:
    """The session took place; who came and who did not stands beside it."""
    session = _unset(doing) if doing.data["session"] == UNSET else _chosen(doing, "session", apart=False)
    if session.begins_at > doing.at:
        raise _refused("session", _("This session has not begun yet."))
    session.ends_at = session.begins_at + timedelta(minutes=doing.data["minutes"])
    there = _attendances(session, doing.parties, doing.data["late"], doing.data["absent"])
    _hold(doing, session, there)
    doing.facts = {
        "session": moment(session.begins_at), "session_id": str(session.pk), "session_number": session.number,
        "minutes": doing.data["minutes"],
        "attendance": [{"party": str(one.party_id), "came": one.came} for one in there],
    } | {name: said for name, said in doing.facts.items() if name == "files"}  # fmt: skip


def talk_apart(doing: Doing) -> None:
    """A talk with one side was written down: where a session with it had begun, that is held."""
    side = str(doing.data.get("side") or "")
    begun = Session.objects.filter(case=doing.case, side=side, cancelled_at=None, held_at=None, begins_at__lte=doing.at)
    session = begun.exclude(side="").order_by("-begins_at").first()
    if session is not None:
        _hold(doing, session, _attendances(session, doing.parties, (), ()))
        doing.facts["session_id"] = str(session.pk)


def _set(doing: Doing, side: str) -> None:
    moved = _chosen(doing, "instead", apart=bool(side)) if doing.data.get("instead") else None
    was = moment(moved.begins_at) if moved else ""
    if moved is not None and moved.side != side:
        raise _refused("side", _("That session is with another side: cancel it and set a new one."))
    session = moved or Session(case=doing.case, side=side, number=_next(doing, side))
    _fill(doing, session)
    _assert_in_time(doing, session)
    wanted = _Wanted(doing, session)
    wanted.assert_worked()
    whose = wanted.free()
    session.save(force_insert=moved is None)
    wanted.book(whose)
    _say(doing, session, was)


def _fill(doing: Doing, session: Session) -> None:
    data = doing.data
    session.begins_at = data["begins_at"]
    session.ends_at = data["begins_at"] + timedelta(minutes=data["minutes"])
    session.way, session.room = data["way"], data["room"]
    session.mediator_id = _holder(doing)
    _place(doing, session)
    session.changed_at = doing.at
    session.sequence += 0 if session._state.adding else 1
    ahead = session.begins_at - doing.at
    day = calendar().date_of(doing.at)
    session.day_told_at = doing.at if ahead <= timedelta(hours=DAY_BEFORE.at(day)) else None
    session.hours_told_at = doing.at if ahead <= timedelta(hours=HOURS_BEFORE.at(day)) else None


def _place(doing: Doing, session: Session) -> None:
    """Where it is; what is not said anew stays as it was for a session that is moved."""
    data, online, here = doing.data, session.way == Session.Way.ONLINE, session.way == Session.Way.ON_SITE
    place = data["place"] or (said_place(session) if here and session.room is None else "")
    link = (data["link"] or said_link(session) or link_by_pattern(session.id, unit_of(doing.case))) if online else ""
    if here and session.room is None and not place:
        raise _refused("room", _("Choose a room, or say where people come to."))
    if online and not link:
        raise _refused("link", _("An online session needs the link of a video service."))
    sealed(session, place=place, link=link)


def _assert_in_time(doing: Doing, session: Session) -> None:
    """Not past, not absurdly far, and early enough for everybody to come; all together may agree to come sooner."""
    ahead, day = session.begins_at - doing.at, calendar().date_of(doing.at)
    if ahead <= timedelta():
        raise _refused("begins_at", _("This time has passed."))
    if ahead > timedelta(days=AHEAD.at(day)):
        sentence = _("This is more than %(days)d days ahead: look at the year.")
        raise _refused("begins_at", sentence % {"days": AHEAD.at(day)})
    if ahead < timedelta(hours=NOTICE.at(day)) and not doing.data["agreed"]:
        sentence = _("This is less than %(hours)d hours ahead: take a later time, or say that all have agreed to it.")
        raise _refused("begins_at", sentence % {"hours": NOTICE.at(day)})


@dataclass
class _Wanted:
    """A session looks for its time among those of others."""

    doing: Doing
    session: Session

    def __post_init__(self) -> None:
        session = self.session
        people = attending(self.doing.parties, session.side)
        self.whose = takers(session.mediator_id, session.room, people)

    def assert_worked(self) -> None:
        """Outside of working hours it needs a word why."""
        if not in_working_hours(self.session.begins_at, self.session.ends_at) and not self.doing.data["why"]:
            sentence = _("This is outside of working hours: say why, or take another time.")
            raise _refused("begins_at", f"{sentence}{self._instead()}")

    def free(self) -> list[Taker]:
        """Whose time the session takes, all of it free. Where all agreed, a party may have something else then."""
        session = self.session
        lock(self.whose)
        taken = busy(self.whose, session.begins_at, session.ends_at, besides=session.pk)
        if self.doing.data["agreed"]:
            elsewhere = {one.taker for one in taken if one.taker.sort == Sort.PARTY}
            taken = [one for one in taken if one.taker not in elsewhere]
            self.whose = [one for one in self.whose if one not in elsewhere]
        if taken:
            raise self._refusal(taken)
        return self.whose

    def book(self, whose: list[Taker]) -> None:
        """The table itself says no, should anybody have come in between."""
        try:
            book(self.session, whose)
        except Taken as fault:
            raise _refused("begins_at", _("Somebody has just taken this time: take another one.")) from fault

    def _refusal(self, taken: Sequence[Busy]) -> Invalid:
        sorts = {one.taker.sort for one in taken}
        sentences = {
            Sort.ROOM: _("The room is taken then."),
            Sort.MEDIATOR: _("You have another session then."),
            Sort.PARTY: _("Somebody who is asked to come has another session then."),
        }
        return _refused("begins_at", " ".join(sentences[one] for one in Sort if one in sorts) + self._instead())

    def _instead(self) -> str:
        """The next times at which all are free."""
        soonest = self.doing.at + timedelta(hours=NOTICE.at(calendar().date_of(self.doing.at)))
        after = max(self.session.begins_at, soonest)
        times = free_times(self.whose, self.session.span, after=after, besides=self.session.pk)
        said = _("All are free at %(times)s.") % {"times": "; ".join(moment(one) for one in times)}
        return f" {said}" if times else ""


def _say(doing: Doing, session: Session, was: str) -> None:
    """The entry tells when and how; those it is for are told the time at once."""
    kept = {name: doing.facts[name] for name in KEPT_FACTS if doing.facts.get(name)}
    doing.facts = kept | {
        "begins_at": moment(session.begins_at), "session_id": str(session.pk), "session_number": session.number,
    }  # fmt: skip
    doing.facts |= {"instead": was} if was else {}
    doing.facts |= {"room": session.room.name} if session.room else {}
    doing.content = {name: said for name, said in doing.content.items() if name not in UNSAID}
    code = "session_moved" if was else "session_set"
    doing.rows.add(*tell(session, doing.case, doing.parties, code, at=doing.at))


def _cancel(doing: Doing, session: Session) -> None:
    cancelled(session, at=doing.at)
    doing.facts |= {
        "session": moment(session.begins_at),
        "session_id": str(session.pk),
        "session_number": session.number,
    }
    doing.rows.add(*tell(session, doing.case, doing.parties, "session_cancelled", at=doing.at))


def _hold(doing: Doing, session: Session, there: Sequence[Attendance]) -> None:
    session.held_at = session.changed_at = doing.at
    session.save(force_insert=session._state.adding)
    Attendance.objects.bulk_create(there)  # at once: the paper of the record reads it


def _attendances(
    session: Session, parties: Sequence[Party], late: Sequence[str], absent: Sequence[str]
) -> list[Attendance]:  # fmt: skip
    """A row for each who was asked; an agent who came stands for a party who did not."""
    asked = attending(parties, session.side)
    came = {one.pk: "no" if str(one.pk) in absent else "late" if str(one.pk) in late else "yes" for one in asked}
    agents = {one.speaks_for_id: one.pk for one in asked if one.speaks_for_id and came[one.pk] != "no"}
    return [
        Attendance(
            session=session, party=one, came=came[one.pk],
            agent_id=agents.get(one.pk) if came[one.pk] == "no" else None,
        )
        for one in asked
    ]  # fmt: skip


def _unset(doing: Doing) -> Session:
    """A session that nobody had set before; it ends as it is written down."""
    begins = doing.at - timedelta(minutes=doing.data["minutes"])
    return Session(
        case=doing.case, number=_next(doing, ""), mediator_id=_holder(doing), way=Session.Way.ON_SITE,
        begins_at=begins, ends_at=doing.at, changed_at=doing.at,
    )  # fmt: skip


def _chosen(doing: Doing, field: str, *, apart: bool) -> Session:
    """The session that was chosen, as long as it stands."""
    standing = Session.objects.filter(case=doing.case, cancelled_at=None, held_at=None).select_related("room")
    found = standing.filter(pk=UUID(str(doing.data[field]))).first()
    if found is None or bool(found.side) != apart:
        raise _refused(field, _("This session stands no more."))
    return found


def _next(doing: Doing, side: str) -> int:
    """The case is locked, so the number is nobody else's."""
    return Session.objects.filter(case=doing.case, side=side).count() + 1


def _holder(doing: Doing) -> UUID:
    """Whoever mediates: the acts of sessions are theirs alone."""
    assert doing.case.holder_id is not None
    return doing.case.holder_id


def _refused(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, {field: [sentence]})
