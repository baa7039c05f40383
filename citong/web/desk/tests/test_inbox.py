"""The inbox: each post sees what waits for it, and nothing that is none of its business."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from citong.core.cases.models import Case, SavedView
from citong.core.flow.intake import Opened
from citong.core.ledger.models import Entry
from citong.web.desk.tests.conftest import At
from tests.cast import Cast

Report = Callable[..., Opened]
Walk = Callable[..., Case]


def listed(at: At, name: str, **query: str) -> str:
    return at(name).get(reverse("desk"), query).content.decode()


@pytest.mark.parametrize(
    ("steps", "who"),
    [
        ([], "clerk"),
        (["accept"], "dispatcher"),
        (["accept", "dispatch"], "handler"),
        (["accept", "dispatch", "feed_back"], "verifier"),
    ],
)
def test_a_case_waits_on_the_desk_of_the_post_whose_turn_it_is(
    at: At, report: Report, walk: Walk, steps: list[str], who: str
) -> None:
    case = walk(report().case, *steps)
    assert case.number in listed(at, who, tab="unit")
    others = {"clerk", "dispatcher", "handler", "verifier"} - {who}
    assert [other for other in others if case.number in listed(at, other, tab="unit")] == []


def test_a_case_in_another_district_is_on_nobodys_list_here(at: At, report: Report) -> None:
    case = report().case
    assert all(case.number not in listed(at, "outsider", tab=tab) for tab in ("mine", "unit", "late", "near", "all"))


def test_a_case_taken_in_person_is_under_mine(at: At, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch", "take")
    assert case.number in listed(at, "handler", tab="mine")


def test_a_helping_unit_finds_its_part_under_its_unit(at: At, cast: Cast, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch", ("invite", {"units": ["station-e1"]}))
    assert case.number in listed(at, "grid_worker", tab="unit")


def test_a_wish_for_more_time_waits_for_the_dispatcher(at: At, report: Report, walk: Walk) -> None:
    case = walk(report().case, "accept", "dispatch", "ask_delay")
    assert case.number in listed(at, "dispatcher", tab="unit")
    assert case.number not in listed(at, "clerk", tab="unit")


def test_late_and_near_follow_the_clock(at: At, report: Report) -> None:
    case, now = report().case, timezone.now()
    Case.objects.update(due_at=now + timedelta(minutes=5), warn_at=now - timedelta(minutes=5))
    assert case.number in listed(at, "clerk", tab="near")
    assert case.number not in listed(at, "clerk", tab="late")
    Case.objects.update(due_at=now - timedelta(minutes=5))
    assert case.number in listed(at, "clerk", tab="late")
    assert case.number not in listed(at, "clerk", tab="near")


def test_the_first_tab_with_work_opens_by_itself(at: At, report: Report) -> None:
    case = report().case
    assert case.number in listed(at, "clerk")


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ({"kind": "urban"}, True),
        ({"kind": "safety"}, False),
        ({"place": "es"}, True),
        ({"place": "w"}, False),
        ({"state": "filed"}, True),
        ({"state": "closed"}, False),
        ({"channel": "web"}, True),
        ({"channel": "hotline"}, False),
        ({"urgent": "1"}, False),
        ({"level": "street"}, True),
        ({"q": "井盖"}, True),
        ({"q": "路灯"}, False),
    ],
)
def test_each_filter_keeps_what_fits_and_drops_the_rest(
    at: At, report: Report, query: dict[str, str], fits: bool
) -> None:
    case = report().case
    assert (case.number in listed(at, "clerk", tab="all", **query)) is fits


def test_nonsense_in_the_address_is_no_error(at: At, report: Report) -> None:
    case = report().case
    query = {"kind": "';--", "place": "<b>", "sort": "x", "tab": "y", "after": "never~1", "state": "nowhere at all"}
    assert case.number in listed(at, "clerk", **query)


def test_an_empty_desk_is_told_so_kindly(at: At) -> None:
    assert "Nothing is late" in listed(at, "clerk", tab="late")
    assert "No case fits this filter" in listed(at, "clerk", tab="all", q="井盖")


def test_a_person_without_a_post_reads_why_there_is_no_desk(at: At) -> None:
    answer = at("resident").get(reverse("desk"))
    assert answer.status_code == 403
    assert "You have no post here yet" in answer.content.decode()


def test_a_stranger_is_asked_to_sign_in(client: Any, town: Any) -> None:
    assert client.get(reverse("desk")).status_code == 302


def test_htmx_gets_the_list_alone(at: At, report: Report) -> None:
    case = report().case
    part = at("clerk").get(reverse("desk"), headers={"hx-request": "true"}).content.decode()
    assert case.number in part
    assert "<html" not in part


def test_pages_follow_by_key_and_show_every_case_once(at: At, report: Report, monkeypatch: Any) -> None:
    monkeypatch.setattr("citong.web.desk.inbox.page.__kwdefaults__", {"rows": 2})
    numbers = {report().case.number for _ in range(5)}
    Case.objects.filter(number=min(numbers)).update(due_at=None)
    client, seen, query = at("clerk"), [], "?tab=all"
    while query:
        answer = client.get(reverse("desk") + query)
        seen += [row.case.number for row in answer.context["rows"]]
        after = answer.context["after"]
        query = f"?tab=all&after={after}" if after else ""
    assert len(seen) == 5
    assert set(seen) == numbers


def queries(at: At, name: str, url: str) -> int:
    client = at(name)
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def many(cases: int) -> None:
    """As many cases as were asked for, each its own."""
    first = Case.objects.order_by("id")[0]
    fresh = []
    for number in range(Case.objects.count(), cases):
        one = Case.objects.get(pk=first.pk)
        one.pk, one.number = Case._meta.get_field("id").get_default(), f"27-{number:07}-0"
        one._state.adding = True
        fresh.append(one)
    Case.objects.bulk_create(fresh)


def test_three_hundred_rows_need_as_many_queries_as_three(at: At, report: Report) -> None:
    report()
    many(3)
    few = queries(at, "clerk", reverse("desk") + "?tab=all&q=井盖")
    many(300)
    assert queries(at, "clerk", reverse("desk") + "?tab=all&q=井盖") == few < 15


def test_counts_stop_at_ninety_nine(at: At, report: Report) -> None:
    report()
    many(120)
    assert "99+" in listed(at, "clerk", tab="all")


def test_a_view_is_saved_renamed_used_and_deleted(at: At, cast: Cast, report: Report) -> None:
    client = at("clerk")
    client.post(reverse("view_save"), {"name": "井盖", "query": "?tab=all&q=井盖&next=//evil"})
    view = SavedView.objects.get(account=cast.clerk)
    assert view.query == "?tab=all&q=%E4%BA%95%E7%9B%96"
    assert "井盖" in client.get(reverse("desk") + view.query).content.decode()
    client.post(reverse("view_change", args=[view.id]), {"name": "盖板"})
    assert SavedView.objects.get().name == "盖板"
    client.post(reverse("view_change", args=[view.id]), {"delete": "1"})
    assert not SavedView.objects.exists()


def test_nobody_changes_the_view_of_another(at: At, cast: Cast) -> None:
    view = SavedView.objects.create(account=cast.clerk, name="mine", query="")
    assert at("verifier").post(reverse("view_change", args=[view.id]), {"delete": "1"}).status_code == 404
    assert SavedView.objects.exists()


def test_the_list_goes_out_as_excel_without_formulas_and_leaves_a_mark(at: At, cast: Cast, report: Report) -> None:
    import io

    from openpyxl import load_workbook

    case = report(title="=1+1", name="林居民", phone="13800000000").case
    answer = at("clerk").get(reverse("export"), {"tab": "all", "q": "井盖"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    sheet = load_workbook(io.BytesIO(content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][:3] == [case.number, "=1+1", "Manhole cover"]
    assert sheet["B2"].data_type == "s"
    assert "13800000000" not in str(rows)
    entry = Entry.objects.get(act="export")
    assert (entry.actor, entry.facts) == (cast.clerk.id, {"rows": 1})


def test_search_finds_in_chinese_and_a_number_opens_its_case(at: At, report: Report) -> None:
    case = report().case
    client = at("clerk")
    assert case.number in client.get(reverse("search"), {"q": "井盖"}).content.decode()
    loose = case.number.replace("-", " ")
    assert client.get(reverse("search"), {"q": loose}).headers["location"] == reverse("case", args=[case.number])
    assert case.number not in at("outsider").get(reverse("search"), {"q": "井盖"}).content.decode()
    assert at("outsider").get(reverse("search"), {"q": loose}).status_code == 200
