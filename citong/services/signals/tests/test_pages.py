"""The operator's console: what stands on its pages, for whom, and that nothing is drawn where nothing is known."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from citong.core.cases.models import Case
from citong.core.signals.port import Mode, Reading
from citong.core.signals.streets import roads_to
from citong.core.signals.trial import Hour
from citong.services.signals import street
from citong.services.signals.forms import LinesField
from citong.services.signals.models import Arterial, Detector, Junction, Plan, Simulation
from citong.services.signals.simulating import trial_of
from tests.cast import Cast
from tests.streets import crossroads

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(cast: Cast) -> Callable[[str], Client]:
    def opens(name: str) -> Client:
        client = Client(headers={"Accept-Language": "en"})
        client.force_login(cast.people[name])
        return client

    return opens


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_an_empty_register_says_how_junctions_come_in(browser: Any) -> None:
    said = page(browser("operator"), "/desk/signals/")
    assert "citong signals load" in said and "data-map" not in said
    assert "No road with three signals" in page(browser("operator"), "/desk/signals/arterials/")


def test_the_list_tells_fault_silence_and_what_was_never_heard_of_in_reach_alone(browser: Any) -> None:
    now = timezone.now()
    crossroads("J1")
    for code, more in (("J2", {"fault": "Lamp"}), ("J3", {"contact_at": now - timedelta(hours=1)}),
                       ("J4", {"contact_at": now, "mode": "plan"})):  # fmt: skip
        Junction.objects.filter(pk=crossroads(code).pk).update(**more)
    crossroads("W1", lon=118.565, district="w")
    said = page(browser("operator"), "/desk/signals/")
    assert all(f"东街路口J{n}" in said for n in (1, 2, 3, 4)) and "W1" not in said and "data-map" in said
    for health, code in (("never", "J1"), ("fault", "J2"), ("silent", "J3"), ("well", "J4")):
        shown = page(browser("operator"), f"/desk/signals/?health={health}")
        assert [n for n in "1234" if f"东街路口J{n}" in shown] == [code[1]]
    points = browser("operator").get("/desk/signals/junctions.geojson").json()["features"]
    assert {one["properties"]["look"] for one in points} == {"closed", "late", "near", "open"}


def test_a_long_list_goes_on_and_asks_as_often(browser: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        crossroads(f"K{number:03}")
    client = browser("operator")
    with django_assert_max_num_queries(20):
        said = page(client, "/desk/signals/")
    assert "东街路口K049" in said and "东街路口K050" not in said and "after=K049" in said
    assert "东街路口K050" in client.get("/desk/signals/?after=K049", headers={"HX-Request": "true"}).content.decode()


def test_what_a_controller_reports_stands_on_the_page_of_its_junction(browser: Any) -> None:
    one = crossroads()
    assert "has not said what it shows" in page(browser("operator"), f"/desk/signals/{one.pk}/")
    heard = [Reading("J1", 1.0, "GGrr", Mode.CENTRAL, 0, 1.0), Reading("no", 1.0, "r", Mode.PLAN, None, None)]
    assert street.seen(heard, at=timezone.now()) == 1
    Detector.objects.create(junction=one, code="loop 7", lane="east_0", metres=35)
    said = page(browser("supervisor"), f"/desk/signals/{one.pk}/")
    assert "Led by the centre" in said and "loop 7" in said and "4 (pedestrians)" in said
    assert "Propose a plan" not in said and "Propose a plan" in page(browser("operator"), f"/desk/signals/{one.pk}/")
    assert street.plans_in_force("town")["J1"].cycle == 56
    street.failed("J1", "The controller does not answer.")
    assert "does not answer" in page(browser("operator"), f"/desk/signals/{one.pk}/now/")


def test_a_plan_is_proposed_on_its_page_and_what_was_typed_stays_where_it_is_refused(browser: Any, cast: Cast) -> None:
    one, client = crossroads(), browser("operator")
    assert "GGrr 30" in page(client, f"/desk/signals/{one.pk}/change/")
    refused = client.post(f"/desk/signals/{one.pk}/change/", {"spans": "GGrr 2\nrrGG 9", "text": "早高峰"})
    said = refused.content.decode()
    assert refused.status_code == 422 and "ends after 2 s; it needs 5 s" in said and "早高峰" in said
    sent = client.post(f"/desk/signals/{one.pk}/change/", {"spans": LinesField.example, "text": "早高峰", "offset": ""})
    case = Case.objects.get(service="signals")
    assert sent.status_code == 302 and sent["Location"] == f"/desk/case/{case.number}/"
    said = page(client, sent["Location"])
    assert "In force: plan 1" in said and "Not simulated yet" in said and "signal-bars" in said


def test_the_case_shows_progress_then_before_and_after_and_the_record_to_repeat(
    browser: Any, report: Callable[..., Any], walk: Any
) -> None:
    client, case = browser("operator"), walk(report(service="signals").case, "simulate")
    assert "0 of 10 runs" in page(client, f"/desk/case/{case.number}/")
    walk(case, "figures")
    said = page(client, f"/desk/case/{case.number}/")
    assert "Mean speed" in said and "+6.7 %" in said and "every 2s" not in said.split("Before and after")[1]
    record = page(client, f"/desk/signals/simulations/{Simulation.objects.get().pk}/")
    assert "/nowhere" in record and "1, 2, 3, 4, 5" in record and "SUMO 1.28.0" in record


def test_the_record_tells_each_corridor_by_the_hour(browser: Any, report: Callable[..., Any], walk: Any) -> None:
    client, case = browser("operator"), walk(report(service="signals").case, "simulate")
    one = Simulation.objects.get()
    Arterial.objects.create(network=one.change.junction.network, name="刺桐路", speed=12.5, stops=[
        {"junction": one.change.junction.code, "metres": 0.0, "there": [0], "back": [1]},
    ])  # fmt: skip
    (roads,) = trial_of(one).corridors.values()
    assert roads == sorted(roads_to(one.change.junction.built, {0, 1})) and roads
    walk(case, "figures")
    one.refresh_from_db()
    for runs, speed in ((one.before, 5.0), (one.after, 7.5)):
        for run in runs:
            run["hours"] = [asdict(Hour("刺桐路", 25 * 3600, speed, 60.0, 2.0))]
    one.save()
    record = page(client, f"/desk/signals/simulations/{one.pk}/")
    assert all(words in record for words in ("刺桐路", "01:00–02:00", "18.0", "27.0", "60.0"))


def road(*offsets: float) -> Arterial:
    stops = []
    for number, offset in enumerate(offsets):
        one = crossroads(f"A{number}")
        Plan.objects.filter(junction=one, ends_at=None).update(offset=offset)
        stops.append({"junction": one.code, "metres": 300.0 * number, "there": [0], "back": [1]})
    return Arterial.objects.create(network=one.network, name="刺桐路", speed=12.5, stops=stops)


def test_an_arterial_is_drawn_with_its_bands_and_suggested_offsets_widen_them(browser: Any) -> None:
    one = road(0, 31, 7)
    assert "刺桐路" in page(browser("operator"), "/desk/signals/arterials/")
    said = page(browser("operator"), f"/desk/signals/arterials/{one.pk}/")
    assert said.count("<text") >= 6 and "Share of the cycle" in said
    best = page(browser("operator"), f"/desk/signals/arterials/{one.pk}/?best=1&speed=45")
    assert _band(best) >= _band(said) and "<polygon" in best


def _band(said: str) -> int:
    return sum(int(said.split(f"<dt>{words}</dt><dd>")[1].split(" ")[0]) for words in ("Band there", "Band back"))


def test_an_arterial_without_a_common_cycle_says_so_and_one_partly_out_of_reach_is_not_there(browser: Any) -> None:
    one = road(0, 10)
    held = Plan.objects.get(junction__code="A1", ends_at=None)
    held.spans[0][1] = 40.0
    held.save()
    said = page(browser("operator"), f"/desk/signals/arterials/{one.pk}/?speed=x")
    assert "no common cycle" in said and "<rect" in said and "<polygon" not in said
    Junction.objects.filter(code="A1").update(district="w")
    assert browser("operator").get(f"/desk/signals/arterials/{one.pk}/").status_code == 404


def test_the_pages_are_chinese_first(cast: Cast) -> None:
    one = crossroads()
    client = Client(headers={"Accept-Language": "zh-hans"})
    client.force_login(cast.people["operator"])
    assert client.get(f"/desk/signals/{one.pk}/").status_code == 200
