"""What is too large is refused with the right word, at the limit and not before it; never by a broken page."""

import asyncio
import io
import json
import socket
import threading
from contextlib import suppress
from typing import Any

import pytest
import uvicorn
from django.conf import settings as installed
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from citong.cli.web import LARGEST_HEAD, configured
from citong.core.cases.forms import LONGEST_TEXT, MOST_PHOTOS
from citong.core.cases.models import Case
from citong.core.files import store
from citong.web.security import Bounds
from tests.cast import REPORT, Cast

FORM = "application/x-www-form-urlencoded"
API = "/api/v1/requests/cases"
PDF = b"%PDF-1.7\n"


def photo(width: int = 4, height: int = 4) -> SimpleUploadedFile:
    drawn = io.BytesIO()
    Image.new("RGB", (width, height)).save(drawn, "PNG")
    return SimpleUploadedFile("p.png", drawn.getvalue(), "image/png")


def report(**more: Any) -> Any:
    return Client().post("/report/", REPORT | more)


@pytest.mark.parametrize(("more", "status"), [(0, 200), (1, 414)])
def test_an_address_has_its_longest(town: Any, more: int, status: int) -> None:
    query = "q=" + "x" * (Bounds.longest_address - len("/privacy/?q=") + more)
    assert Client().get(f"/privacy/?{query}").status_code == status


def test_a_path_too_long_is_refused_before_anything_reads_it(town: Any) -> None:
    assert Client().get("/c/" + "9" * Bounds.longest_address + "/").status_code == 414


def test_a_head_too_large_is_refused(town: Any) -> None:
    assert Client().get("/privacy/", headers={"X-Much": "x" * (Bounds.largest_head - 1_000)}).status_code == 200
    assert Client().get("/privacy/", headers={"X-Much": "x" * Bounds.largest_head}).status_code == 431


@pytest.mark.parametrize(("path", "status"), [("/report/", 413), (API, 413), ("/open311/v2/requests.json", 400)])
def test_a_form_too_large_is_refused_by_every_door(town: Any, path: str, status: int) -> None:
    """Open311 knows one word for everything that is wrong with a call: 400."""
    fits = b"text=" + b"x" * (installed.DATA_UPLOAD_MAX_MEMORY_SIZE - 5)
    assert Client().post(path, fits, content_type=FORM).status_code in (403, 422)
    assert Client().post(path, fits + b"x", content_type=FORM).status_code == status


