"""The administrator's pages: everybody else finds none, reading needs the post, changing needs the hour as well."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from citong.core.cases.models import Case, Category
from citong.core.cases.settings import limits
from citong.core.clocks.calendar import calendar
from citong.core.clocks.models import CalendarDay
from citong.core.ledger.models import Content, Entry
from citong.core.ledger.read import faults
from citong.core.people.administration import elevate
from citong.core.people.duties import router
from citong.core.people.models import Absence, Account, Appointment, Duty, Unit
from citong.core.people.roster import city_subject
from citong.core.places.current import forget_city, parameter, today
from citong.core.places.models import City
from citong.web.office.administration.pages import PAGES
from citong.web.office.administration.subjects import SUBJECTS
from tests.cast import Cast

REASON = {"reason": "市长办公会决定"}
DUTY = {
    "category": "strange", "to": "centre-e", "post": "dispatcher", "reason": "暂由中心处理", "source": "Town order 2",
}  # fmt: skip


@pytest.fixture
def reading(cast: Cast) -> Client:
    """The administrator without their hour."""
    client = Client()
    client.force_login(cast.administrator)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def changing(reading: Client, cast: Cast) -> Client:
    """The administrator within their hour."""
    elevate(cast.administrator, reason="test", at=timezone.now())
    return reading


def entries() -> list[Entry]:
    return list(Entry.objects.filter(subject=city_subject("town")).order_by("position"))


def address(subject: str, key: object = "", end: bool = False) -> str:
    if not key:
        return reverse("subject_new", args=[subject])
    return reverse("subject_end" if end else "subject_form", args=[subject, key])


PLAIN = [code for code, _label, _icon in PAGES if code not in SUBJECTS] + ["rights"]
LISTS = list(SUBJECTS)


@pytest.mark.parametrize("page", [*PLAIN, *LISTS])
def test_every_page_opens_for_an_administrator_and_for_nobody_else(page: str, reading: Client, cast: Cast) -> None:
    wanted = reverse("subject_list", args=[page]) if page in SUBJECTS else reverse(page)
    assert reading.get(wanted).status_code == 200
    reading.force_login(cast.supervisor)
    assert reading.get(wanted).status_code == 404


def test_the_page_of_one_and_of_a_new_one_opens(reading: Client, cast: Cast) -> None:
    held = Appointment.objects.get(account=cast.grid_worker)
    keys = {
        "thresholds": "reopen_days", "limits": "handle", "units": "centre-e", "accounts": cast.clerk.pk,
        "appointments": held.pk, "duties": Duty.objects.get(order=10).pk, "categories": "urban.light",
    }  # fmt: skip
    for subject, key in keys.items():
        assert reading.get(address(subject, key)).status_code == 200, subject
    for subject in ("accounts", "appointments", "duties", "absences", "categories"):
        assert reading.get(address(subject)).status_code == 200, subject
    for nothing in (address("units", "none"), address("duties", "9x"), address("accounts", "x"), address("units")):
        assert reading.get(nothing).status_code == 404


def changes(cast: Cast) -> list[tuple[str, dict[str, Any]]]:
    """Every change an administrator can make: address and what is sent."""
    duty, held = Duty.objects.get(order=10), Appointment.objects.get(account=cast.grid_worker)
    post = {"account": "clerk", "unit": "centre-e", "post": "verifier", "begins_on": "2026-01-01"}
    away = {"account": "clerk", "stand_in": "verifier", "begins_at": "2026-12-01T08:00", "ends_at": "2026-12-02T08:00"}
    terms = {"name": "井盖坏", "name_en": "Manhole", "description": "井盖", "keywords": "井盖", "function": "fire"}
    return [
        (address("thresholds", "reopen_days"), {"value": "20", "source": "Order 3"}),
        (address("limits", "handle"), {"value": "3 working days", "source": "Order 3"}),
        (address("accounts"), {"username": "newcomer", "name": "新人", "email": ""}),
        (reverse("account_password", args=[cast.clerk.pk]), REASON),
        (address("accounts", cast.outsider.pk, end=True), REASON),
        (address("appointments"), REASON | post),
        (address("appointments", held.pk), REASON | {"grids": "e10 e11，e20"}),
        (address("appointments", held.pk, end=True), REASON | {"ends_on": "2026-12-31"}),
        (address("duties"), DUTY),
        (address("duties", duty.pk), DUTY | {"category": "urban.light", "before": "0"}),
        (address("duties", duty.pk, end=True), REASON),
        (address("absences"), REASON | away),
        (address("categories"), REASON | terms | {"parent": "urban", "segment": "bench"}),
        (address("categories", "urban.manhole"), REASON | terms),
        (address("categories", "strange", end=True), REASON),
        (reverse("calendar_day", args=["2026-12-24"]), {"working": "0", "name": "市庆", "source": "Order 4"}),
    ]  # fmt: skip


def test_without_the_hour_nothing_changes_and_nothing_typed_is_lost(reading: Client, cast: Cast) -> None:
    before, people = len(Entry.objects.all()), Account.objects.count()
    for where, data in changes(cast):
        answer = reading.post(where, data)
        assert answer.status_code == 403, where
        assert reverse("rights") in answer.content.decode()
        typed = next(iter(data.values()))
        assert str(typed) in answer.content.decode()
    assert Entry.objects.count() == before and Account.objects.count() == people


def test_each_change_stands_in_the_ledger_with_who_made_it(changing: Client, cast: Cast) -> None:
    for where, data in changes(cast):
        before = set(Entry.objects.values_list("pk", flat=True))
        assert changing.post(where, data).status_code in (200, 302), where
        fresh = Entry.objects.exclude(pk__in=before)
        assert fresh and {entry.actor for entry in fresh} == {cast.administrator.pk}, where
    for subject in set(Entry.objects.values_list("subject", flat=True)):
        assert not list(faults(list(Entry.objects.filter(subject=subject).order_by("position"))))


def test_a_change_of_settings_is_a_new_version_of_the_city(changing: Client) -> None:
    version = City.objects.get().version
    changing.post(address("thresholds", "reopen_days"), {"value": "20", "source": "Order 3"})
    forget_city()
    assert City.objects.get().version == version + 1
    assert parameter("reopen_days") == 20
    assert entries()[-1].facts["source"] == "Order 3"


def test_a_limit_can_be_set_and_given_back(changing: Client) -> None:
    for value, expected in (("3 working days", "3 working days"), ("", "5 working days")):
        changing.post(address("limits", "handle"), {"value": value, "source": "Order 3"})
        forget_city()
        assert next(one.value for one in limits() if one.code == "handle") == expected


@pytest.mark.parametrize(
    ("subject", "key", "value"),
    [("thresholds", "reopen_days", "many"), ("thresholds", "warn_share", "2"), ("limits", "handle", "soon"),
     ("thresholds", "working_hours", "12:00-08:00")],
)  # fmt: skip
def test_a_value_that_can_not_be_is_refused_with_a_sentence(
    subject: str, key: str, value: str, changing: Client
) -> None:
    answer = changing.post(address(subject, key), {"value": value, "source": "Order 3"})
    assert (
        answer.status_code == 422 and "Give a" in answer.content.decode()
    ) or "Give hours" in answer.content.decode()
    assert not entries()


def test_a_duty_can_be_added_moved_and_ended_and_the_next_report_follows(
    changing: Client, report: Callable[..., Any], django_capture_on_commit_callbacks: Any
) -> None:
    def send(where: str, data: dict[str, Any]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert changing.post(where, data).status_code == 302

    assert report(category="strange").case.gap
    send(address("duties"), DUTY)
    made = Duty.objects.get(category="strange")
    case = report(category="strange").case
    assert (case.gap, case.route_reason) == (False, DUTY["reason"])
    first = Duty.objects.order_by("order").first()
    assert first
    send(address("duties", made.pk), DUTY | {"before": str(first.pk)})
    assert Duty.objects.order_by("order").first() == made
    send(address("duties", made.pk, end=True), REASON)
    assert report(category="strange").case.gap


def test_duties_can_be_put_between_until_there_is_no_room_and_then_still(changing: Client) -> None:
    last = Duty.objects.get(order=30)
    for number in range(6):
        sent = DUTY | {"reason": f"第{number}条", "before": str(last.pk)}
        assert changing.post(address("duties"), sent).status_code == 302
    reasons = list(Duty.objects.order_by("order").values_list("reason", flat=True))
    assert reasons[2:] == [*(f"第{number}条" for number in range(6)), last.reason]


@pytest.mark.parametrize(
    "wrong", [{"to": "nowhere"}, {"to": "magic@city"}, {"area": "e/none/"}, {"area": "e10"}, {"source": " "}]
)
def test_a_duty_that_leads_nowhere_is_refused(wrong: dict[str, str], changing: Client) -> None:
    assert changing.post(address("duties"), DUTY | wrong).status_code == 422
    assert Duty.objects.count() == 3


def test_a_new_account_has_one_password_shown_once_and_signs_in_with_it(changing: Client) -> None:
    answer = changing.post(address("accounts"), {"username": "newcomer", "name": "新人", "email": ""})
    password = answer.context["password"]
    account = Account.objects.get(username="newcomer")
    assert account.check_password(password) and password in answer.content.decode()
    assert not any(password in str(body) for body in Content.objects.values_list("body", flat=True))


def test_a_closed_account_is_no_longer_let_in_and_can_be_opened_again(changing: Client, cast: Cast) -> None:
    changing.post(address("accounts", cast.clerk.pk, end=True), REASON)
    cast.clerk.refresh_from_db()
    assert not cast.clerk.is_active
    changing.post(reverse("account_open", args=[cast.clerk.pk]), REASON)
    cast.clerk.refresh_from_db()
    assert cast.clerk.is_active


def test_nobody_shuts_themselves_out(changing: Client, cast: Cast) -> None:
    assert changing.post(address("accounts", cast.administrator.pk, end=True), REASON).status_code == 422
    held = Appointment.objects.get(account=cast.administrator)
    sent = REASON | {"ends_on": "2026-12-31"}
    assert changing.post(address("appointments", held.pk, end=True), sent).status_code == 422


def test_an_appointed_person_can_do_what_the_post_does_and_no_longer_when_it_ends(changing: Client, cast: Cast) -> None:
    sent = REASON | {"account": "resident", "unit": "urban-e", "post": "handler", "begins_on": "2026-01-01"}
    changing.post(address("appointments"), sent)
    assert cast.actor("resident").posts() == {"handler"}
    held = Appointment.objects.get(account=cast.resident)
    yesterday = (today() - timedelta(days=1)).isoformat()
    changing.post(address("appointments", held.pk, end=True), REASON | {"ends_on": yesterday})
    assert not cast.actor("resident").posts()


def test_beats_are_exactly_the_grids_named_and_unknown_ones_are_refused(changing: Client, cast: Cast) -> None:
    held = Appointment.objects.get(account=cast.grid_worker)
    changing.post(address("appointments", held.pk), REASON | {"grids": "e10, e20"})
    assert set(held.beats.values_list("grid", flat=True)) == {"e10", "e20"}
    assert changing.post(address("appointments", held.pk), REASON | {"grids": "e10 zz9"}).status_code == 422


def test_during_an_absence_the_stand_in_holds_the_posts(changing: Client, cast: Cast) -> None:
    now = timezone.localtime()
    times = {
        "begins_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}",
    }
    changing.post(address("absences"), REASON | times | {"account": "clerk", "stand_in": "verifier"})
    assert cast.actor("verifier").posts() == {"verifier", "clerk"}
    changing.post(address("absences", Absence.objects.get().pk, end=True), REASON)
    assert cast.actor("verifier").posts() == {"verifier"}


def test_a_kind_can_be_added_described_and_ended_with_all_below_it(changing: Client) -> None:
    terms = {
        "name": "长椅",
        "name_en": "Bench",
        "description": "长椅损坏",
        "keywords": "长椅",
        "function": "",
        "public": "on",
    }
    changing.post(address("categories"), REASON | terms | {"parent": "urban", "segment": "bench"})
    made = Category.objects.get(code="urban.bench")
    assert (made.parent_id, made.description, made.public) == ("urban", "长椅损坏", True)
    changing.post(address("categories", "urban", end=True), REASON)
    assert not Category.objects.filter(code__startswith="urban", ends_on=None).exists()


def test_a_day_of_the_city_decides_what_clocks_count(changing: Client, django_capture_on_commit_callbacks: Any) -> None:
    day = date(2026, 12, 24)
    assert calendar().is_working(day)
    with django_capture_on_commit_callbacks(execute=True):
        changing.post(
            reverse("calendar_day", args=["2026-12-24"]), {"working": "0", "name": "市庆", "source": "Order 4"}
        )
    assert not calendar().is_working(day)
    assert CalendarDay.objects.get(date=day).source == "Order 4"
    assert changing.get(reverse("calendar_day", args=["2026-13-40"])).status_code == 404


def test_the_dry_run_names_who_decides_and_why_the_others_do_not(reading: Client) -> None:
    asked = {"category": "urban.manhole", "lon": "118.605", "lat": "24.905", "datum": "WGS84"}
    answer = reading.get(reverse("dry_run"), asked).context["answer"]
    assert answer.route.unit_code == "urban-e" and answer.unit == "东区城管局"
    assert len(answer.tried) + len(answer.others) == Duty.objects.count()
    assert [one.duty.order for one in answer.tried if one.fits] == [20]
    assert all(one.why for one in [*answer.tried, *answer.others])


def test_the_dry_run_takes_a_grid_and_says_who_works_there(reading: Client, cast: Cast) -> None:
    answer = reading.get(reverse("dry_run"), {"category": "urban.light", "grid": "e10"}).context["answer"]
    assert (answer.unit, answer.holder) == ("东区网格站1", str(cast.grid_worker))


@pytest.mark.parametrize(
    "asked", [{"lon": "118.6"}, {"lon": "10", "lat": "10"}, {"grid": "zz"}, {"lon": "x", "lat": "y"}]
)
def test_the_dry_run_says_what_is_wrong_with_a_place(asked: dict[str, str], reading: Client) -> None:
    answer = reading.get(reverse("dry_run"), asked)
    assert answer.status_code == 200 and answer.context["answer"] is None and answer.context["form"].errors


def test_gaps_are_shown_by_kind_and_district_without_the_cases(reading: Client, report: Callable[..., Any]) -> None:
    case = report(category="strange").case
    answer = reading.get(reverse("gaps"))
    assert answer.context["cases"] == [("Nobody's", "东区", 1)]
    assert [(gap.kind.code, gap.everywhere) for gap in answer.context["found"]] == [("strange", True)]
    assert case.number not in answer.content.decode() and case.title not in answer.content.decode()


def test_late_clocks_are_counted(reading: Client, report: Callable[..., Any]) -> None:
    from citong.core.clocks.models import Clock

    report()
    Clock.objects.update(due_at=F("started_at"), wake_at=F("started_at"))
    answer = reading.get(reverse("late_clocks"))
    assert answer.context["in_all"] == 1 and answer.context["waking"]["n"] == 1


def test_the_ledger_check_finds_a_changed_word(reading: Client, report: Callable[..., Any]) -> None:
    from django.db import connection

    case = report().case
    assert reading.post(reverse("ledger_check")).context["faults"] == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ledger_content DISABLE TRIGGER ALL")
        cursor.execute('UPDATE ledger_content SET body = \'{"text": "no"}\'')
        cursor.execute("ALTER TABLE ledger_content ENABLE TRIGGER ALL")
    assert [fault.subject for fault in reading.post(reverse("ledger_check")).context["faults"]] == [case.pk]


def test_rights_need_a_reason_and_lead_back_to_where_they_were_wanted(reading: Client, cast: Cast) -> None:
    where = f"{reverse('rights')}?next={reverse('dry_run')}"
    assert reading.post(where, {"reason": " "}).status_code == 422
    assert reading.post(where, {"reason": "网格调整"})["Location"] == reverse("dry_run")
    assert cast.actor("administrator").elevated
    elsewhere = reading.post(f"{reverse('rights')}?next=https://example.org/", {"reason": "网格调整"})
    assert elsewhere["Location"] == reverse("administration")


def test_an_administrator_sees_no_resident_who_holds_no_post(reading: Client, cast: Cast) -> None:
    page = reading.get(reverse("subject_list", args=["accounts"])).content.decode()
    found = reading.get(reverse("subject_list", args=["accounts"]), {"q": "resi"}).content.decode()
    assert "王受理" in page and "林居民" not in page and "林居民" not in found


def test_units_are_found_by_tree_and_by_name(reading: Client) -> None:
    wanted = reverse("subject_list", args=["units"])
    top, below = reading.get(wanted), reading.get(wanted, {"under": "centre-e"})
    assert "centre-e" not in [row["key"] for row in top.context["rows"]]
    assert {"urban-e", "fire-e"} <= {row["key"] for row in below.context["rows"]}
    assert [row["key"] for row in reading.get(wanted, {"q": "西区消防"}).context["rows"]] == ["fire-w"]
    assert Unit.objects.count() > 10


def test_long_lists_are_paged_by_key(reading: Client, monkeypatch: Any) -> None:
    from citong.web.office.administration import subject

    monkeypatch.setattr(subject.following, "__kwdefaults__", {"rows": 2})
    monkeypatch.setattr(SUBJECTS["duties"], "rows", 2, raising=False)
    first = reading.get(reverse("subject_list", args=["duties"]))
    second = reading.get(f"{reverse('subject_list', args=['duties'])}?{first.context['more']}")
    assert [len(page.context["rows"]) for page in (first, second)] == [2, 1]


def test_the_router_hears_of_a_change_at_once(changing: Client, django_capture_on_commit_callbacks: Any) -> None:
    router().explain("urban", None)
    with django_capture_on_commit_callbacks(execute=True):
        changing.post(address("duties"), DUTY)
    assert len(router().explain("urban", None)) == 4


def test_case_counts_do_not_reach_an_administrator(reading: Client, report: Callable[..., Any]) -> None:
    report()
    assert Case.objects.count() == 1
    assert reading.get(reverse("staff_map")).status_code == 404
