"""Photos are judged by their content, drawn anew, and kept once."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from citong.core.files.store import LARGEST, Refused, _write, clean, keep, path_of


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (60, 40), exif: bool = False) -> bytes:
    """A small picture, with a place and a camera in its hidden data if asked."""
    drawn = io.BytesIO()
    hidden = Image.Exif()
    if exif:
        hidden[0x0110] = "SECRET-CAMERA"
        hidden.get_ifd(0x8825).update({1: "N", 2: (24.0, 54.0, 0.0), 3: "E", 4: (118.0, 36.0, 0.0)})
    Image.new("RGB", size, "teal").save(drawn, kind, **({"exif": hidden} if exif else {}))
    return drawn.getvalue()


def upload(data: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_a_photo_loses_its_place_and_camera() -> None:
    data = photo(exif=True)
    assert b"SECRET-CAMERA" in data
    cleaned = clean(upload(data))
    assert b"SECRET-CAMERA" not in cleaned.data
    assert not Image.open(io.BytesIO(cleaned.data)).getexif()


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_pictures_of_other_kinds_become_jpeg(kind: str) -> None:
    assert clean(upload(photo(kind))).media_type == "image/jpeg"


def test_a_large_picture_is_scaled_down() -> None:
    cleaned = clean(upload(photo(size=(4000, 3000))))
    assert (cleaned.width, cleaned.height) == (2048, 1536)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00 a program", "photo.jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "photo.svg"),
        (b"", "empty.jpg"),
        (photo()[:200], "half.jpg"),
    ],
)
def test_what_only_claims_to_be_a_photo_is_refused(data: bytes, name: str) -> None:
    with pytest.raises(Refused, match=name.split(".")[0]):
        clean(upload(data, name))


def test_a_file_of_50_megabytes_is_refused_before_it_is_read() -> None:
    big = upload(b"", "big.jpg")
    big.size = 50_000_000
    assert big.size > LARGEST
    with pytest.raises(Refused, match="20 MB"):
        clean(big)


@pytest.mark.django_db
def test_the_same_content_is_kept_once(settings: object, tmp_path: Path) -> None:
    settings.FILES_ROOT = tmp_path  # type: ignore[attr-defined]
    first, second = keep(clean(upload(photo()))), keep(clean(upload(photo(), "other.jpg")))
    assert first.pk == second.pk
    assert path_of(first.pk).read_bytes()[:2] == b"\xff\xd8"
    assert len([p for p in tmp_path.rglob("*") if p.is_file()]) == 1


def test_the_same_content_sent_many_times_at_once_breaks_nothing(tmp_path: Path) -> None:
    path, data = tmp_path / "ab/abc", b"photo" * 200_000
    with ThreadPoolExecutor(8) as senders:
        list(senders.map(lambda _turn: _write(path, data), range(64)))
    assert path.read_bytes() == data
    assert [one.name for one in path.parent.iterdir()] == ["abc"]
