"""The staff's map: layers as they are, cases in reach alone, and a word when there are more than can be shown."""

import gzip
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse

from citong.core.cases.models import Case
from citong.core.places.models import Grid, Layer
from citong.web.office import maps, outlines
from tests.cast import Cast


@pytest.fixture
def client(cast: Cast, settings: Any, tmp_path: Any) -> Client:
    settings.HOME = tmp_path
    client = Client()
    client.force_login(cast.handler)
    return client


def numbers(data: dict[str, Any]) -> set[str]:
    return {feature["properties"]["number"] for feature in data["features"]}


def test_a_layer_holds_every_current_grid_and_no_ended_one(client: Client) -> None:
    Grid.objects.filter(code="e10").update(ends_at=F("begins_at"))
    data = client.get(reverse("grid_outlines", args=["base"])).json()
    codes = {feature["properties"]["code"] for feature in data["features"]}
    assert len(codes) == 15 and "e10" not in codes and "w23" in codes
    assert data["features"][0]["geometry"]["type"] == "Polygon"


def test_a_layer_is_sent_packed_and_not_twice(client: Client) -> None:
    address = reverse("grid_outlines", args=["fire"])
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert len(json.loads(gzip.decompress(first.content))["features"]) == 2
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_a_new_version_of_a_layer_is_drawn_anew_and_the_old_one_dropped(client: Client, settings: Any) -> None:
    layer = Layer.objects.get(code="fire")
    outlines.packed(layer)
    layer.version += 1
    layer.save()
    old = client.get(reverse("grid_outlines", args=["fire"]), headers={"If-None-Match": '"town-fire-1"'})
    assert old.status_code == 200
    assert len(list(settings.HOME.glob("cache/grids/*-fire-*.gz"))) == 1


def test_cases_are_those_in_reach(
    client: Client, report: Callable[..., Any], walk: Callable[..., Case], cast: Cast
) -> None:
    mine = walk(report().case, "accept", "dispatch")
    report(lon=118.565, lat=24.905)
    assert numbers(client.get(reverse("staff_cases")).json()) == {mine.number}
    page = client.get(reverse("staff_map")).content.decode()
    assert mine.number in page and page.count("/desk/case/") == 1


def test_cases_are_cut_to_the_box_and_nonsense_is_no_box(
    client: Client, report: Callable[..., Any], cast: Cast
) -> None:
    client.force_login(cast.clerk)
    report()
    for box, count in (("118.60,24.90,118.61,24.91", 1), ("118.0,24.0,118.1,24.1", 0), ("nan,1,2,3", 1), ("x", 1)):
        assert len(client.get(reverse("staff_cases"), {"bbox": box}).json()["features"]) == count


def test_more_cases_than_fit_are_said(client: Client, report: Callable[..., Any], cast: Cast, monkeypatch: Any) -> None:
    client.force_login(cast.clerk)
    monkeypatch.setattr(maps, "MOST_CASES", 2)
    kept = [report().case.number for _number in range(3)][1:]
    data = client.get(reverse("staff_cases")).json()
    assert data["capped"] and numbers(data) == set(kept)


def test_late_cases_alone_can_be_shown(client: Client, report: Callable[..., Any], cast: Cast) -> None:
    client.force_login(cast.clerk)
    late = report().case
    report()
    Case.objects.filter(pk=late.pk).update(due_at=F("opened_at"))
    data = client.get(reverse("staff_cases"), {"late": "1"}).json()
    assert numbers(data) == {late.number} and data["features"][0]["properties"]["look"] == "late"


@pytest.mark.parametrize("who", ["resident", "administrator"])
def test_the_map_does_not_exist_for_whom_it_is_not(who: str, client: Client, cast: Cast) -> None:
    client.force_login(getattr(cast, who))
    for address in (reverse("staff_map"), reverse("staff_cases"), reverse("grid_outlines", args=["base"])):
        assert client.get(address).status_code == 404


def test_trial_outlines_say_so(client: Client) -> None:
    Layer.objects.filter(code="base").update(generated=True)
    client.cookies["django_language"] = "en"
    assert "for trial" in client.get(reverse("staff_map")).content.decode()
