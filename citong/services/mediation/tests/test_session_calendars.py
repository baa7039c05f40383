"""Sessions in calendars, on pages and in reminders, as sentences."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from icalendar import Calendar, Event

from citong.core.people.models import Appointment
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.services.mediation.models import CalendarAddress, Room, Session
from citong.services.mediation.sessions import address
from citong.services.mediation.tests.at_table import Table, dispute, on_site, working_day
from citong.web.asking import PARTIES
from tests.cast import Cast
from tests.mediators import Mediators

pytestmark = pytest.mark.django_db
LINK = "https://video.example.org/r/4711"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def table(mediators: Mediators) -> Table:
    return dispute(mediators)


@pytest.fixture
def at(mediators: Mediators, cast: Cast) -> Callable[[str], Client]:
    def signed_in(who: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        client.force_login(mediators.people.get(who) or cast.people[who])
        client.cookies["django_language"] = "en"
        return client

    return signed_in


def party(table: Table, side: str) -> Client:
    """The browser of a party who came with their slip."""
    client = Client(headers={"accept-language": "en"})
    client.cookies["django_language"] = "en"
    session = client.session
    session[PARTIES] = [str((table.applicant if side == "applicant" else table.respondent).pk)]
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    return client


def online(begins: datetime) -> dict[str, Any]:
    return {"begins_at": begins.isoformat(), "minutes": 60, "way": "online", "link": LINK}


def read(body: bytes) -> tuple[Calendar, list[Event]]:
    calendar = Calendar.from_ical(body)
    assert isinstance(calendar, Calendar)
    return calendar, list(calendar.events)


# Calendar programs ----------------------------------------------------------------------------------


def test_a_party_takes_the_appointment_into_a_calendar_by_number_alone(table: Table) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, Room.objects.get()))
    session = Session.objects.get()
    answer = party(table, "respondent").get(reverse("tracked_session_ics", args=[table.case.number, session.pk]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    calendar, (event,) = read(answer.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert (event.start, event.end) == (begins, begins + timedelta(hours=1))
    assert (event["SUMMARY"], event["LOCATION"]) == (f"Appointment {table.case.number}", "东街1号")
    assert (event["SEQUENCE"], event["STATUS"], event["CLASS"]) == (0, "CONFIRMED", "PRIVATE")
    for secret in ("邻里", "林上邻", "陈下邻", "许调解", "调委会"):
        assert secret not in answer.content.decode()


def test_lines_are_folded_and_the_zone_is_spelled_out(table: Table) -> None:
    table.do("schedule", **on_site(working_day(), Room.objects.get()))
    session = Session.objects.get()
    body = party(table, "applicant").get(reverse("tracked_session_ics", args=[table.case.number, session.pk])).content
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    assert b"BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai" in body
    assert b"DTSTART;TZID=Asia/Shanghai:" in body
    calendar, (event,) = read(body)
    assert isinstance(event.start, datetime)
    assert event.start.utcoffset() == timedelta(hours=8)
    assert not calendar.errors and not event.errors


def test_a_moved_session_takes_its_own_place_in_the_calendar(table: Table) -> None:
    table.do("schedule", **on_site(working_day()))
    session, owner = Session.objects.get(), party(table, "applicant")
    way = reverse("tracked_session_ics", args=[table.case.number, session.pk])
    before = read(owner.get(way).content)[1][0]
    table.do("schedule", **on_site(working_day(hour=15)), instead=str(session.pk))
    after = read(owner.get(way).content)[1][0]
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"], after.start) == (0, 1, working_day(hour=15))


def test_a_cancelled_session_leaves_the_calendar(table: Table) -> None:
    table.do("schedule", **on_site(working_day()))
    session = Session.objects.get()
    table.do("cancel_session", session=str(session.pk), reason="改日")
    answer = party(table, "applicant").get(reverse("tracked_session_ics", args=[table.case.number, session.pk]))
    calendar, (event,) = read(answer.content)
    assert (calendar["METHOD"], event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 1)
    assert not list(event.walk("VALARM"))


def test_a_city_in_another_zone_has_its_own_clock(table: Table) -> None:
    City.objects.update(zone="Asia/Tashkent", version=99)
    forget_city()
    table.do("schedule", begins_at=f"{working_day():%Y-%m-%d}T09:00", minutes=60, way="on_site", place="巷口")
    session = Session.objects.get()
    assert session.begins_at.astimezone(UTC).hour == 4
    body = party(table, "applicant").get(reverse("tracked_session_ics", args=[table.case.number, session.pk])).content
    assert b"DTSTART;TZID=Asia/Tashkent:" in body


def test_the_other_side_gets_nothing_of_a_session_apart_by_any_door(table: Table) -> None:
    table.do("schedule_apart", **online(working_day()), side="applicant")
    session = Session.objects.get()
    for name in ("tracked_session_ics", "tracked_session_join"):
        way = reverse(name, args=[table.case.number, session.pk])
        statuses = [
            one.get(way).status_code for one in (party(table, "respondent"), Client(), party(table, "applicant"))
        ]
        assert statuses[:2] == [404, 404]
        assert statuses[2] in (200, 302)
    pages = {side: page(party(table, side), table) for side in ("applicant", "respondent")}
    assert "With you alone" in pages["applicant"]
    for trace in (
        "Sessions</h2>",
        "With you alone",
        "/sessions/",
        "session with one side",
        f"{session.begins_at.astimezone(SHANGHAI):%m-%d}",
    ):
        assert trace not in pages["respondent"]


def page(client: Client, table: Table) -> str:
    return client.get(reverse("tracked", args=[table.case.number])).content.decode()


def test_a_mediators_secret_address_has_all_their_sessions_and_no_others(
    table: Table, mediators: Mediators, at: Callable[[str], Client]
) -> None:
    table.do("schedule", **on_site(working_day()))
    table.do("schedule_apart", **on_site(working_day(hour=15)), side="applicant")
    dispute(mediators, by="elder", phones=("", "")).do("schedule", **on_site(working_day()))
    made = at("committee").post(reverse("calendar_address_new")).content.decode()
    way = made.split("<code>")[1].split("</code>")[0]
    path = way.removeprefix("http://127.0.0.1:8000")
    answer = Client().get(path)
    calendar, events = read(answer.content)
    assert calendar["METHOD"] == "PUBLISH"
    assert [str(event["SUMMARY"]).split()[-1] for event in events] == [table.case.number] * 2
    assert way not in at("committee").get(reverse("mediation_calendar")).content.decode()


def test_an_address_that_was_made_anew_or_taken_back_leads_nowhere(
    mediators: Mediators, at: Callable[[str], Client]
) -> None:
    now, account = datetime.now(UTC), mediators.people["committee"]
    first, second = (address.make(account, at=now).removeprefix("http://127.0.0.1:8000") for _one in range(2))
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert second.split("/")[-1].removesuffix(".ics").encode() not in bytes(CalendarAddress.objects.get().digest)
    assert at("committee").post(reverse("calendar_address_end")).status_code == 302
    assert Client().get(second).status_code == 404


def test_the_address_of_somebody_who_mediates_no_more_leads_nowhere(mediators: Mediators) -> None:
    account = mediators.people["committee"]
    way = address.make(account, at=datetime.now(UTC)).removeprefix("http://127.0.0.1:8000")
    Appointment.objects.filter(account=account).update(ends_on=date(2026, 2, 1))
    assert Client().get(way).status_code == 404


def test_addresses_can_not_be_guessed_at_length(mediators: Mediators) -> None:
    wrong = reverse("calendar_feed", args=["wrong"])
    statuses = [Client().get(wrong).status_code for _try in range(25)]
    assert (statuses[0], statuses[-1]) == (404, 429)


# The way in ------------------------------------------------------------------------------------------


def test_the_way_into_an_online_session_is_on_the_partys_page_about_its_time_alone(table: Table) -> None:
    begins = working_day()
    table.do("schedule", **online(begins))
    session, owner = Session.objects.get(), party(table, "applicant")
    way = reverse("tracked_session_join", args=[table.case.number, session.pk])
    assert owner.get(way).headers["Location"] == reverse("tracked", args=[table.case.number])
    assert "The way in opens here at" in page(owner, table)
    Session.objects.update(begins_at=datetime.now(UTC), ends_at=datetime.now(UTC) + timedelta(hours=1))
    assert owner.get(way).headers["Location"] == LINK
    assert "Open the online session" in page(owner, table)
    assert LINK not in page(owner, table)


def test_the_mediator_enters_the_same_way_and_a_colleague_does_not(table: Table, at: Callable[[str], Client]) -> None:
    table.do("schedule", **online(working_day()))
    session = Session.objects.get()
    Session.objects.update(begins_at=datetime.now(UTC), ends_at=datetime.now(UTC) + timedelta(hours=1))
    way = reverse("session_join", args=[table.case.number, session.pk])
    assert at("committee").get(way).headers["Location"] == LINK
    assert [at(who).get(way).status_code for who in ("second", "head", "west")] == [404, 404, 404]


# Pages -----------------------------------------------------------------------------------------------


def test_a_party_sees_the_next_session_and_afterwards_who_came(table: Table) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, Room.objects.get()))
    shown = page(party(table, "respondent"), table)
    assert f"{begins:%Y-%m-%d}" in shown
    assert "一号调解室" in shown
    who = str(table.respondent.pk)
    table.do(
        "hold_session", at=begins + timedelta(hours=2), session=str(Session.objects.get().pk), minutes=60,
        record="各说各的。", absent=[who],
    )  # fmt: skip
    shown = page(party(table, "applicant"), table)
    assert "Did not come" in shown
    assert "陈下邻" in shown


def test_the_mediators_case_page_leads_to_moving_cancelling_and_writing_down(
    table: Table, at: Callable[[str], Client]
) -> None:
    table.do("schedule", **on_site(working_day()))
    session = Session.objects.get()
    shown = at("committee").get(reverse("case", args=[table.case.number])).content.decode()
    for name, field in (("schedule", "instead"), ("cancel_session", "session")):
        assert f"{reverse('do', args=[table.case.number, name])}?{field}={session.pk}" in shown
    assert reverse("do", args=[table.case.number, "hold_session"]) + "?session" not in shown
    Session.objects.update(begins_at=datetime.now(UTC) - timedelta(minutes=5))
    shown = at("committee").get(reverse("case", args=[table.case.number])).content.decode()
    assert f"{reverse('do', args=[table.case.number, 'hold_session'])}?session={session.pk}" in shown
    form = at("committee").get(reverse("do", args=[table.case.number, "schedule"]), {"instead": str(session.pk)})
    assert f'value="{session.pk}" selected' in form.content.decode()


def test_a_mediator_has_a_week_of_their_own_and_a_head_the_bodys_without_words(
    table: Table, mediators: Mediators, at: Callable[[str], Client]
) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, Room.objects.get(), bring="带上房产证"))
    other = dispute(mediators, by="second", phones=("", ""))
    other.do("schedule", **on_site(begins))
    foreign = dispute(mediators, by="elder", phones=("", ""))
    foreign.do("schedule", **on_site(begins))
    week: dict[str, str] = {"week": f"{begins:%Y-%m-%d}"}
    shown = {who: at(who).get(reverse("mediation_calendar"), week).content.decode() for who in ("committee", "head")}
    seen = {
        who: {one.case.number for one in (table, other, foreign) if one.case.number in text}
        for who, text in shown.items()
    }
    assert seen == {"committee": {table.case.number}, "head": {table.case.number, other.case.number}}
    for text in shown.values():
        for word in ("房产证", "巷口", "林上邻", "陈下邻", "邻里纠纷"):
            assert word not in text
    assert "09:00–10:00" in shown["head"]


def test_a_head_narrows_the_week_down_to_a_room_or_a_person(
    table: Table, mediators: Mediators, at: Callable[[str], Client]
) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, Room.objects.get()))
    other = dispute(mediators, by="second", phones=("", ""))
    other.do("schedule", **on_site(begins))
    for asked, there in (
        ({"room": str(Room.objects.get().pk)}, table),
        ({"mediator": str(mediators.people["second"].pk)}, other),
    ):
        shown = at("head").get(reverse("mediation_calendar"), asked | {"week": f"{begins:%Y-%m-%d}"}).content.decode()
        assert [one.case.number in shown for one in (table, other)] == [one is there for one in (table, other)]


@pytest.mark.parametrize("week", ["x", "2026-13-01", "0001-01-01", "9999-12-31", "2026-W01-1\0"])
def test_a_week_that_is_none_is_this_week(at: Callable[[str], Client], week: str) -> None:
    assert at("committee").get(reverse("mediation_calendar"), {"week": week, "room": week}).status_code == 200


@pytest.mark.parametrize("who", ["clerk", "supervisor", "administrator", "resident", "judge", "expert"])
def test_the_calendar_is_for_mediators_and_heads(at: Callable[[str], Client], who: str) -> None:
    assert at(who).get(reverse("mediation_calendar")).status_code == 404
    assert at(who).post(reverse("calendar_address_new")).status_code == 404


def test_a_head_who_does_not_mediate_has_no_address(at: Callable[[str], Client]) -> None:
    assert at("head").post(reverse("calendar_address_new")).status_code == 404


def test_the_week_can_be_hung_up_on_paper(table: Table, at: Callable[[str], Client]) -> None:
    begins = working_day()
    table.do("schedule", **on_site(begins, Room.objects.get()))
    sheet = at("head").get(reverse("mediation_calendar_sheet"), {"week": f"{begins:%Y-%m-%d}"}).content.decode()
    assert table.case.number in sheet
    assert "许调解" in sheet


def test_the_week_asks_the_same_number_of_queries_for_any_number_of_sessions(
    table: Table, mediators: Mediators, at: Callable[[str], Client], django_assert_max_num_queries: Any
) -> None:
    client = at("head")
    for hour in (8, 9, 10, 15, 16):
        table.do("schedule", **on_site(working_day(hour=hour), Room.objects.get()))
    with django_assert_max_num_queries(20):
        client.get(reverse("mediation_calendar"), {"week": f"{working_day():%Y-%m-%d}"})
