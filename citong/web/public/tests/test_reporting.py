"""Reporting through the page: what is promised to somebody with a phone and no account."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from citong.core.cases.models import Case, Party
from citong.core.files.models import Attachment
from citong.core.flow.receipt import receipt_actor
from citong.web.public.tests.conftest import photo


def test_an_anonymous_report_becomes_a_case_with_a_receipt_that_opens_it(site: Client, send: Any) -> None:
    receipt = site.get(send(photos=photo()).headers["Location"])
    case = Case.objects.get()
    secret = site.session["receipt"]["secret"]
    page = receipt.content.decode()
    assert case.number in page and secret in page and "<svg" in page
    assert case.reporter is None and case.district == "e" and case.grid is not None
    assert receipt_actor(case.number, secret) is not None
    tracked = Client().get(f"/r/{case.number}/{secret}/", follow=True)
    assert tracked.redirect_chain == [(f"/track/{case.number}/", 302)]
    assert "井盖缺失" in tracked.content.decode()
    assert Attachment.objects.get().public is False


def test_the_receipt_shows_again_on_reload_and_never_after_it_was_kept(site: Client, send: Any) -> None:
    send()
    assert site.get("/receipt/").status_code == site.get("/receipt/").status_code == 200
    assert site.get("/receipt/print/").status_code == 200
    assert site.post("/receipt/kept/").headers["Location"] == f"/track/{Case.objects.get().number}/"
    assert site.get("/receipt/").headers["Location"] == "/track/"


def test_a_double_click_makes_one_case_and_shows_the_same_receipt(site: Client, send: Any) -> None:
    send()
    first = dict(site.session["receipt"])
    send()
    assert Case.objects.count() == 1
    assert dict(site.session["receipt"]) == first


def test_two_people_with_a_guessable_key_do_not_share_a_receipt(site: Client, send: Any) -> None:
    send(key="1")
    send(key="1")
    assert Case.objects.count() == 2


def test_a_place_outside_the_city_gets_a_sentence_and_keeps_the_words(site: Client, send: Any) -> None:
    answer = send(lon="119.9", lat="26.1")
    page = answer.content.decode()
    assert answer.status_code == 422 and not Case.objects.exists()
    assert "outside the city" in page and "井盖缺失" in page and 'data-open="2"' in page


@pytest.mark.parametrize(("lon", "lat"), [("0", "0"), ("24.905", "118.605"), ("nan", "24.9"), ("500", "95")])
def test_coordinates_that_can_not_be_get_a_sentence(send: Any, lon: str, lat: str) -> None:
    answer = send(lon=lon, lat=lat)
    assert answer.status_code == 422 and "井盖缺失" in answer.content.decode()


def test_a_hundred_thousand_characters_are_refused_with_a_sentence_and_kept(send: Any) -> None:
    text = "井" * 100_000
    answer = send(text=text)
    assert answer.status_code == 422 and not Case.objects.exists()
    assert "longer than 4000 characters" in answer.content.decode() and text in answer.content.decode()


def test_a_body_beyond_all_limits_gets_a_page_with_a_sentence(site: Client, send: Any) -> None:
    answer = send(text="a" * 2_500_000)
    assert answer.status_code == 413 and "too large" in answer.content.decode()


def test_a_photo_of_fifty_megabytes_is_refused_with_a_sentence_and_the_words_stay(send: Any) -> None:
    huge = SimpleUploadedFile("big.jpg", b"\xff\xd8" + b"0" * 50_000_000, "image/jpeg")
    answer = send(photos=huge)
    page = answer.content.decode()
    assert answer.status_code == 422 and "larger than 20 MB" in page and "井盖缺失" in page


def test_photos_of_a_report_with_another_error_are_asked_for_again(send: Any) -> None:
    answer = send(text="", photos=photo())
    assert answer.status_code == 422 and "choose the photos again" in answer.content.decode()


def test_a_script_in_a_title_is_shown_as_text_everywhere(site: Client, send: Any) -> None:
    send(title="<script>alert(1)</script>井盖", text="<img src=x onerror=alert(1)>没有盖子")
    number = Case.objects.get().number
    for address in ("/", f"/track/{number}/", f"/c/{number}/", "/map/", "/receipt/print/"):
        page = site.get(address).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_an_anonymous_report_of_a_signed_in_resident_keeps_no_trace_of_them(cast: Any, site: Client, send: Any) -> None:
    site.force_login(cast.resident)
    send(name="林居民", phone="13800000000", email="lin@example.org")
    case = Case.objects.get()
    assert case.reporter is None and not Party.objects.filter(case=case).exists()
    assert site.get(f"/track/{case.number}/").status_code == 200


def test_a_signed_in_resident_finds_their_reports(cast: Any, site: Client, send: Any) -> None:
    site.force_login(cast.resident)
    send(reporting="open", title="我家门口的井盖")
    assert "我家门口的井盖" in site.get("/reports/").content.decode()
    assert site.get("/track/" + Case.objects.get().number + "/").status_code == 200
    assert "/account/login/" in Client().get("/reports/").headers["Location"]


def test_a_clerk_reporting_on_the_public_page_acts_as_a_resident(cast: Any, site: Client, send: Any) -> None:
    site.force_login(cast.clerk)
    send(reporting="open")
    page = site.get(f"/track/{Case.objects.get().number}/").content.decode()
    assert "/do/withdraw/" in page and "/do/accept/" not in page
