"""Identifiers: UUIDv7 for rows, short numbers with a check digit for people, secrets for receipts."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
import threading
import time
import unicodedata
from uuid import UUID

from citong.kit.calendar import aware

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)

SECRET_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # noqa: S105 (31 signs: no 0 o, 1 i l)
SECRET_LENGTH = 10  # 31 ** 10 is 49.5 bits
PEPPER_BYTES = 16

# Damm's quasigroup of order 10: catches every wrong digit and every swap of neighbours.
# Source: H. M. Damm, "Total anti-symmetrische Quasigruppen", Marburg 2004.
DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)


class _Ticker:
    """Millisecond and 42-bit counter: the counter starts at random and grows within one millisecond."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.millisecond = self.counter = 0

    def tick(self, millisecond: int, *, forward: bool) -> tuple[int, int]:
        with self.lock:
            if forward:
                millisecond = max(millisecond, self.millisecond)
            fresh = millisecond != self.millisecond
            # The top bit stays free, so that no single millisecond can exhaust the counter.
            self.counter = secrets.randbits(41) if fresh else self.counter + 1
            self.millisecond = millisecond
            return self.millisecond, self.counter


_now, _given = _Ticker(), _Ticker()


def uuid7(at: dt.datetime | None = None) -> UUID:
    """A new UUIDv7 (RFC 9562, section 5.7) of now, or of the aware moment `at`.

    Within a process ids of now only grow, even if the clock steps back; so do ids of one given millisecond.
    """
    if at is None:
        millisecond, counter = _now.tick(time.time_ns() // 1_000_000, forward=True)
    else:
        millisecond, counter = _given.tick(_milliseconds(at), forward=False)
    return _layout(millisecond, counter, secrets.randbits(32))


def uuid7_time(id: UUID) -> dt.datetime:
    """The moment written in a UUIDv7, in UTC, to the millisecond."""
    if id.version != 7:
        raise ValueError(f"{id} is not a UUIDv7: it holds no time.")
    return EPOCH + (id.int >> 80) * MILLISECOND


def uuid7_floor(at: dt.datetime) -> UUID:
    """The smallest UUIDv7 of that millisecond: the bound of a partition or of a page."""
    return _layout(_milliseconds(at), 0, 0)


def _milliseconds(at: dt.datetime) -> int:
    return (aware(at) - EPOCH) // MILLISECOND


def _layout(millisecond: int, counter: int, noise: int) -> UUID:
    """48 bits of time, version, 12 bits of counter, variant, 30 bits of counter, 32 bits of noise."""
    high = millisecond << 80 | 0x7 << 76 | (counter >> 30) << 64
    return UUID(int=high | 0b10 << 62 | (counter & (1 << 30) - 1) << 32 | noise)


def case_number(year: int, sequence: int) -> str:
    """The number people see, such as `26-0012345-7`: year, sequence, check digit."""
    if not (2000 <= year <= 2099 and sequence > 0):
        raise ValueError(f"No case number for year {year} and sequence {sequence}: years are 2000 to 2099.")
    head, body = f"{year % 100:02}", f"{sequence:07}"
    return f"{head}-{body}-{_damm(head + body)}"


def parse_number(text: str) -> tuple[int, int]:
    """(year, sequence) of a number as people type it: spaces, full-width digits and any dashes are fine."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found = re.fullmatch(r"(\d\d)[^\w]?(\d{7,})[^\w]?(\d)", plain, re.ASCII)
    if not found:
        raise ValueError("A case number looks like 26-0012345-7: copy all of its digits from the receipt.")
    if _damm("".join(found.groups())):
        raise ValueError("This case number has a wrong digit: compare it with the receipt.")
    return 2000 + int(found[1]), int(found[2])


def _damm(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = DAMM[interim][int(digit)]
    return interim


def secret() -> str:
    """A new receipt secret of 49.5 bits in two groups, such as `abcde-fghjk`; keep only its `digest`."""
    signs = "".join(secrets.choice(SECRET_ALPHABET) for _ in range(SECRET_LENGTH))
    return f"{signs[:5]}-{signs[5:]}"


def secret_from(key: str, pepper: bytes) -> str:
    """The secret that always belongs to a sender's own key: a command sent twice gets one receipt."""
    number = int.from_bytes(hmac.new(pepper, f"receipt of {key}".encode(), hashlib.sha256).digest())
    signs = ""
    for _ in range(SECRET_LENGTH):
        number, place = divmod(number, len(SECRET_ALPHABET))
        signs += SECRET_ALPHABET[place]
    return f"{signs[:5]}-{signs[5:]}"


def normalise_secret(text: str) -> str:
    """The ten signs of a secret as people type it; ValueError when they cannot be one."""
    signs = re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).lower()
    if len(signs) != SECRET_LENGTH or not set(signs) <= set(SECRET_ALPHABET):
        raise ValueError("A receipt code looks like abcde-fghjk: copy its ten signs from the receipt.")
    return signs


def digest(secret: str, pepper: bytes) -> bytes:
    """HMAC-SHA256 of a secret, 32 bytes, fit to be stored; compare with `hmac.compare_digest`."""
    if len(pepper) < PEPPER_BYTES:
        raise ValueError(f"The pepper has {len(pepper)} bytes and needs {PEPPER_BYTES}: draw a new one.")
    return hmac.new(pepper, normalise_secret(secret).encode(), hashlib.sha256).digest()
