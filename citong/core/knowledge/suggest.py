"""Articles that may fit what somebody tells. A person decides; this only proposes, with its reasons."""

from collections.abc import Iterator, Sequence
from datetime import date

from citong.core.knowledge.everyday import asked
from citong.core.knowledge.ranking import MOST_TEXT, Suggested, ranked

__all__ = ["Suggested", "articles"]


def articles(text: str, *, on: date, most: int = 5, about: Sequence[str] = ()) -> list[Suggested]:
    """At most `most` articles that were law on that day and may fit the text, best first; four queries.

    `about` are words of the law that belong to the kind of the matter; they help to find, and are no reason shown.
    """
    told = asked(text[:MOST_TEXT])
    more = {token: "" for word in about for token in asked(word) if token not in told}
    return list(_with_reasons(ranked(told | more, on=on, most=most)))


def _with_reasons(found: Sequence[Suggested]) -> Iterator[Suggested]:
    """What fits the kind alone, and no word of the text, is no suggestion."""
    for one in found:
        if words := tuple(word for word in one.words if word):
            yield Suggested(one.article, words, one.score)
