"""Setting, moving, cancelling and holding sessions, as sentences."""

from datetime import UTC, timedelta
from typing import Any

import pytest
from django.utils import timezone

from citong.core.cases.models import Party
from citong.core.flow.act import act
from citong.core.flow.reading import told
from citong.core.flow.refusal import Invalid, NotAllowed, NotThere
from citong.core.ledger.read import history
from citong.core.notices.models import Notice
from citong.core.notices.words import words
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.services.mediation.models import Attendance, Booking, Room, Session
from citong.services.mediation.sessions.on_paper import told as told_on_paper
from citong.services.mediation.sessions.reading import link_of, place_of, shown
from citong.services.mediation.tests.at_table import Table, dispute, on_site, working_day
from tests.cast import Cast
from tests.mediators import Mediators

pytestmark = pytest.mark.django_db
LINK = "https://video.example.org/r/4711"


@pytest.fixture
def table(mediators: Mediators) -> Table:
    return dispute(mediators)


@pytest.fixture
def room(mediators: Mediators) -> Room:
    return Room.objects.get(body=mediators.bodies["village-e1"])


def why(refusal: pytest.ExceptionInfo[Invalid]) -> str:
    return " ".join(sentence for many in refusal.value.errors.values() for sentence in many)


def test_a_session_is_set_in_a_room_and_both_sides_hear_when(table: Table, room: Room) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, room))
    (session,) = shown(table.case, table.side("respondent"))
    assert (session.number, session.begins_at, session.ends_at) == (1, begins, begins + timedelta(hours=1))
    assert place_of(session) == "东街1号 东一社区调委会 一号调解室"
    told_to = Notice.objects.filter(subject=table.case.id, channel="sms")
    assert {one.address for one in told_to} == {table.applicant.phone, table.respondent.phone}
    assert f"{begins:%Y-%m-%d} 09:00" in words(told_to[0]).body


def test_the_ledger_tells_the_time_by_the_citys_clock_and_names_nobody(table: Table, room: Room) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins.astimezone(UTC), room))
    entry = history(table.case.id)[-1].entry
    assert entry.facts["begins_at"] == f"{begins:%Y-%m-%d} 09:00"
    assert "林上邻" not in str(entry.facts)


@pytest.mark.parametrize("given", ["2026-12-99T09:00", "tomorrow", "", "99999-01-01T00:00", "0001-01-01T00:00+14:00"])
def test_a_time_that_is_none_is_refused_in_a_sentence(table: Table, given: str) -> None:
    with pytest.raises(Invalid) as refusal:
        table.do("schedule", begins_at=given, minutes=60, way="on_site", place="巷口")
    assert list(refusal.value.errors) == ["begins_at"]


def test_a_session_needs_a_room_or_a_place_and_online_a_link(table: Table) -> None:
    begins = working_day().isoformat()
    with pytest.raises(Invalid) as nowhere:
        table.do("schedule", begins_at=begins, minutes=60, way="on_site")
    assert "Choose a room" in why(nowhere)
    with pytest.raises(Invalid) as linkless:
        table.do("schedule", begins_at=begins, minutes=60, way="online")
    assert "needs the link" in why(linkless)
    with pytest.raises(Invalid) as bare:
        table.do("schedule", begins_at=begins, minutes=60, way="online", link="http://video.example.org/")
    assert "https://" in why(bare)


def test_a_room_must_seat_all_who_come(table: Table, room: Room) -> None:
    Room.objects.filter(pk=room.pk).update(capacity=2)
    with pytest.raises(Invalid) as refusal:
        table.do("schedule", **on_site(working_day(), room))
    assert "seats 2 and 3 come" in why(refusal)


def test_rooms_of_other_bodies_can_not_be_taken(table: Table, mediators: Mediators) -> None:
    foreign = Room.objects.create(body=mediators.bodies["medical"], name="会议室", capacity=20)
    with pytest.raises(Invalid):
        table.do("schedule", **on_site(working_day(), foreign))


