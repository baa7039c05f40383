"""Lessons: written by whoever mediated, seen by others after a second look, without names and numbers."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from citong.core.people.refusal import Invalid, NotAllowed, NotThere, WrongState
from citong.services.mediation import lessons
from citong.services.mediation.models import Lesson
from tests.disputes import Quarrel

NOW = datetime(2026, 11, 22, tzinfo=UTC)
ABOUT = "两户共用的小路被一户砌的围墙堵窄，电动车过不去。"
HELPED = "先一起到现场量路宽，再请双方老人出面，各退三十公分。"


@pytest.fixture
def over(quarrel: Quarrel) -> Quarrel:
    """A dispute in which no agreement was reached."""
    quarrel.until("failed")
    return quarrel


def written(over: Quarrel, about: str = ABOUT, helped: str = HELPED, *, sure: bool = False) -> Lesson:
    return lessons.write(over.case, about, helped, actor=over.actor("mediator"), at=NOW, sure=sure)


def published(over: Quarrel) -> Lesson:
    return lessons.decide(written(over).pk, actor=over.actor("head"), at=NOW, publish=True)


def test_a_lesson_is_seen_by_others_after_the_head_of_the_body_looked_at_it(over: Quarrel) -> None:
    lesson = written(over)
    assert lessons.similar("邻居砌围墙堵了路", "neighbour") == []
    assert list(lessons.to_look_at(over.actor("head"))) == [lesson]
    lessons.decide(lesson.pk, actor=over.actor("head"), at=NOW, publish=True)
    [found] = lessons.similar("邻居砌围墙堵了路", "neighbour")
    assert found.lesson == lesson and {"围墙"} <= set(found.words)


@pytest.mark.parametrize("who", ["clerk", "handler", "elder", "judge", "west", "resident"])
def test_nobody_else_writes_or_looks_second(over: Quarrel, who: str) -> None:
    with pytest.raises(NotAllowed):
        lessons.write(over.case, ABOUT, HELPED, actor=over.actor(who), at=NOW)
    lesson = written(over)
    with pytest.raises(NotThere):
        lessons.decide(lesson.pk, actor=over.actor(who), at=NOW, publish=True)


def test_the_writer_is_never_the_second_reader(over: Quarrel) -> None:
    lesson = written(over)
    assert over.case.holder_id == lesson.written_by
    assert list(lessons.to_look_at(over.actor("mediator"))) == []
    with pytest.raises(IntegrityError), transaction.atomic():
        Lesson.objects.filter(pk=lesson.pk).update(approved_by=lesson.written_by)


def test_before_the_end_there_is_nothing_to_learn_yet(quarrel: Quarrel) -> None:
    quarrel.until("mediating")
    with pytest.raises(NotAllowed):
        lessons.write(quarrel.case, ABOUT, HELPED, actor=quarrel.actor("mediator"), at=NOW)


@pytest.mark.parametrize(
    "number", ["13800001234", "138 0000 1234", "350503199001011234", "闽C12345", "闽CD12345", "6222 0212 3456 7890 123"]
)
def test_a_number_that_names_somebody_is_refused(over: Quarrel, number: str) -> None:
    with pytest.raises(Invalid) as refused:
        written(over, helped=f"打{number}联系他以后")
    assert "helped" in refused.value.errors
    with pytest.raises(Invalid):
        written(over, helped=f"打{number}联系他以后", sure=True)
    assert not Lesson.objects.exists()


def test_sums_and_dates_are_no_such_numbers(over: Quarrel) -> None:
    assert written(over, helped="2026年3月12日前付120000元，分12期。").state == "waiting"


def test_the_name_of_a_party_warns_and_may_mean_somebody_else(over: Quarrel) -> None:
    name = over.party("respondent").name
    with pytest.raises(Invalid) as refused:
        written(over, about=f"{name}的围墙")
    assert name in refused.value.errors["sure"][0]
    assert written(over, about=f"{name}的围墙", sure=True).state == "waiting"


def test_what_was_given_back_is_written_anew_and_what_others_see_is_not(over: Quarrel) -> None:
    lesson = written(over)
    with pytest.raises(Invalid):
        lessons.decide(lesson.pk, actor=over.actor("head"), at=NOW, publish=False)
    lessons.decide(lesson.pk, actor=over.actor("head"), at=NOW, publish=False, reason="村名认得出")
    again = published(over)
    assert (again.pk, again.reason) == (lesson.pk, "")
    with pytest.raises(WrongState):
        written(over)


def test_a_lesson_is_found_by_everyday_words_too(over: Quarrel, django_assert_num_queries: Any) -> None:
    row = {"kind": "民间借贷", "about": "欠条写了本金没写利息。", "helped": "分期还本金。", "source": "某省调解案例选"}
    assert lessons.take_in([(2, row)], at=NOW).fresh == 1
    published(over)
    with django_assert_num_queries(2):
        [found] = lessons.similar("借条上没有说利率，债主要两分利", "loan")
    assert found.lesson.source == "某省调解案例选" and found.words


def test_a_collection_is_taken_in_once_and_only_with_its_source(db: None) -> None:
    good = {"kind": "neighbour", "about": ABOUT, "helped": HELPED, "source": "某市司法局"}
    rows = [good, good | {"about": "围墙", "source": ""}, good | {"about": "有电话13800001234"}]
    first, again = (lessons.take_in(enumerate(rows, 2), at=NOW) for _time in range(2))
    assert (first.fresh, first.known, [number for number, _why in first.refused]) == (1, 0, [3, 4])
    assert (again.fresh, again.known) == (0, 1)
    assert (Lesson.objects.get().kind, Lesson.objects.get().state) == ("neighbour", "published")


@pytest.mark.parametrize("text", ["", "？", "abc", "'; drop table", "\\"])
def test_nothing_in_common_nothing_found(db: None, text: str) -> None:
    assert lessons.similar(text, "neighbour") == []
