"""Answers that a slow reader can draw out hold none of the few threads that serve pages."""

from django.urls import get_resolver, reverse

from citong.project.asgi import STREAMED, STREAMS


def test_live_screens_and_whole_files_stay_on_the_loop() -> None:
    assert {reverse(name) for name in STREAMS} == STREAMED
    assert {"/open-data/requests.csv", "/api/v1/public/cases.geojson"} <= STREAMED
    assert "/open-data/" not in STREAMED


def test_every_live_screen_is_served_on_the_loop_where_it_holds_no_thread() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    assert {name for name in names if name.split("_")[-1] == "live"} <= set(STREAMS)