def test_a_taken_room_is_refused_with_the_next_free_times(table: Table, room: Room, mediators: Mediators) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, room))
    other = dispute(mediators, by="second", phones=("13900003333", "13900004444"))
    with pytest.raises(Invalid) as refusal:
        other.do("schedule", **on_site(begins + timedelta(minutes=30), room))
    assert "The room is taken then." in why(refusal)
    assert f"All are free at {begins:%Y-%m-%d} 10:00; {begins:%Y-%m-%d} 10:30" in why(refusal)
    other.do("schedule", **on_site(begins + timedelta(hours=1), room))


def test_a_mediator_is_not_in_two_places_at_once(table: Table, mediators: Mediators) -> None:
    table.do("schedule", **on_site(working_day()))
    other = dispute(mediators, phones=("13900003333", "13900004444"))
    with pytest.raises(Invalid) as refusal:
        other.do("schedule", **on_site(working_day(minute=59)))
    assert "You have another session then." in why(refusal)


def test_a_party_of_two_disputes_is_not_asked_to_both_at_once_unless_all_agreed(
    table: Table, mediators: Mediators
) -> None:
    table.do("schedule", **on_site(working_day()))
    other = dispute(mediators, by="elder", phones=(table.respondent.phone, "13900004444"))
    with pytest.raises(Invalid) as refusal:
        other.do("schedule", **on_site(working_day()))
    assert "Somebody who is asked to come" in why(refusal)
    assert table.case.number not in why(refusal)
    other.do("schedule", **on_site(working_day()), agreed="on")
    assert Session.objects.count() == 2


def test_namesakes_do_not_stand_in_each_others_way(table: Table, mediators: Mediators) -> None:
    table.do("schedule", **on_site(working_day()))
    dispute(mediators, by="elder", phones=("", "")).do("schedule", **on_site(working_day()))
    assert Session.objects.count() == 2


def test_a_day_is_left_to_everybody_unless_all_agree_to_less(table: Table) -> None:
    begins = working_day()
    soon = begins - timedelta(hours=23)
    with pytest.raises(Invalid) as refusal:
        table.do("schedule", at=soon, **on_site(begins))
    assert "less than 24 hours ahead" in why(refusal)
    table.do("schedule", at=soon, **on_site(begins), agreed="on")


def test_what_has_passed_and_next_centurys_date_are_refused(table: Table) -> None:
    begins = working_day()
    with pytest.raises(Invalid) as passed:
        table.do("schedule", at=begins + timedelta(minutes=1), **on_site(begins))
    assert "has passed" in why(passed)
    with pytest.raises(Invalid) as far:
        table.do("schedule", **on_site(begins + timedelta(days=400)))
    assert "look at the year" in why(far)


def test_outside_of_working_hours_a_word_says_why(table: Table) -> None:
    evening = working_day(hour=19)
    with pytest.raises(Invalid) as refusal:
        table.do("schedule", **on_site(evening))
    assert "outside of working hours" in why(refusal)
    assert "All are free at" in why(refusal)
    table.do("schedule", **on_site(evening), why="双方白天要上班")
    assert history(table.case.id)[-1].words == {"place": "巷口那堵墙", "why": "双方白天要上班"}


def test_a_session_over_the_midday_rest_is_outside_of_working_hours(table: Table) -> None:
    with pytest.raises(Invalid) as refusal:
        table.do("schedule", **on_site(working_day(hour=11, minute=30)))
    assert "outside of working hours" in why(refusal)


def test_a_moved_session_keeps_its_name_frees_its_time_and_counts_up(table: Table, room: Room) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, room))
    first = Session.objects.get()
    later = begins + timedelta(minutes=30)
    table.do("schedule", **on_site(later, room), instead=str(first.pk))
    moved = Session.objects.get()
    assert (moved.pk, moved.number, moved.sequence, moved.begins_at) == (first.pk, 1, 1, later)
    assert Booking.objects.count() == 4  # room, mediator, two parties
    entry = history(table.case.id)[-1].entry
    assert entry.facts["instead"] == f"{begins:%Y-%m-%d} 09:00"
    assert f"{later:%Y-%m-%d} 09:30" in words(Notice.objects.filter(code="session_moved")[0]).body


