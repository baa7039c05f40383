"""Writing and asking the index: jieba tokens in PostgreSQL's full text."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from citong.core.search.models import Document
from citong.kit.text import query_tokens, tokens

MOST_CHARACTERS = 20_000


def index(subject: UUID, kind: str, texts: Iterable[str]) -> None:
    """The subject can be found by these texts; one statement. What was known of it before is replaced."""
    words = " ".join(sorted(set(tokens("\n".join(texts)[:MOST_CHARACTERS]))))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_document (subject, kind, vector) VALUES (%s, %s, to_tsvector('simple', %s)) "
            "ON CONFLICT (subject) DO UPDATE SET vector = excluded.vector",
            [subject, kind, words],
        )


def found(text: str, kind: str) -> QuerySet[Document, Any]:
    """Subjects (as a query to nest) that hold every word of the text; empty for a text without words."""
    words = query_tokens(text)
    if not words:
        return Document.objects.none().values("subject")
    query = " & ".join(f"'{word}':*" if len(word) == 1 else f"'{word}'" for word in words)
    wanted = SearchQuery(query, config="simple", search_type="raw")
    return Document.objects.filter(kind=kind, vector=wanted).values("subject")
