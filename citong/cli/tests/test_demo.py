"""The demo: a cast that can sign in, and cases in every state, made by the same acts as real ones."""

import csv
import json
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path

import pytest
from django.contrib.auth import authenticate

from citong.cli.tests.conftest import Run
from citong.core.cases.models import Case
from citong.core.cases.registry import case_type
from citong.core.ledger.models import Entry
from citong.core.people.access import actor_of
from citong.core.people.models import Account
from citong.core.people.posts import Post
from citong.core.places.models import City
from citong.services.mediation.kinds import BodyKind
from citong.services.mediation.models import Batch, Body

YOUNG, SOME_HOURS, DAYS, WEEK = range(20, 95, 12), range(100, 235, 18), range(1600, 5700, 450), range(6000, 14000, 900)
TODAY, LONG_AGO = range(250, 1400, 80), range(20000, 40000, 3000)
Folder = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path, town: City) -> Folder:
    """`folder(ages)` is a city's folder with one report of each age in minutes, two of three from the east."""
    path = tmp_path / "town/demo/reports.csv"
    path.parent.mkdir(parents=True)

    def writes(ages: Iterable[int]) -> Path:
        lines = [["title", "text", "category", "community_hint", "channel", "minutes_ago"]]
        for number, age in enumerate(ages):
            hint = ("东区 东一社区", "东区 东二社区", "西区 西一社区")[number % 3]
            category, text = ("safety.exit", "消防通道被占") if number % 5 else ("urban.light", "路灯不亮")
            channel = ("web", "hotline", "web", "grid")[number % 4]
            lines.append([f"第{number}件", f"{text}，请处理", category, hint, channel, str(age)])
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        return path.parent.parent

    return writes


def cast_of(home: Path) -> list[dict[str, str]]:
    people: list[dict[str, str]] = json.loads((home / "demo_cast.json").read_text(encoding="utf-8"))
    return people


def test_everybody_of_the_cast_can_sign_in_and_holds_their_post(citong: Run, town: City, tmp_path: Path) -> None:
    assert citong("demo", "--no-cases").exit_code == 0
    people = cast_of(tmp_path)
    assert {person["post"] for person in people} == set(Post.values)
    for person in people:
        account = Account.objects.get(username=person["login"])
        assert account.check_password(person["password"]) and account.name.startswith("演示·")
        posts = {seat.post for seat in actor_of(account).seats} or {"resident"}
        assert posts == {person["post"]}
    assert (tmp_path / "demo_cast.json").stat().st_mode & 0o077 == 0
    assert authenticate(username="clerk", password=people[3]["password"]) is not None


def test_made_again_the_cast_keeps_its_password(citong: Run, town: City, tmp_path: Path) -> None:
    citong("demo", "--no-cases")
    before, accounts = cast_of(tmp_path), Account.objects.count()
    citong("demo", "--no-cases")
    assert cast_of(tmp_path) == before and Account.objects.count() == accounts
    (tmp_path / "demo_cast.json").unlink()
    citong("demo", "--no-cases")
    fresh = cast_of(tmp_path)[0]
    assert Account.objects.get(username=fresh["login"]).check_password(fresh["password"])


def test_a_dozen_bodies_have_their_people_and_a_second_run_adds_nobody(citong: Run, town: City) -> None:
    assert "13 bodies that mediate, 46 people in their registers" in citong("demo", "--no-cases").output
    assert {body.kind for body in Body.objects.all()} == set(BodyKind) - {BodyKind.JUDGE}
    assert not Body.objects.filter(charges=True).exclude(kind=BodyKind.COMMERCIAL).exists()
    assert "0 bodies that mediate, 0 people in their registers" in citong("demo", "--no-cases").output


def test_the_demo_keeps_away_from_real_people(citong: Run, town: City) -> None:
    Account.objects.create_user("wang", "wang@example.org", name="王")
    done = citong("demo", "--no-cases")
    assert done.exit_code == 1 and "1 accounts of real people" in done.output
    assert citong("demo", "--no-cases", "--yes").exit_code == 0


def test_a_login_of_a_real_person_is_never_taken(citong: Run, town: City) -> None:
    Account.objects.create_user("clerk", "clerk@example.org", name="王")
    done = citong("demo", "--no-cases", "--yes")
    assert done.exit_code == 1 and "belongs to somebody" in done.output


def test_every_state_has_something_to_show_and_the_ledger_is_whole(citong: Run, folder: Folder) -> None:
    reports = folder(chain(YOUNG, SOME_HOURS, TODAY, DAYS, WEEK, LONG_AGO))
    done = citong("demo", "--city", reports)
    assert done.exit_code == 0 and "left as it is" not in done.output, done.output
    states = set(Case.objects.filter(service="requests").values_list("state", flat=True))
    assert states == set(case_type("requests").states)
    acts = set(Entry.objects.values_list("act", flat=True))
    assert acts >= {
        "invite",
        "finish_part",
        "ask_delay",
        "decide_delay",
        "split",
        "merge",
        "rework",
        "rate",
        "escalate",
    }
    assert not Case.objects.filter(service="requests", grid=None).exists()
    assert citong("ledger", "verify").exit_code == 0


def test_played_again_nothing_happens_twice(citong: Run, folder: Folder) -> None:
    reports = folder(YOUNG)
    citong("demo", "--city", reports)
    cases, entries = Case.objects.count(), Entry.objects.count()
    assert "0 cases opened, 0 acts done" in citong("demo", "--city", reports).output
    assert (Case.objects.count(), Entry.objects.count()) == (cases, entries)


def test_disputes_of_all_kinds_and_a_batch_are_there_to_be_seen(citong: Run, folder: Folder) -> None:
    done = citong("demo", "--city", folder(YOUNG))
    assert done.exit_code == 0 and "left as it is" not in done.output, done.output
    disputes = Case.objects.filter(service="mediation")
    assert set(disputes.values_list("state", flat=True)) >= {
        "found", "offered", "choosing", "assigned", "mediating", "paused", "signing", "effective", "confirm_accepted",
        "confirmed", "breached", "performed", "filing", "filed",
    }  # fmt: skip
    assert disputes.filter(holder__username="mediator", open=True).count() >= 2
    assert disputes.filter(reporter__username="resident").exists()
    batch = Batch.objects.get()
    assert disputes.filter(dispute__batch=batch.pk).count() == 12
    assert not disputes.exclude(text="").exists() and not disputes.exclude(address="").exists()
    before = Entry.objects.count()
    assert "0 disputes opened, 0 acts done" in citong("demo", "--city", folder(YOUNG)).output
    assert Entry.objects.count() == before and citong("ledger", "verify").exit_code == 0