def test_a_session_that_is_moved_keeps_its_place_and_its_link(table: Table) -> None:
    table.do("schedule", **on_site(working_day()))
    session = Session.objects.get()
    table.do("schedule", begins_at=working_day(hour=15).isoformat(), minutes=60, way="on_site", instead=str(session.pk))
    session.refresh_from_db()
    assert place_of(session) == "巷口那堵墙"
    given: Any = {"minutes": 60, "way": "online", "instead": str(session.pk)}
    table.do("schedule", begins_at=working_day(hour=16).isoformat(), **given, link=LINK)
    table.do("schedule", begins_at=working_day(hour=10).isoformat(), **given)
    session.refresh_from_db()
    assert (link_of(session, at=session.begins_at), place_of(session), session.sequence) == (LINK, "", 3)


def test_a_cancelled_session_frees_the_room_and_those_who_would_have_come_hear_why(
    table: Table, room: Room, mediators: Mediators
) -> None:
    table.do("schedule", **on_site(working_day(), room))
    table.do("cancel_session", session=str(Session.objects.get().pk), reason="申请人生病")
    session = Session.objects.get()
    assert (session.standing, session.sequence) == (False, 1)
    assert not Booking.objects.exists()
    assert history(table.case.id)[-1].words == {"reason": "申请人生病"}
    dispute(mediators, by="second", phones=("", "")).do("schedule", **on_site(working_day(), room))


def test_only_the_mediator_sets_sessions(table: Table, mediators: Mediators) -> None:
    strangers = [mediators.actor(who) for who in ("second", "head", "medical")]
    for actor in (*strangers, table.side("applicant")):
        with pytest.raises((NotThere, NotAllowed)):
            act(table.case.id, "schedule", on_site(working_day()), actor=actor)


def test_what_was_held_has_its_record_and_who_came(table: Table, room: Room) -> None:
    begins = working_day()
    agent = Party.objects.create(
        case=table.case, role="agent", side="respondent", name="蔡律师", speaks_for=table.respondent, channels=[]
    )
    table.do("schedule", **on_site(begins, room))
    session = Session.objects.get()
    with pytest.raises(Invalid) as early:
        table.do("hold_session", at=begins - timedelta(minutes=1), session=str(session.pk), minutes=60, record="…")
    assert "not begun" in why(early)
    table.do(
        "hold_session", at=begins + timedelta(hours=2), session=str(session.pk), minutes=75, record="双方各说各的。",
        late=[str(table.applicant.pk)], absent=[str(table.respondent.pk)],
    )  # fmt: skip
    came = {one.party.name: (one.came, one.agent) for one in Attendance.objects.select_related("party", "agent")}
    assert came == {"林上邻": ("late", None), "陈下邻": ("no", agent), "蔡律师": ("yes", None)}
    session.refresh_from_db()
    assert session.span == timedelta(minutes=75)
    assert history(table.case.id)[-1].words == {"record": "双方各说各的。"}
    paper = told_on_paper(session, [table.applicant, table.respondent, agent])
    (who,) = paper["statements"]
    assert who.words == "申请人林上邻迟到；被申请人陈下邻未到场；被申请人蔡律师（代理人）到场。"
    assert (paper["session"], paper["way"], paper["place"]) == (1, "现场", "东街1号 东一社区调委会 一号调解室")


def test_nobody_comes_late_and_not_at_all(table: Table) -> None:
    who = str(table.applicant.pk)
    with pytest.raises(Invalid) as refusal:
        table.do("hold_session", session="unset", minutes=30, record="…", late=[who], absent=[who])
    assert "late and not come" in why(refusal)


def test_a_session_nobody_had_set_can_be_written_down(table: Table) -> None:
    at = timezone.now()
    table.do("hold_session", at=at, session="unset", minutes=30, record="路上遇见，说了半小时。")
    session = Session.objects.get()
    assert (session.ends_at, session.held_at) == (at, at)


