"""Writing and asking the index: jieba tokens in PostgreSQL's full text."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet

from citong.core.search.models import Document
from citong.kit.text import query_tokens, tokens

MOST_CHARACTERS = 20_000
LONGEST_WORD = 200


def document(subject: UUID, kind: str, texts: Iterable[str]) -> Document:
    """The row by which the subject can be found by these texts, to be written with it."""
    words = {word for word in tokens("\n".join(texts)[:MOST_CHARACTERS]) if len(word) <= LONGEST_WORD}
    return Document(subject=subject, kind=kind, vector=" ".join(f"'{word}'" for word in sorted(words)))


def found(text: str, kind: str) -> QuerySet[Document, Any]:
    """Subjects (as a query to nest) that hold every word of the text; empty for a text without words."""
    words = query_tokens(text)
    if not words:
        return Document.objects.none().values("subject")
    query = " & ".join(f"'{word}':*" if len(word) == 1 else f"'{word}'" for word in words)
    wanted = SearchQuery(query, config="simple", search_type="raw")
    return Document.objects.filter(kind=kind, vector=wanted).values("subject")
