"""The public directory, as sentences."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from citong.services.mediation.models import Body, Mediator
from citong.services.mediation.tests.conftest import At
from tests.mediators import Mediators

pytestmark = pytest.mark.django_db


def page(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode())


@pytest.fixture
def anybody(at: At) -> Client:
    return at("")


def test_anybody_reads_who_mediates_where_and_whether_it_costs_anything(anybody: Client) -> None:
    shown = page(anybody.get(reverse("mediation_directory")))
    assert "陈长者工作室" in shown and "西一社区调委会" in shown
    assert shown.count("Charges a fee") == 1


def test_it_is_narrowed_by_district_dispute_and_language(anybody: Client) -> None:
    def names(**asked: str) -> set[str]:
        shown = page(anybody.get(reverse("mediation_directory"), asked))
        known = ("陈长者工作室", "西一社区调委会", "小城医调委", "东区商事调解中心")
        return {name for name in known if name in shown}

    assert names(district="w") == {"西一社区调委会", "小城医调委"}
    assert names(field="commercial") >= {"东区商事调解中心"}
    assert names(field="medical") == {"陈长者工作室", "西一社区调委会", "小城医调委"}
    assert names(language="minnan") == {"陈长者工作室", "西一社区调委会"}
    assert names(q="长者") == {"陈长者工作室"}
    assert names(q="nothing of that name") == set()


def test_the_page_of_a_body_names_its_published_people_and_no_telephone_of_theirs(
    anybody: Client, mediators: Mediators
) -> None:
    mediators.committee.phone = "13899999999"
    mediators.committee.save()
    Mediator.objects.filter(account=mediators.second).update(published=False)
    shown = page(anybody.get(reverse("mediation_directory_body", args=[mediators.bodies["village-e1"].id])))
    assert "许调解" in shown and "方调解" not in shown and "13899999999" not in shown
    assert "Free of charge" in shown and "0595-02345671" in shown
    medical = page(anybody.get(reverse("mediation_directory_body", args=[mediators.bodies["medical"].id])))
    assert "东区人民法院" in medical and "Expert" in medical


def test_what_is_not_published_is_not_there(anybody: Client, mediators: Mediators) -> None:
    hidden = mediators.bodies["village-e1"]
    Body.objects.filter(pk=hidden.pk).update(published=False)
    assert "东一社区调委会" not in page(anybody.get(reverse("mediation_directory")))
    for id in (hidden.id, uuid4()):
        assert anybody.get(reverse("mediation_directory_body", args=[id])).status_code == 404


def test_names_of_people_are_no_way_into_the_directory(anybody: Client) -> None:
    assert "东一社区调委会" not in page(anybody.get(reverse("mediation_directory"), {"q": "许调解"}))


def test_the_map_has_the_same_bodies_as_the_list(anybody: Client) -> None:
    found = anybody.get(reverse("mediation_directory_points"), {"kind": "studio"}).json()
    (feature,) = found["features"]
    assert feature["properties"]["title"] == "陈长者工作室"
    assert feature["geometry"]["coordinates"] == [118.605, 24.905]
