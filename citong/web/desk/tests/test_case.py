"""The page of a case: what it tells, whom it tells nothing, and what each look leaves."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citong.core.cases.models import Case, Party
from citong.core.flow.intake import Opened
from citong.core.flow.slip import looks_by_slip
from citong.core.people.models import Look
from citong.web.desk.tests.conftest import At
from tests.cast import DOES_IT, Cast, default_data

Report = Callable[..., Opened]
Walk = Callable[..., Case]
NAMED = {"name": "林居民", "phone": "13812345678"}


def url_of(case: Case) -> str:
    return reverse("case", args=[case.number])


def shown(at: At, name: str, case: Case) -> str:
    answer = at(name).get(url_of(case))
    assert answer.status_code == 200
    return answer.content.decode()


def press(at: At, name: str, case: Case, act: str, **data: Any) -> Any:
    return at(name).post(reverse("do", args=[case.number, act]), data)


@pytest.mark.parametrize("name", ["outsider", "grid_worker", "administrator", "resident"])
def test_a_case_out_of_reach_answers_like_one_that_does_not_exist(at: At, report: Report, name: str) -> None:
    case = report(by="supervisor").case
    client = at(name)
    expected = 403 if name == "resident" else 404
    assert client.get(url_of(case)).status_code == expected
    assert client.get(reverse("case", args=["26-9999999-0"])).status_code == expected
    assert client.get(reverse("do", args=[case.number, "accept"])).status_code == expected


def test_a_number_may_be_typed_loosely(at: At, report: Report) -> None:
    case = report().case
    answer = at("clerk").get(reverse("case", args=[case.number.replace("-", "")]))
    assert answer.headers["location"] == url_of(case)


def test_a_script_in_a_title_is_only_text(at: At, report: Report) -> None:
    case = report(title="<script>alert(1)</script>", text="<img src=x onerror=alert(1)>").case
    for page in (shown(at, "clerk", case), at("clerk").get(reverse("desk"), {"tab": "all"}).content.decode()):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


def test_the_page_says_why_it_is_here_and_by_when(at: At, report: Report) -> None:
    page = shown(at, "clerk", report().case)
    assert "Streets belong to urban management" in page
    assert "4 working hours" in page
    assert "City building" in page or "Manhole cover" in page


def test_opening_a_case_leaves_a_look_that_names_office_and_purpose(at: At, cast: Cast, report: Report) -> None:
    case = report().case
    shown(at, "clerk", case)
    look = Look.objects.get(subject=case.id)
    assert (look.account, look.unit, look.purpose) == (cast.clerk.id, "centre-e", "handling")


def test_coming_back_within_ten_minutes_is_the_same_look(at: At, report: Report) -> None:
    case = report().case
    shown(at, "clerk", case)
    shown(at, "clerk", case)
    assert Look.objects.filter(subject=case.id).count() == 1


def test_whoever_has_it_not_in_hand_says_first_what_for(at: At, report: Report, walk: Walk) -> None:
    case = walk(report(**NAMED).case, "accept", "dispatch")
    client = at("supervisor")
    page = client.get(url_of(case)).content.decode()
    assert "What do you need to see this case for?" in page
    assert case.text not in page
    assert not Look.objects.exists()
    client.post(reverse("case_purpose", args=[case.number]), {"purpose": "supervision"})
    assert case.text in client.get(url_of(case)).content.decode()
    assert Look.objects.get().purpose == "supervision"


def test_a_purpose_that_is_none_opens_nothing(at: At, report: Report, walk: Walk) -> None:
    case = walk(report(**NAMED).case, "accept", "dispatch")
    client = at("supervisor")
    client.post(reverse("case_purpose", args=[case.number]), {"purpose": "curiosity"})
    assert "What do you need to see this case for?" in client.get(url_of(case)).content.decode()


def test_a_phone_number_is_masked_until_it_is_asked_for_and_that_is_written_down(at: At, report: Report) -> None:
    case = report(**NAMED).case
    assert "138****5678" in shown(at, "clerk", case)
    assert NAMED["phone"] not in shown(at, "clerk", case)
    party = Party.objects.get(case=case)
    answer = at("clerk").post(reverse("case_phone", args=[case.number, party.id]))
    assert NAMED["phone"] in answer.content.decode()
    assert Look.objects.filter(subject=case.id).count() == 2


def test_a_confidential_reporter_is_known_to_the_desk_alone(at: At, report: Report, walk: Walk) -> None:
    case = walk(report(reporting="confidential", **NAMED).case, "accept", "dispatch")
    assert "林居民" in shown(at, "clerk", case)
    page = shown(at, "handler", case)
    assert "林居民" not in page
    assert "138****5678" not in page
    party = Party.objects.get(case=case)
    assert at("handler").post(reverse("case_phone", args=[case.number, party.id])).status_code == 404


def test_an_anonymous_report_names_nobody(at: At, report: Report) -> None:
    page = shown(at, "clerk", report(reporting="anonymous", **NAMED).case)
    assert "林居民" not in page
    assert "Reported anonymously" in page


def test_the_history_tells_who_did_what_in_plain_words(at: At, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch", "ask_delay", "decide_delay", "feed_back", "close")
    page = shown(at, "verifier", case)
    for words in ("王受理", "李派遣", "张处置", "东区城管局", "3 working days", "已经修好", "On site", "Granted"):
        assert words in page, words


def test_only_the_acts_of_ones_own_post_are_offered(at: At, report: Report) -> None:
    case = report().case
    clerk, verifier = shown(at, "clerk", case), shown(at, "verifier", case)
    assert reverse("do", args=[case.number, "accept"]) in clerk
    assert reverse("do", args=[case.number, "accept"]) not in verifier


def test_five_people_take_a_case_from_filing_to_closing_through_the_pages(at: At, cast: Cast, report: Report) -> None:
    case = report().case
    for act in ("accept", "dispatch", "take", "feed_back", "close"):
        name = DOES_IT[act]
        case.refresh_from_db()
        assert reverse("do", args=[case.number, act]) in shown(at, name, case)
        assert (
            press(at, name, case, act, **default_data(case, act, cast.actor(name)), key=f"key-{act}").status_code == 302
        )
    case.refresh_from_db()
    assert (case.state, case.open, case.rating) == ("closed", False, None)


def test_a_double_click_acts_once(at: At, cast: Cast, report: Report) -> None:
    case = report().case
    data = default_data(case, "accept", cast.actor("clerk")) | {"key": "one-click"}
    client = at("clerk")
    first, second = (client.post(reverse("do", args=[case.number, "accept"]), data, follow=True) for _ in range(2))
    assert "The report was accepted." in first.content.decode()
    assert "done once" in second.content.decode()
    case.refresh_from_db()
    assert case.doers["accept"] == [str(cast.clerk.id)]


def test_a_double_click_that_sends_a_case_out_of_reach_is_no_error(
    at: At, cast: Cast, report: Report, walk: Walk
) -> None:
    case = walk(report().case, "accept", "dispatch")
    client, data = at("handler"), {"result": "已经修好", "key": "one-click"}
    first, second = (client.post(reverse("do", args=[case.number, "feed_back"]), data, follow=True) for _ in range(2))
    assert "not in your hands any more" in first.content.decode()
    assert "done once" in second.content.decode()


def test_of_two_who_close_at_once_one_closes_and_the_other_reads_who_did(
    at: At, cast: Cast, report: Report, walk: Walk
) -> None:
    case = walk(report().case, "accept", "dispatch", "feed_back")
    seen = str(case.position)
    assert press(at, "verifier", case, "close", way="site", key="a", seen=seen).status_code == 302
    other = press(at, "verifier", case, "rework", reason="漏了一处", key="b", seen=seen)
    page = other.content.decode()
    assert other.status_code == 409
    for words in ("Closed", "吴核查", "The result was checked and the case closed.", "漏了一处", "Load the case anew"):
        assert words in page, words


def test_an_error_keeps_what_was_written(at: At, report: Report) -> None:
    case = report().case
    answer = press(at, "clerk", case, "accept", category="", note="请尽快处理")
    assert answer.status_code == 422
    assert "请尽快处理" in answer.content.decode()
    assert "This field is required." in answer.content.decode()


def test_an_error_of_a_photo_stands_at_the_photos(at: At, report: Report) -> None:
    case = report().case
    fake = SimpleUploadedFile("a.jpg", b"no photo", "image/jpeg")
    answer = press(at, "clerk", case, "note", note="看照片", photos=fake)
    assert answer.status_code == 422
    assert "a.jpg" in answer.content.decode()
    assert "看照片" in answer.content.decode()


def test_htmx_gets_the_form_for_its_drawer_and_is_sent_on_afterwards(at: At, report: Report) -> None:
    case, client, part = report().case, at("clerk"), {"hx-request": "true"}
    url = reverse("do", args=[case.number, "note"])
    form = client.get(url, headers=part).content.decode()
    assert "<html" not in form
    assert "drawer-title" in form
    answer = client.post(url, {"note": "已电话联系"}, headers=part)
    assert answer.headers["HX-Redirect"] == url_of(case)


def test_an_act_of_somebody_else_has_no_form_here(at: At, report: Report) -> None:
    case = report().case
    assert at("verifier").get(reverse("do", args=[case.number, "accept"])).status_code == 404
    assert press(at, "verifier", case, "accept").status_code == 403


def test_a_second_report_of_the_same_thing_nearby_is_offered_for_merging(at: At, report: Report) -> None:
    first, second = report().case, report(lon=118.6052, lat=24.9051).case
    page = shown(at, "clerk", second)
    assert first.number in page
    form = at("clerk").get(reverse("do", args=[second.number, "merge"]), {"number": first.number}).content.decode()
    assert f'value="{first.number}"' in form


def test_merged_and_split_cases_name_each_other(at: At, report: Report, walk: Walk) -> None:
    first, second = report().case, report().case
    walk(second, ("merge", {"number": first.number}))
    assert first.number in shown(at, "clerk", second)
    assert second.number in shown(at, "clerk", first)


def test_a_long_history_needs_as_many_queries_as_a_short_one(at: At, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept")

    def queries() -> int:
        client = at("clerk")
        client.get(url_of(case))
        with CaptureQueriesContext(connection) as caught:
            client.get(url_of(case))
        return len(caught)

    few = queries()
    walk(case, "note", "note", "note", "note", "note", "note")
    assert queries() == few


def test_everybody_sees_which_office_looked(at: At, report: Report) -> None:
    case = report().case
    shown(at, "clerk", case)
    assert "王受理" in shown(at, "verifier", case)


def test_the_desk_prints_a_slip_by_which_a_named_person_sees_who_looked(at: At, report: Report) -> None:
    case = report(named="某某").case
    party = case.parties.get(role=Party.Role.NAMED)
    url = reverse("case_slip", args=[case.number, party.id])
    assert url in shown(at, "clerk", case)
    slip = at("clerk").post(url)
    assert slip.status_code == 200
    opened = looks_by_slip(case.number, slip.context["secret"])
    assert opened is not None and [mark.unit for mark in opened[1]] == ["centre-e"]
    assert at("verifier").post(url).status_code == 404
