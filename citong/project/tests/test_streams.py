"""Answers that a slow reader can draw out hold none of the few threads that serve pages."""

from django.urls import reverse

from citong.project.asgi import STREAMED, STREAMS


def test_live_screens_and_whole_files_stay_on_the_loop() -> None:
    assert {reverse(name) for name in STREAMS} == STREAMED
    assert {"/open-data/requests.csv", "/api/v1/public/cases.geojson"} <= STREAMED
    assert "/open-data/" not in STREAMED