def test_json_too_large_is_refused(town: Any) -> None:
    body = json.dumps({"text": "x" * installed.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert Client().post(API, body, content_type="application/json").status_code == 413


@pytest.mark.parametrize("path", ["/report/", "/account/login/", "/track/", API, "/open311/v2/requests.xml"])
def test_a_form_with_too_many_fields_is_refused(town: Any, path: str) -> None:
    most = installed.DATA_UPLOAD_MAX_NUMBER_FIELDS
    assert Client().post(path, "&".join(f"f{n}=" for n in range(most)), content_type=FORM).status_code < 500
    assert Client().post(path, "&".join(f"f{n}=" for n in range(most + 1)), content_type=FORM).status_code in (400, 413)


@pytest.mark.parametrize("path", ["/map/", "/desk/", API, "/open311/v2/requests.json", "/report/nearby"])
def test_a_query_with_too_many_fields_breaks_nothing(cast: Cast, path: str) -> None:
    client = Client()
    client.force_login(cast.clerk)
    query = "&".join(f"f{n % 10}" for n in range(installed.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
    assert client.get(f"{path}?{query}").status_code in (200, 400, 413)


@pytest.mark.parametrize("depth", [50, 5_000, 200_000])
@pytest.mark.parametrize(("begin", "end"), [("[", "]"), ('{"a":', "}")])
def test_json_may_be_as_deep_as_it_likes(town: Any, depth: int, begin: str, end: str) -> None:
    answer = Client().post(API, begin * depth + "1" + end * depth, content_type="application/json")
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "body", ["1" * 5_000, "[" * 9, '{"lon": 1e999}', '{"lat": NaN, "lon": Infinity}', "\ud800", ""]
)
def test_strange_json_breaks_nothing(town: Any, body: str) -> None:
    sent = body.encode("utf-8", "surrogatepass")
    assert Client().post(API, sent, content_type="application/json").status_code == 422


def test_a_text_has_its_longest(cast: Cast) -> None:
    assert report(text="文" * LONGEST_TEXT).status_code == 302
    assert report(text="文" * (LONGEST_TEXT + 1)).status_code == 422
    assert Case.objects.count() == 1


def test_a_report_has_its_most_photos(cast: Cast) -> None:
    assert report(photos=[photo() for _ in range(MOST_PHOTOS)]).status_code == 302
    assert report(photos=[photo() for _ in range(MOST_PHOTOS + 1)]).status_code == 422


def test_a_request_has_its_most_files(cast: Cast) -> None:
    most = installed.DATA_UPLOAD_MAX_NUMBER_FILES
    assert report(photos=[photo() for _ in range(most)]).status_code == 422
    assert report(photos=[photo() for _ in range(most + 1)]).status_code == 413


@pytest.mark.parametrize(("more", "status"), [(0, 302), (1, 422)])
def test_a_file_has_its_largest(cast: Cast, monkeypatch: Any, more: int, status: int) -> None:
    monkeypatch.setattr(store, "LARGEST", 2_000)
    paper = SimpleUploadedFile("p.pdf", PDF + b"x" * (2_000 - len(PDF) + more), "application/pdf")
    assert report(photos=[paper]).status_code == status


@pytest.mark.parametrize(("height", "status"), [(10, 302), (11, 422)])
def test_a_photo_has_its_most_pixels(cast: Cast, monkeypatch: Any, height: int, status: int) -> None:
    monkeypatch.setattr(store, "MOST_PIXELS", 100)
    assert report(photos=[photo(10, height)]).status_code == status


def test_a_picture_that_unfolds_to_gigabytes_is_not_unfolded(cast: Cast) -> None:
    """The head of a PNG of 60,000 × 60,000 dots: refused by what it says of itself."""
    head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4) * 2 + b"\x08\x02\0\0\0"
    answer = report(photos=[SimpleUploadedFile("bomb.png", head + b"\0" * 40, "image/png")])
    assert answer.status_code == 422


@pytest.mark.parametrize("boundary", ["", "x" * 300, "ä"])
def test_a_broken_upload_breaks_nothing(town: Any, boundary: str) -> None:
    kind = f"multipart/form-data; boundary={boundary}"
    for path in ("/report/", API, "/open311/v2/requests.json"):
        assert Client().post(path, b"--x\r\nnothing", content_type=kind).status_code in (400, 403, 422)


class Served:
    """A web process in a thread, as `citong serve` configures it, in front of an application that says yes."""

    def __enter__(self) -> "Served":
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.server = uvicorn.Server(configured(_yes))  # type: ignore[arg-type]
        self.thread = threading.Thread(target=asyncio.run, args=[self.server.serve([self.socket])], daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)

    def answer(self, sent: bytes) -> bytes:
        """What comes back first."""
        with socket.create_connection(self.socket.getsockname(), timeout=10) as visitor:
            with suppress(ConnectionError):
                visitor.sendall(sent)
            return visitor.recv(4096)


async def _yes(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body"})


def test_a_head_without_end_is_cut_off_by_the_server_itself() -> None:
    with Served() as served:
        begin = b"GET / HTTP/1.1\r\nHost: x\r\nX-Much: "
        assert b" 200 " in served.answer(begin + b"x" * 1_000 + b"\r\n\r\n")
        assert b" 431 " in served.answer(begin + b"x" * (LARGEST_HEAD + 1_000))
        body = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n" + b"x" * 100_000
        assert b" 200 " in served.answer(body)
