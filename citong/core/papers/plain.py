"""What a template is given: plain JSON values, never text that Typst would read as its own."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from citong.core.papers.fonts import MISSING, writable


def plain(value: Any, *, zone: ZoneInfo) -> Any:
    """The value in JSON's own kinds. Moments are told in that zone, to the minute: `2026-05-08T09:30`."""
    if is_dataclass(value):
        value = {one.name: getattr(value, one.name) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(held, zone=zone) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one, zone=zone) for one in value]
    return _single(value, zone=zone)


def _single(value: Any, *, zone: ZoneInfo) -> Any:
    if isinstance(value, str):
        return writable(str(value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} can not be written into a paper: give text, numbers, dates, dataclasses.")


def unwritten(value: Any) -> Iterator[str]:
    """Yield the signs of all texts in it that the font has not, in their order, each as often as it stands there."""
    if isinstance(value, str):
        yield from (sign for sign in value if sign != MISSING and writable(sign) == MISSING)
    elif is_dataclass(value):
        yield from unwritten([getattr(value, one.name) for one in fields(value)])
    elif isinstance(value, Mapping):
        yield from unwritten(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from unwritten(one)
