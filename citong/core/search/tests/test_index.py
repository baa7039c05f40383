"""Chinese is found by its words, wherever they stand."""

import pytest

from citong.core.search.index import document, found
from citong.kit.ids import uuid7

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "hit"),
    [
        ("井盖", True), ("井盖缺失", True), ("缺失", True), ("盖缺", True), ("井", True), ("路灯", False),
        ("井蓋", True), ("３号 井盖", True), ("abc", True), ("", False), ("'; drop table", False), ("井盖 路灯", False),
    ],
)  # fmt: skip
def test_a_text_is_found_by_its_words(query: str, hit: bool) -> None:
    subject = uuid7()
    document(subject, "case", ["东街3号井盖缺失，ABC"]).save()
    assert bool([row["subject"] for row in found(query, "case") if row["subject"] == subject]) is hit


def test_what_is_indexed_again_is_found_by_its_new_words_only() -> None:
    subject = uuid7()
    document(subject, "case", ["井盖"]).save()
    document(subject, "case", ["路灯"]).save()
    assert not list(found("井盖", "case")) and list(found("路灯", "case"))
