"""Log lines that name nobody: no address with its query, no word that was sent, no value of the database.

What a person sent can come into a log by three ways: the address of a request (receipts stand in it), the arguments of
a message, and the text of an exception (PostgreSQL repeats the row that it refuses). Each of them is cut here, in the
one formatter of the installation; where the fault lies (types, frames, constraint) stays.
"""

import logging
import traceback
from collections.abc import Iterator
from copy import copy
from types import TracebackType
from typing import Any

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
UNKNOWN = "an unknown address"
SILENCED = "django.security."  # these repeat what was sent: a host, a file's name
TELLS_PATHS = "django.security.csrf"
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """The formatter of settings.LOGGING. With `whole` nothing is cut: for a developer's own machine."""

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__(LINE)
        self.whole = whole

    def format(self, record: logging.LogRecord) -> str:
        """Another handler may have left the exception's whole text on the record: this one writes its own."""
        own = copy(record)
        own.exc_text = None
        return super().format(own)

    def formatMessage(self, record: logging.LogRecord) -> str:
        if not self.whole:
            record.message = _without_address(record)
        return super().formatMessage(record)

    def formatException(self, ei: Raised) -> str:
        """Types and frames of the exception and of those behind it; texts stay out of it."""
        if self.whole or ei[1] is None:
            return super().formatException(ei)
        return "\n".join(part for fault in _chain(ei[1]) for part in _described(fault))


def _without_address(record: logging.LogRecord) -> str:
    """The message with the route in place of the address; for refused requests only what they were refused for."""
    if record.name.startswith(SILENCED) and record.name != TELLS_PATHS:
        return record.name.removeprefix(SILENCED)
    request = getattr(record, "request", None)
    path = getattr(request, "path", "")
    escaped = path.encode("unicode_escape").decode("ascii")  # as Django writes it
    return record.message.replace(escaped, _route(request)).replace(path, _route(request)) if path else record.message


def _route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else UNKNOWN


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, the first cause first."""
    earlier = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    if earlier is not None:
        yield from _chain(earlier)
    yield fault


def _described(fault: BaseException) -> Iterator[str]:
    yield "".join(traceback.format_tb(fault.__traceback__)).rstrip()
    diagnosis = getattr(fault, "diag", None)
    known = [getattr(diagnosis, name, None) for name in ("sqlstate", "table_name", "constraint_name")]
    yield " ".join([f"{type(fault).__module__}.{type(fault).__qualname__}", *filter(None, known)])
