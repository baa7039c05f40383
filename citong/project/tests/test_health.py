"""GET /health tells whoever watches the machine whether it can do its work."""

import pytest
from django.db import connection
from django.test import Client

from citong.core.places.models import City

pytestmark = pytest.mark.django_db


def load_a_city() -> None:
    City.objects.create(
        code="testing", name="试城", name_en="Testing", zone="Asia/Shanghai", datum="wgs84", outline=b""
    )


def let_jobs_beat(*, seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        asked = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - %s * interval '1 second')"
        cursor.execute(asked, [seconds_ago])


def test_a_house_with_city_and_jobs_is_ready(client: Client) -> None:
    load_a_city()
    let_jobs_beat(seconds_ago=5)
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (200, {"ready": True})


def test_a_house_without_a_city_says_so(client: Client) -> None:
    let_jobs_beat(seconds_ago=5)
    answer = client.get("/health", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert answer.json()["missing"] == "No city is loaded: run citong city load FOLDER."


def test_a_house_whose_jobs_went_silent_says_so(client: Client) -> None:
    load_a_city()
    let_jobs_beat(seconds_ago=90)
    answer = client.get("/health", headers={"accept-language": "en"})
    assert answer.status_code == 503
    assert answer.json()["missing"] == "The jobs process has been silent for a minute."


def test_the_answer_is_never_kept_by_anybody_between(client: Client) -> None:
    assert "no-store" in client.get("/health")["Cache-Control"]
