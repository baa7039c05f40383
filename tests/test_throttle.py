"""So many tries, then a pause: for every process together, and in every door's own words."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, RequestFactory
from django.utils import timezone

from citong.adapters.open311.tests.world import KEY, NEW
from citong.web.models import Fleeting
from citong.web.tasks import sweep_fleeting
from citong.web.throttle import LIMITS, Limit, TooMany, address, give_back, take
from tests.cast import REPORT, Cast

WHO = "somebody"
KEPT = {"Accept-Language": "en"}


def limit(monkeypatch: Any, what: str, most: int, seconds: int = 3600) -> None:
    monkeypatch.setitem(LIMITS, what, Limit(most, seconds))


@pytest.mark.django_db
@pytest.mark.parametrize("most", [1, 7, 20, 600])
def test_exactly_so_many_tries_are_taken_at_once(monkeypatch: Any, most: int) -> None:
    limit(monkeypatch, "receipt", most)
    at = timezone.now()
    waits = [take("receipt", WHO, at=at) for _ in range(most + 1)]
    assert waits[:most] == [0] * most and waits[most] > 0


@pytest.mark.django_db
def test_a_try_comes_back_when_it_was_said(monkeypatch: Any) -> None:
    limit(monkeypatch, "receipt", 2, seconds=60)
    at = timezone.now()
    assert [take("receipt", WHO, at=at) for _ in range(3)] == [0, 0, 30]
    assert [take("receipt", WHO, at=at + timedelta(seconds=30)) for _ in range(2)] == [0, 30]
    assert take("receipt", "somebody else", at=at) == 0
    give_back("receipt", WHO)
    assert take("receipt", WHO, at=at + timedelta(seconds=30)) == 0


@pytest.mark.django_db(transaction=True)
def test_tries_of_several_processes_are_counted_together(monkeypatch: Any) -> None:
    limit(monkeypatch, "receipt", 10)
    taken: list[int] = []

    def tries() -> None:
        taken.extend(take("receipt", WHO) for _ in range(10))
        connections.close_all()

    threads = [threading.Thread(target=tries) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count(0) == 10


@pytest.mark.django_db
def test_the_table_names_nobody_and_survives_no_crash() -> None:
    take("receipt", "203.0.113.7")
    cache.set("allauth:rl:login:ip:203.0.113.7", [1.5], 60)
    assert not any(b"203" in bytes(row.key) for row in Fleeting.objects.all())
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'web_fleeting'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.django_db
def test_what_is_over_is_swept_and_what_counts_stays(monkeypatch: Any) -> None:
    limit(monkeypatch, "receipt", 2)
    take("receipt", "long ago", at=timezone.now() - timedelta(days=1))
    take("receipt", WHO)
    sweep_fleeting(0)
    assert Fleeting.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "counted"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"), ("", ""), ("unix:", "unix:")],
)
def test_an_address_of_the_new_kind_counts_as_its_network(rf: RequestFactory, given: str, counted: str) -> None:
    assert address(rf.get("/", REMOTE_ADDR=given)) == counted


@pytest.mark.django_db
def test_the_cache_of_all_processes_adds_once_and_forgets_in_time() -> None:
    assert cache.add("lock", True, 10) and not cache.add("lock", True, 10)
    cache.set("figures", {"opened": 3}, 60)
    assert cache.get("figures") == {"opened": 3}
    assert cache.delete("lock") and cache.add("lock", True, 0)
    assert cache.get("lock") is None and cache.add("lock", 1, None)
    assert cache.get("nothing", "else") == "else"


def test_a_report_too_many_keeps_every_word(town: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "report", 1)
    page = Client(headers=KEPT)
    assert page.post("/report/", REPORT).status_code == 302
    answer = page.post("/report/", REPORT)
    assert answer.status_code == 429 and int(answer["Retry-After"]) > 0
    assert str(REPORT["text"]) in answer.content.decode()


def test_a_follower_too_many_waits(report: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "follow", 1)
    where = f"/c/{report(public='on').case.number}/follow/"
    assert Client().post(where, {"contact": "one@example.org"}).status_code == 302
    answer = Client().post(where, {"contact": "two@example.org"})
    assert answer.status_code == 429 and "two@example.org" in answer.content.decode()


def test_an_act_too_many_keeps_every_word(report: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "own act", 1)
    opened, site = report(), Client(headers=KEPT)
    site.get(f"/r/{opened.case.number}/{opened.secret}/")
    where = f"/track/{opened.case.number}/do/urge/"
    assert site.post(where, {"urge-reason": "still dark"}).status_code == 302
    answer = site.post(where, {"urge-reason": "darker every day"})
    assert answer.status_code == 429 and "darker every day" in answer.content.decode()


def test_wrong_codes_are_counted_on_the_page_the_link_and_in_the_api_together(report: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "receipt", 3)
    opened = report()
    number, wrong = opened.case.number, "aaaaa-aaaaa"
    api = f"/api/v1/cases/{number}"
    assert Client().post("/track/", {"number": number, "secret": wrong}).status_code == 200
    assert Client().get(f"/r/{number}/{wrong}/").headers["Location"] == "/track/?again=1"
    assert Client().get(api, headers={"Authorization": f"Receipt {number} {wrong}"}).status_code == 404
    turned = Client().get(api, headers={"Authorization": f"Receipt {number} {opened.secret}"} | KEPT)
    assert turned.status_code == 429 and turned["Retry-After"] == "1200"
    assert turned["Content-Type"] == "application/problem+json" and turned.json()["status"] == 429
    page = Client().post("/track/", {"number": number, "secret": opened.secret})
    assert page.status_code == 429 and page["Retry-After"] == "1200"
    assert Client().get(f"/r/{number}/{opened.secret}/").headers["Location"] == "/track/?paused=1"


def test_right_codes_are_never_used_up(report: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "receipt", 1)
    opened = report()
    for _ in range(4):
        assert Client().get(f"/r/{opened.case.number}/{opened.secret}/").headers["Location"].startswith("/track/26")


def test_the_api_without_a_key_and_open311_have_an_end(cast: Cast, settings: Any, monkeypatch: Any) -> None:
    settings.OPEN311_KEYS = [KEY]
    for what in ("api", "open311", "open311 key"):
        limit(monkeypatch, what, 1, seconds=60)
    asks: list[Callable[[], Any]] = [
        lambda: Client().get("/api/v1/requests/cases"),
        lambda: Client().get("/open311/v2/services.json"),
        lambda: Client().post("/open311/v2/requests.json", NEW | {"api_key": KEY}),
    ]
    for ask in asks:
        first, second = ask(), ask()
        assert first.status_code == 200 and second.status_code == 429 and second["Retry-After"] == "60"
        assert "json" in second["Content-Type"]


def test_guessing_the_open311_key_counts(town: Any, settings: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "open311", 2)
    tries = [Client().post("/open311/v2/requests.xml", {"api_key": f"guess {n}"}).status_code for n in range(3)]
    assert tries == [403, 403, 429]


@pytest.mark.parametrize("path", ["/report/nearby", "/report/where", "/map/cases.geojson"])
def test_a_page_that_is_asked_too_often_says_when_to_come_back(town: Any, monkeypatch: Any, path: str) -> None:
    limit(monkeypatch, "hint", 1, seconds=60)
    Client().get(path)
    answer = Client(headers=KEPT).get(path)
    assert answer.status_code == 429 and answer["Retry-After"] == "60"
    assert "Wait 60 seconds" in answer.content.decode()


def test_passwords_are_guessed_five_times_whichever_process_is_asked(cast: Cast) -> None:
    sign_in = {"login": "clerk", "password": "wrong"}
    said = [Client(headers=KEPT).post("/account/login/", sign_in).content.decode() for _ in range(6)]
    assert "Too many failed login attempts" in said[5] and "Too many failed login attempts" not in said[4]
    assert Fleeting.objects.filter(value__isnull=False).exists()


def test_a_flood_of_sign_ins_gets_our_own_page(cast: Cast) -> None:
    answers = [
        Client(headers=KEPT).post("/account/login/", {"login": f"nobody{n}", "password": "x"}) for n in range(31)
    ]
    assert answers[-1].status_code == 429 and answers[-1]["Retry-After"] == "60"


@pytest.mark.django_db
def test_a_factor_of_nothing_switches_the_limits_off(settings: Any, monkeypatch: Any) -> None:
    limit(monkeypatch, "receipt", 1)
    settings.THROTTLE = 0
    assert [take("receipt", WHO) for _ in range(3)] == [0, 0, 0]
    assert not Fleeting.objects.exists()


def test_the_refusal_says_when_to_come_back() -> None:
    assert TooMany(7).headers == {"Retry-After": "7"} and "7" in str(TooMany(7))
