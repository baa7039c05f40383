"""Writing and asking the index: jieba tokens in PostgreSQL's full text."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import QuerySet

from citong.core.search.models import Document
from citong.kit.text import query_tokens, tokens

MOST_CHARACTERS = 20_000
LONGEST_WORD = 200


def document(subject: UUID, kind: str, texts: Iterable[str]) -> Document:
    """The row by which the subject can be found by these texts, to be written with it."""
    words = {word for word in tokens("\n".join(texts)[:MOST_CHARACTERS]) if len(word) <= LONGEST_WORD}
    return Document(subject=subject, kind=kind, vector=" ".join(f"'{word}'" for word in sorted(words)))


def index_all(documents: Iterable[Document]) -> None:
    """The documents of many subjects that are not in the index yet are in it, by one COPY."""
    into = "COPY search_document (subject, kind, vector) FROM STDIN"
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(into) as copy:
        for one in documents:
            copy.write_row((one.subject, one.kind, one.vector))


@contextmanager
def gathering() -> Iterator[None]:
    """What comes into the index meanwhile is gathered and put in by large parts, which costs a tenth.

    What is gathered is found as well, only slower. A block that was killed leaves the index gathering, which does no
    harm and ends with the next block. Must not run in a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("ALTER INDEX document_vector SET (fastupdate = on, gin_pending_list_limit = 65536)")
        try:
            yield
        finally:
            cursor.execute("ALTER INDEX document_vector SET (fastupdate = off)")
            cursor.execute("ALTER INDEX document_vector RESET (gin_pending_list_limit)")
            cursor.execute("SELECT gin_clean_pending_list('document_vector')")


def found(text: str, kind: str) -> QuerySet[Document, Any]:
    """Subjects (as a query to nest) that hold every word of the text; empty for a text without words."""
    if not (every := every_word(text)):
        return Document.objects.none().values("subject")
    wanted = SearchQuery(every, config="simple", search_type="raw")
    return Document.objects.filter(kind=kind, vector=wanted).values("subject")


def every_word(text: str) -> str:
    """The text query that asks for every word of the text; empty for a text without words."""
    return " & ".join(f"'{word}':*" if len(word) == 1 else f"'{word}'" for word in query_tokens(text))
