"""What the paper of a session's record says of the session: when, how, where, and who came."""

from collections.abc import Iterable, Mapping
from typing import Any

from citong.core.cases.models import Case, Party
from citong.services.mediation.models import Attendance, Session
from citong.services.mediation.papers.data import Statement
from citong.services.mediation.sessions.reading import place_of

WAYS: Mapping[str, str] = {
    Session.Way.ON_SITE: "现场", Session.Way.ONLINE: "线上", Session.Way.TELEPHONE: "电话",
}  # fmt: skip
SIDES: Mapping[str, str] = {"applicant": "申请人", "respondent": "被申请人", "third": "第三人"}
CAME: Mapping[str, str] = {"yes": "到场", "late": "迟到", "no": "未到场"}


def last_held(case: Case) -> Session | None:
    """The session with all sides that was written down last; one query."""
    held = Session.objects.filter(case=case, side="", held_at__isnull=False)
    return held.select_related("room__body__unit").order_by("-held_at", "-number").first()


def told(session: Session, parties: Iterable[Party]) -> dict[str, Any]:
    """The fields of the paper that follow from the session; a first statement says who came. Two queries."""
    return {
        "began_at": session.begins_at, "ended_at": session.ends_at, "session": _how_manieth(session),
        "way": WAYS[session.way], "place": place_of(session),
        "statements": tuple(_came(session, {one.pk: one for one in parties})),
    }  # fmt: skip


def _how_manieth(session: Session) -> int:
    """Among those that were held: what fell out does not count."""
    held = Session.objects.filter(case=session.case_id, side="", held_at__lte=session.held_at)
    return held.count()


def _came(session: Session, names: Mapping[Any, Party]) -> Iterable[Statement]:
    rows = [one for one in Attendance.objects.filter(session=session) if one.party_id in names]
    rows.sort(key=lambda one: (list(SIDES).index(names[one.party_id].side), str(one.party_id)))
    if rows:
        yield Statement(speaker="到场情况", words="；".join(_one(one, names) for one in rows) + "。")


def _one(one: Attendance, names: Mapping[Any, Party]) -> str:
    party = names[one.party_id]
    agent = "（代理人）" if party.speaks_for_id else ""
    return f"{SIDES[party.side]}{party.name}{agent}{CAME[one.came]}"
