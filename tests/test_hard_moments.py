"""What must not break: two at once, a double click, a process killed in the middle of an act."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from citong.core.cases.models import Case, Submission
from citong.core.clocks.models import Clock
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.flow.refusal import Refusal, WrongState
from citong.core.ledger.models import Entry
from citong.core.ledger.read import faults, history
from citong.core.notices.models import Notice
from tests.cast import REPORT, Cast

pytestmark = pytest.mark.django_db(transaction=True)
Report = Callable[..., Any]


def at_once(*commands: Callable[[], Any]) -> list[Any]:
    """The commands start at the same moment, each on a connection of its own; results or refusals in order."""
    start = Barrier(len(commands))

    def run(command: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return command()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(commands)) as threads:
        return list(threads.map(run, commands))


def whole(case: Case) -> bool:
    return list(faults([row.entry for row in history(case.id)])) == []


def test_two_people_close_at_once_and_one_of_them_hears_that_it_is_done(cast: Cast, report: Report, walk: Any) -> None:
    case = walk(report().case, "accept", "dispatch", "feed_back")
    verifier = cast.actor("verifier")
    results = at_once(*[lambda: act(case.id, "close", {"way": "site"}, actor=verifier)] * 2)
    assert sorted(isinstance(result, WrongState) for result in results) == [False, True]
    assert Entry.objects.filter(subject=case.id, act="close").count() == 1
    assert whole(case)


def test_a_double_click_opens_one_case_with_one_receipt(cast: Cast) -> None:
    actor = cast.actor("resident")
    send = lambda: open_case("requests", REPORT, actor=actor, channel="web", key="click")  # noqa: E731
    results = at_once(send, send, send)
    assert Case.objects.count() == 1
    assert len({result.secret for result in results}) == 1
    assert sorted(result.again for result in results) == [False, True, True]


def test_a_double_click_on_an_act_does_it_once(cast: Cast, report: Report) -> None:
    case, clerk = report().case, cast.actor("clerk")
    send = lambda: act(case.id, "accept", {"category": "urban.manhole"}, actor=clerk, key="click")  # noqa: E731
    results = at_once(send, send)
    assert sorted(result.again for result in results) == [False, True]
    assert Entry.objects.filter(subject=case.id, act="accept").count() == 1


KILLED = """
import os, signal, sys
import django
django.setup()
from citong.core.flow import act as door
from citong.core.ledger.rows import Rows
from citong.core.people.access import actor_of
from citong.core.people.models import Account
from django.db import connection

write = Rows.write

def die(rows):
    write(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE act = 'accept'")
        print(cursor.fetchone()[0], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

Rows.write = die
clerk = actor_of(Account.objects.get(username="clerk"))
door.act(sys.argv[1], "accept", {"category": "urban.manhole"}, actor=clerk, key="k")
"""


def test_a_process_killed_in_the_middle_of_an_act_leaves_nothing_half_done(cast: Cast, report: Report) -> None:
    case = report().case
    notices = Notice.objects.count()
    settings = connection.settings_dict
    url = (
        f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}/{settings['NAME']}"
    )
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(case.id)], env=os.environ | {"DATABASE_URL": url},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (killed.returncode, killed.stdout.strip()) == (-signal.SIGKILL, "1"), killed.stderr
    case.refresh_from_db()
    assert case.state == "filed"
    assert not Entry.objects.filter(act="accept").exists()
    assert not Submission.objects.filter(key="k").exists()
    assert Notice.objects.count() == notices
    assert [clock.code for clock in Clock.objects.all()] == ["accept"]
    act(case.id, "accept", {"category": "urban.manhole"}, actor=cast.actor("clerk"), key="k")
    assert whole(case)
