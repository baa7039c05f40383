"""Messages from another system's file: imported, placed, routed, and the first one settled in the browser.

The real ones of another city are taken when CITONG_MESSAGES names their folder; their words never enter the repository.
"""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from citong.cli.demo_cases import read_reports, reported
from citong.cli.demo_cast import Crew, stage
from citong.core.cases.models import Case, Submission
from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults
from citong.core.people.access import AREA_POSTS
from citong.core.people.models import Account
from citong.core.people.posts import Post
from citong.kit import ids
from tests.browser.conftest import Window
from tests.browser.demo_city import Command
from tests.browser.person import Person
from tests.browser.reporting import rates
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MESSAGES = os.environ.get("CITONG_MESSAGES", "")
HEADER = ["编号", "标题", "内容", "时间", "地址"]
ROWS = [
    ["A1", "路边井盖破了", "公交站旁的井盖裂成两半，骑车的人很难避开。", "2026/3/2 9:30:00", "东区东一社区"],
    ["A2", "路灯一直不亮", "巷子里的路灯坏了半个月，晚上照明全靠手机。", "2026/3/3 21:05:00", "西区西二社区"],
]
Who = Callable[[Case, Post], Account]


def test_messages_of_a_file_become_cases_and_the_first_goes_to_its_rating(
    window: Window, cast: Cast, command: Command, tmp_path: Path
) -> None:
    path = tmp_path / "messages.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS])
    told = command("import", "messages", path, "--yes")
    assert "2 cases opened" in told
    first = Case.objects.get(title=ROWS[0][1])
    assert (first.channel, first.category_id, first.district) == ("import", "urban.manhole", "e")
    settled(window, first, lambda _case, post: cast.people[post])


@pytest.mark.skipif(not MESSAGES, reason="CITONG_MESSAGES names no folder with real messages")
def test_the_first_of_the_real_messages_goes_through_four_posts_to_its_rating(
    window: Window, quanzhou: Path, command: Command
) -> None:
    command("demo", "--no-cases")
    now = timezone.now()
    crew, district = Crew(now), stage(reported(read_reports(quanzhou))).district.code
    file = Path(MESSAGES) / "labelled_messages.csv"
    told = command("import", "messages", file, "--yes", "--place", "seed", "--city-hint", district)
    print(told.splitlines()[-1])

    def who(case: Case, post: Post) -> Account:
        unit = case.desk if post in AREA_POSTS else case.unit
        account = crew.actor(unit, post).account
        assert account is not None
        return Account.objects.get(pk=account)

    settled(window, Case.objects.latest("-id"), who)


def settled(window: Window, case: Case, who: Who) -> None:
    """The case went from clerk to verifier, each signed in at the desk, and whoever holds its receipt rated it."""
    at(window, case, who, Post.CLERK).does("Accept", category=case.category_id or "")
    at(window, case, who, Post.DISPATCHER).does("Dispatch", note="请尽快处理")
    handler = at(window, case, who, Post.HANDLER)
    handler.press("Take")
    handler.does("Report as done", result="已到现场处理完毕")
    at(window, case, who, Post.VERIFIER).does("Verify and close", way="site", note="现场核实")

    secret = ids.secret_from(Submission.objects.get(case=case.id, act="open").key, settings.RECEIPT_PEPPER)
    holder = window(phone=True).go(f"/r/{case.number}/{secret}/")
    holder.at(f"/track/{case.number}/")
    holder.reads("已到现场处理完毕")
    rates(holder)
    case.refresh_from_db()
    assert (case.state, case.rating) == ("closed", 5)
    assert list(faults(list(Entry.objects.filter(subject=case.id).order_by("position")))) == []


def at(window: Window, case: Case, who: Who, post: Post) -> Person:
    case.refresh_from_db()
    return window(who(case, post)).go(f"/desk/case/{case.number}/")
