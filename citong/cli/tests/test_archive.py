"""The file of a backup: what is put into it comes out again, and nothing else is taken for it."""

import io
import tarfile
from pathlib import Path

import pytest

from citong.cli.archive import About, read, writing
from citong.cli.locked_file import MAGIC, PIECE_BYTES, Damaged, Locking, Unlocking, WrongPassphrase
from citong.cli.restoring import assert_known
from citong.cli.trouble import Trouble

ABOUT = About("0.1.0", "小城", "2026-11-22T07:00:00Z", "180000", [["cases", "0001_initial"]], {"cases": 2}, None)


def backup(path: Path, *, passphrase: str = "") -> Path:
    with writing(path, ABOUT, passphrase=passphrase, tell=lambda done: None) as writer:
        writer.add_bytes("secrets.json", b"{}")
        writer.add_bytes("files/ab/abc", b"photo" * 100_000)
    return path


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_what_is_put_in_comes_out_again(tmp_path: Path, passphrase: str) -> None:
    path = backup(tmp_path / "b", passphrase=passphrase)
    assert read(path, passphrase=passphrase, into=tmp_path / "out") == ABOUT
    assert (tmp_path / "out/files/ab/abc").read_bytes() == b"photo" * 100_000
    assert (tmp_path / "out/secrets.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("passphrase", ["", "correct horse"])
def test_every_changed_byte_of_a_part_and_every_missing_end_is_noticed(tmp_path: Path, passphrase: str) -> None:
    content = backup(tmp_path / "b", passphrase=passphrase).read_bytes()
    broken = tmp_path / "broken"
    for place in range(200_000, len(content) - 20_000, 50_021):
        broken.write_bytes(content[:place] + bytes([content[place] ^ 64]) + content[place + 1 :])
        with pytest.raises(Trouble, match="is no whole backup"):
            read(broken, passphrase=passphrase)
    for end in range(100, len(content) - 11_000, 40_009):
        broken.write_bytes(content[:end])
        with pytest.raises(Trouble, match="is no whole backup"):
            read(broken, passphrase=passphrase)


def test_a_part_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "b"
    with writing(path, ABOUT, passphrase="", tell=lambda done: None) as writer:
        writer.add_bytes("../outside", b"x")
    with pytest.raises(Trouble, match="leads out of it"):
        read(path, passphrase="", into=tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_any_other_tar_is_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "b"
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("a"), io.BytesIO())
    with pytest.raises(Trouble, match="is no whole backup: it does not say what it is about"):
        read(path, passphrase="")


def test_a_backup_of_a_newer_citong_is_refused(tmp_path: Path) -> None:
    newer = About("9.9.9", "小城", ABOUT.taken_at, "180000", [["cases", "9999_of_tomorrow"]], {}, None)
    with pytest.raises(Trouble, match=r"newer Citong \(9.9.9\): cases 9999_of_tomorrow is not known"):
        assert_known(newer, home=tmp_path)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_a_locked_file_of_any_size_opens_again(size: int) -> None:
    content, file = bytes(range(256)) * (size // 256) + b"x" * (size % 256), io.BytesIO()
    locking = Locking(file, "correct horse")
    for begin in range(0, size, 700_001):
        locking.write(content[begin : begin + 700_001])
    locking.close()
    file.seek(0)
    assert Unlocking(file, "correct horse").read() == content
    file.seek(0)
    with pytest.raises(WrongPassphrase):
        Unlocking(file, "battery staple")


def test_pieces_of_a_locked_file_can_not_change_places() -> None:
    file = io.BytesIO()
    locking = Locking(file, "p")
    locking.write(b"a" * PIECE_BYTES + b"b" * PIECE_BYTES + b"c")
    locking.close()
    head, piece = len(MAGIC) + 32, PIECE_BYTES + 16
    content = file.getvalue()
    first, second, rest = (
        content[head : head + piece],
        content[head + piece : head + 2 * piece],
        content[head + 2 * piece :],
    )
    with pytest.raises(Damaged):
        Unlocking(io.BytesIO(content[:head] + second + first + rest), "p").read()