def test_what_was_held_or_cancelled_stands_no_more(table: Table) -> None:
    table.do("schedule", **on_site(working_day()))
    session = str(Session.objects.get().pk)
    table.do("cancel_session", session=session, reason="改日")
    for name, data in (("cancel_session", {"reason": "再一次"}), ("hold_session", {"minutes": 9, "record": "…"})):
        with pytest.raises(Invalid):
            table.do(name, session=session, **data)
    with pytest.raises(Invalid):
        table.do("schedule", **on_site(working_day()), instead=session)


def test_the_link_is_sealed_and_opens_shortly_before_it_begins(table: Table) -> None:
    begins = working_day()
    table.do("schedule", begins_at=begins.isoformat(), minutes=60, way="online", link=LINK)
    (session,) = shown(table.case, table.side("applicant"))
    assert LINK not in session.link
    assert "video" not in str(history(table.case.id)[-1])
    at = {minutes: link_of(session, at=begins + timedelta(minutes=minutes)) for minutes in (-16, -15, 0, 60, 119, 120)}
    assert at == {-16: "", -15: LINK, 0: LINK, 60: LINK, 119: LINK, 120: ""}


def test_the_citys_video_service_has_a_room_for_each_session(table: Table) -> None:
    city = City.objects.get()
    city.parameters |= {"video_links": {"*": "https://video.example.org/{session}"}}
    city.save()
    forget_city()
    for days in (7, 8):
        table.do("schedule", begins_at=working_day(days=days).isoformat(), minutes=60, way="online")
    links = {link_of(one, at=one.begins_at) for one in Session.objects.all()}
    assert len(links) == 2
    assert all(link.startswith("https://video.example.org/") and len(link) > 40 for link in links)


def test_the_other_side_sees_nothing_of_a_session_apart(table: Table, room: Room) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, room))
    table.do("schedule_apart", **on_site(working_day(days=8), room), side="applicant")
    table.do("schedule", **on_site(working_day(days=9), room))
    mine, theirs = (shown(table.case, table.side(side)) for side in ("applicant", "respondent"))
    assert [(one.side, one.number) for one in mine] == [("", 1), ("applicant", 1), ("", 2)]
    assert [(one.side, one.number) for one in theirs] == [("", 1), ("", 2)]
    assert Notice.objects.filter(address=table.respondent.phone).count() == 2
    assert Notice.objects.filter(address=table.applicant.phone).count() == 3
    read = {one.entry.act: one.veiled for one in told(table.case, table.side("respondent"))}
    assert read == {"schedule": False, "schedule_apart": True}
    assert told(table.case, table.side("respondent"))[1].entry.facts == {}


def test_a_cancelled_session_apart_is_told_to_its_side_alone(table: Table) -> None:
    table.do("schedule_apart", **on_site(working_day()), side="respondent")
    with pytest.raises(Invalid):
        table.do("cancel_session", session=str(Session.objects.get().pk), reason="…")
    table.do("cancel_apart", session=str(Session.objects.get().pk), reason="改日再谈")
    assert not Notice.objects.filter(address=table.applicant.phone).exists()
    assert [one.veiled for one in told(table.case, table.side("applicant"))] == [True, True]
    assert [one.veiled for one in told(table.case, table.side("respondent"))] == [False, False]


def test_a_session_apart_can_not_be_moved_to_the_other_side(table: Table) -> None:
    table.do("schedule_apart", **on_site(working_day()), side="respondent")
    instead = str(Session.objects.get().pk)
    with pytest.raises(Invalid):
        table.do("schedule_apart", **on_site(working_day(days=8)), side="applicant", instead=instead)
    with pytest.raises(Invalid):
        table.do("schedule", **on_site(working_day(days=8)), instead=instead)


def test_the_desk_reads_sessions_with_all_and_none_apart(table: Table, mediators: Mediators, cast: Cast) -> None:
    table.do("schedule", **on_site(working_day()))
    table.do("schedule_apart", **on_site(working_day(days=8)), side="applicant")
    seen = {who: len(shown(table.case, mediators.actor(who))) for who in ("committee", "head", "second", "west")}
    assert seen == {"committee": 2, "head": 0, "second": 0, "west": 0}
    assert len(shown(table.case, cast.actor("clerk"))) == 1
    assert len(shown(table.case, cast.actor("supervisor"))) == 0
