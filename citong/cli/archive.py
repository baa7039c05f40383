"""The file of a backup: a tar whose first part says what it is about and whose last lists the digest of every part.

It is written and read from beginning to end, so that it can be locked on its way, and a missing end is noticed.
"""

import hashlib
import io
import json
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from citong.cli.locked_file import Damaged, Locking, Unlocking, WrongPassphrase, is_locked
from citong.cli.trouble import Trouble

FORMAT = 1
ABOUT, MANIFEST = "about.json", "manifest.json"
LARGEST_TEXT = 1_000_000_000
Tell = Callable[[int], None]


@dataclass(frozen=True)
class About:
    """What a backup holds and of when. `taken_at` is ISO 8601: whatever was answered before stands in it."""

    version: str
    city: str
    taken_at: str
    postgresql: str
    migrations: list[list[str]]
    counts: dict[str, int]
    checkpoint: dict[str, Any] | None
    format: int = FORMAT


@dataclass
class Manifest:
    """Every part with its size in bytes and its SHA-256."""

    parts: dict[str, tuple[int, str]] = field(default_factory=dict)


class Writer:
    """Adds parts to a backup and keeps their digests. `close` makes it whole."""

    def __init__(self, output: Any, about: About, *, tell: Tell = lambda written: None) -> None:
        self._tar = tarfile.open(fileobj=output, mode="w|", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self.manifest, self.written, self._tell = Manifest(), 0, tell
        self.add_bytes(ABOUT, _json(asdict(about)))

    def add_bytes(self, name: str, content: bytes) -> None:
        """The content is a part of that name."""
        self._add(name, io.BytesIO(content), len(content))

    def add_file(self, name: str, path: Path) -> str:
        """The file is a part of that name; gives its SHA-256. FileNotFoundError when it is gone."""
        with path.open("rb") as file:
            return self._add(name, file, path.stat().st_size)

    def close(self) -> None:
        """The manifest is the last part."""
        content = _json({"parts": self.manifest.parts})
        self._tar.addfile(_info(MANIFEST, len(content)), io.BytesIO(content))
        self._tar.close()

    def _add(self, name: str, file: IO[bytes], size: int) -> str:
        hashed = _Hashed(file)
        self._tar.addfile(_info(name, size), hashed)
        digest = hashed.digest.hexdigest()
        self.manifest.parts[name] = (size, digest)
        self.written += size
        self._tell(self.written)
        return digest


@contextmanager
def writing(path: Path, about: About, *, passphrase: str, tell: Tell) -> Iterator[Writer]:
    """A backup at `path`, whole when the block ends well."""
    with path.open("xb") as file:
        path.chmod(0o600)
        output = Locking(file, passphrase) if passphrase else file
        writer = Writer(output, about, tell=tell)
        yield writer
        writer.close()
        if isinstance(output, Locking):
            output.close()


def read(path: Path, *, passphrase: str, into: Path | None = None, tell: Tell = lambda read: None) -> About:
    """The backup was read to its end and is as it was written; its parts lie in `into` unless that is None.

    Raises Trouble for what is no backup, is damaged or cut off, or locked with another passphrase.
    """
    try:
        with path.open("rb") as file:
            return _read(_source(path, file, passphrase), into, tell)
    except WrongPassphrase:
        raise Trouble(f"The passphrase does not fit {path}.", mend="give the one it was locked with.") from None
    except (Damaged, tarfile.TarError, EOFError, ValueError, KeyError, TypeError) as fault:
        raise Trouble(f"{path} is no whole backup: {fault}.", mend="take another backup.") from fault
    except OSError as error:
        raise Trouble(f"{path} cannot be read or unpacked ({error.strerror or error}).", mend="see to that.") from None


def _source(path: Path, file: IO[bytes], passphrase: str) -> Any:
    if not is_locked(path):
        return file
    if not passphrase:
        raise Trouble(f"{path} is locked with a passphrase.", mend="name the file that holds it: --passphrase-file.")
    return Unlocking(file, passphrase)


def _read(source: Any, into: Path | None, tell: Tell) -> About:
    found, about, manifest, done = Manifest(), None, None, 0
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for info in tar:
            content = tar.extractfile(info)
            if content is None or manifest is not None:
                raise Damaged(f"{info.name} does not belong in it")
            if info.name == MANIFEST:
                manifest = Manifest(**json.loads(content.read(LARGEST_TEXT)))
                continue
            if info.name == ABOUT:
                about, content = _about(content.read(LARGEST_TEXT)), None
                found.parts[ABOUT] = (info.size, hashlib.sha256(_json(asdict(about))).hexdigest())
                continue
            found.parts[info.name] = (info.size, _kept(content, info.name, into))
            done += info.size
            tell(done)
    return _compared(about, manifest, found)


def _about(text: bytes) -> About:
    said = json.loads(text)
    if said.get("format") != FORMAT:
        raise Damaged(f"its format is {said.get('format')!r} and not {FORMAT}")
    return About(**said)


def _compared(about: About | None, manifest: Manifest | None, found: Manifest) -> About:
    if about is None:
        raise Damaged("it does not say what it is about")
    if manifest is None:
        raise Damaged("its end is missing")
    listed = {name: tuple(part) for name, part in manifest.parts.items()}
    for name in [*listed, *found.parts]:
        if listed.get(name) != found.parts.get(name):
            raise Damaged(f"the part {name} is not as it was written")
    return about


def _kept(content: IO[bytes], name: str, into: Path | None) -> str:
    """The part's SHA-256; it lies under `into` if that is given."""
    hashed = _Hashed(content)
    if into is None:
        while hashed.read(1 << 20):
            pass
    else:
        target = into / _inside(name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("xb") as file:
            target.chmod(0o600)
            while piece := hashed.read(1 << 20):
                file.write(piece)
    return hashed.digest.hexdigest()


def _inside(name: str) -> PurePosixPath:
    """The name, if it leads nowhere else."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise Damaged(f"the part {name!r} leads out of it")
    return path


class _Hashed:
    """Reads on and keeps the digest of what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, int(time.time())
    return info


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()
