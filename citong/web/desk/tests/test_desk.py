"""Around the cases: writing down a report, notices, absence, the administrator's hour, the menu."""

from collections.abc import Callable
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.flow.intake import Opened
from citong.core.flow.receipt import receipt_actor
from citong.core.ledger.models import Entry
from citong.core.notices.models import Notice
from citong.core.people.models import Absence, Elevation
from citong.core.places.current import day_of
from citong.web.desk.tests.conftest import At
from tests.cast import REPORT, Cast

Report = Callable[..., Opened]
Walk = Callable[..., Case]
CALL = {**REPORT, "reporting": "open", "name": "林居民", "phone": "13812345678", "channel": "hotline", "key": "k" * 32}


def test_a_clerk_writes_down_a_call_and_reads_the_receipt_out(at: At, cast: Cast) -> None:
    client = at("clerk")
    answer = client.post(reverse("desk_report"), CALL, follow=True)
    case = Case.objects.get()
    page = answer.content.decode()
    secret = answer.context["secret"]
    assert case.number in page
    assert secret in page
    assert receipt_actor(case.number, secret) is not None
    assert (case.channel, case.reporter_id) == ("hotline", None)
    assert Entry.objects.get(act="open").actor == cast.clerk.id
    assert Party.objects.get(case=case).phone == CALL["phone"]


def test_the_receipt_can_be_printed(at: At) -> None:
    client = at("clerk")
    client.post(reverse("desk_report"), CALL)
    assert Case.objects.get().number in client.get(reverse("desk_receipt"), {"print": "1"}).content.decode()


def test_a_call_sent_twice_is_one_report(at: At) -> None:
    client = at("clerk")
    for _ in range(2):
        client.post(reverse("desk_report"), CALL)
    assert Case.objects.count() == 1


def test_what_a_grid_worker_finds_on_patrol_is_their_own_report(at: At, cast: Cast) -> None:
    at("grid_worker").post(reverse("desk_report"), {**CALL, "channel": "grid"})
    assert Case.objects.get().reporter_id == cast.grid_worker.id


def test_a_report_outside_the_city_keeps_every_word(at: At) -> None:
    answer = at("clerk").post(reverse("desk_report"), {**CALL, "lon": "116.4", "lat": "39.9"})
    assert answer.status_code == 422
    assert str(REPORT["text"]) in answer.content.decode()
    assert not Case.objects.exists()


def test_posts_that_open_nothing_have_no_report_form(at: At) -> None:
    assert at("verifier").get(reverse("desk_report")).status_code == 404
    assert reverse("desk_report") not in at("verifier").get(reverse("desk")).content.decode()


def test_a_unit_is_told_and_opens_the_case_from_the_notice(at: At, report: Report) -> None:
    case, client = report().case, at("clerk")
    assert case.number in client.get(reverse("notices")).content.decode()
    notice = Notice.objects.get(unit__code="centre-e")
    answer = client.post(reverse("notice_open", args=[notice.id]))
    assert answer.headers["location"] == reverse("case", args=[case.number])
    notice.refresh_from_db()
    assert notice.seen_at is not None


def test_nobody_reads_or_marks_the_notices_of_another_unit(at: At, report: Report) -> None:
    case, client = report().case, at("outsider")
    assert case.number not in client.get(reverse("notices")).content.decode()
    assert client.post(reverse("notice_open", args=[Notice.objects.get(unit__code="centre-e").id])).status_code == 404
    client.post(reverse("notices_seen"))
    assert Notice.objects.filter(seen_at=None, unit__code="centre-e").exists()


def test_all_notices_are_seen_at_once(at: At, report: Report) -> None:
    report()
    client = at("clerk")
    client.post(reverse("notices_seen"))
    assert not Notice.objects.filter(unit__code="centre-e", seen_at=None).exists()


def away(**changed: str) -> dict[str, str]:
    today = day_of(timezone.now())
    return {"first": f"{today}", "last": f"{today + timedelta(days=2)}", "reason": "体检"} | changed


def test_whoever_is_away_is_stood_in_for_by_a_colleague(at: At, cast: Cast, report: Report) -> None:
    at("clerk").post(reverse("absence_add"), away(stand_in=str(cast.dispatcher.id)))
    assert Absence.objects.get().stand_in_id == cast.dispatcher.id
    assert Entry.objects.get(act="be_away").actor == cast.clerk.id
    case = report().case
    assert (
        reverse("do", args=[case.number, "accept"])
        in at("dispatcher").get(reverse("case", args=[case.number])).content.decode()
    )
    at("clerk").post(reverse("absence_end", args=[Absence.objects.get().id]))
    assert Absence.objects.get().ends_at <= timezone.now()


def test_only_a_colleague_can_stand_in_and_dates_must_make_sense(at: At, cast: Cast) -> None:
    client = at("clerk")
    stranger = client.post(reverse("absence_add"), away(stand_in=str(cast.outsider.id)))
    past = client.post(
        reverse("absence_add"), away(stand_in=str(cast.dispatcher.id), first="2026-01-01", last="2026-01-02")
    )
    assert (stranger.status_code, past.status_code) == (422, 422)
    assert "after now" in past.content.decode()
    assert not Absence.objects.exists()


def test_nobody_ends_the_absence_of_another(at: At, cast: Cast) -> None:
    at("clerk").post(reverse("absence_add"), away(stand_in=str(cast.dispatcher.id)))
    assert at("verifier").post(reverse("absence_end", args=[Absence.objects.get().id])).status_code == 404


def test_the_administrator_takes_the_rights_for_a_reason_and_gives_them_back(at: At, cast: Cast) -> None:
    client = at("administrator")
    assert client.post(reverse("elevate"), {"why": " "}).status_code == 422
    client.post(reverse("elevate"), {"why": "新增网格"})
    assert cast.actor("administrator").elevated
    assert "Administrator until" in client.get(reverse("profile")).content.decode()
    client.post(reverse("elevate_end"))
    assert not cast.actor("administrator").elevated
    assert Elevation.objects.count() == 1


def test_nobody_else_takes_administrator_rights(at: At, cast: Cast) -> None:
    assert at("supervisor").post(reverse("elevate"), {"why": "x"}).status_code == 403
    assert not Elevation.objects.exists()


def test_the_menu_holds_the_pages_of_ones_posts(at: At) -> None:
    supervisor, clerk = (at(name).get(reverse("desk")).content.decode() for name in ("supervisor", "clerk"))
    assert reverse("supervision") in supervisor
    assert reverse("supervision") not in clerk
    assert reverse("administration") not in clerk


def test_an_administrator_without_an_inbox_is_shown_the_way(at: At) -> None:
    answer = at("administrator").get(reverse("desk"))
    assert answer.status_code == 403
    assert reverse("administration") in answer.content.decode()
