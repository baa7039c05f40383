"""Spans of time in the reader's language: "5 working days" as the declaration and the city write it."""

from collections.abc import Callable

from django.utils.translation import ngettext

from citong.kit.durations import parse

WORDS: dict[str, Callable[[int], str]] = {
    "working days": lambda n: ngettext("%(n)s working day", "%(n)s working days", n),
    "working hours": lambda n: ngettext("%(n)s working hour", "%(n)s working hours", n),
    "working minutes": lambda n: ngettext("%(n)s working minute", "%(n)s working minutes", n),
    "days": lambda n: ngettext("%(n)s day", "%(n)s days", n),
    "calendar minutes": lambda n: ngettext("%(n)s minute", "%(n)s minutes", n),
    "hours": lambda n: ngettext("%(n)s hour", "%(n)s hours", n),
    "minutes": lambda n: ngettext("%(n)s minute", "%(n)s minutes", n),
}


def span_words(text: str) -> str:
    """The span as people say it; a text that is no span stays as it is."""
    try:
        span = parse(text)
    except ValueError:
        return text
    return WORDS[span.unit](int(span.n)) % {"n": f"{span.n:g}"}
