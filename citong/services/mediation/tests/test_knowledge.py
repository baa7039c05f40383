"""Beside a dispute: articles and similar cases, for whoever reads its words and for nobody else."""

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from citong.core.knowledge.load import load_shipped
from citong.services.mediation import lessons
from citong.services.mediation.kinds import Kind
from citong.services.mediation.knowledge import LAW_OF, at_hand, beside_the_dispute, words_read
from citong.services.mediation.models import Lesson
from tests.cast import PASSWORD
from tests.disputes import Quarrel

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, tzinfo=UTC)
PART = {"HX-Request": "true"}
MODEL = {"kind": "neighbour", "about": "围墙把小路堵窄", "helped": "到现场一起量", "source": "某市司法局"}


@pytest.fixture
def at_table(quarrel: Quarrel) -> Quarrel:
    load_shipped()
    lessons.take_in([(2, MODEL)], at=NOW)
    quarrel.until("mediating")
    return quarrel


def page(quarrel: Quarrel, who: str, name: str = "knowledge", **given: str) -> tuple[int, str]:
    """(status, text) of a page below the dispute for somebody of the cast or the mediators."""
    client, people = (
        Client(headers={"Accept-Language": "en"}),
        quarrel.cast if who in quarrel.cast.people else quarrel.mediators,
    )
    assert client.login(username=people.people[who].username, password=PASSWORD)
    url = f"/desk/mediation/cases/{quarrel.case.number}/{name}/"
    answer = client.post(url, given) if given else client.get(url, headers=PART)
    return answer.status_code, answer.content.decode()


def test_the_mediator_of_a_wall_has_the_law_of_neighbours_and_a_model_case_at_hand(at_table: Quarrel) -> None:
    found = at_hand(at_table.case, at_table.actor("mediator"), on=TODAY)
    assert {"第二百九十一条", "第二百八十八条"} & {one.article.number for one in found.articles}
    assert [one.lesson.about for one in found.lessons] == ["围墙把小路堵窄"]
    assert all(one.words for one in found.articles) and all(one.words for one in found.lessons)


def test_each_suggestion_says_why_and_where_it_comes_from_and_that_it_is_one(at_table: Quarrel) -> None:
    status, text = page(at_table, "committee")
    assert status == 200 and "<html" not in text
    for said in (
        "民法典",
        "in force since",
        "Because of",
        "围墙",
        "某市司法局",
        "Suggestions from the words of the case",
    ):
        assert said in text


@pytest.mark.parametrize("who", ["west", "elder", "supervisor", "head", "outsider", "administrator"])
def test_who_does_not_read_the_dispute_finds_no_suggestions(at_table: Quarrel, who: str) -> None:
    status, text = page(at_table, who)
    assert status in (403, 404) and "民法典" not in text
    assert beside_the_dispute(at_table.case, at_table.actor(who)) is None


def test_a_word_said_in_confidence_leads_nobody_else_to_it(at_table: Quarrel) -> None:
    at_table.do("caucus", note="其实是因为他家的狗咬过我母亲", side="applicant")
    assert "狗咬" in words_read(at_table.case, at_table.actor("mediator"))
    assert "狗咬" not in words_read(at_table.case, at_table.actor("clerk"))


def test_who_and_where_are_no_words_to_search_by(at_table: Quarrel) -> None:
    words = words_read(at_table.case, at_table.actor("mediator"))
    assert "围墙" in words
    assert "13800000002" not in words and "吴邻居" not in words


def test_ones_own_lesson_is_no_similar_case(at_table: Quarrel) -> None:
    at_table.until("failed")
    mediator = at_table.actor("mediator")
    own = lessons.write(at_table.case, "隔壁围墙堵窄小路", "量", actor=mediator, at=NOW)
    lessons.decide(own.pk, actor=at_table.actor("head"), at=NOW, publish=True)
    assert own not in [one.lesson for one in at_hand(at_table.case, mediator, on=TODAY).lessons]


def test_a_lesson_is_written_on_its_page_and_decided_by_the_head(at_table: Quarrel) -> None:
    assert page(at_table, "committee", "lesson")[0] == 404, "not before the end"
    at_table.until("failed")
    status, text = page(at_table, "committee", "lesson", about="围墙", helped="打13800001234")
    assert status == 422 and "a number that names somebody" in text and "围墙" in text
    assert page(at_table, "committee", "lesson", about="围墙堵路", helped="到现场量")[0] == 302
    lesson = Lesson.objects.get(source="")
    client = Client()
    client.force_login(at_table.mediators.people["head"])
    assert "围墙堵路" in client.get("/desk/mediation/lessons/").content.decode()
    url = f"/desk/mediation/lessons/{lesson.pk}/decide/"
    assert client.post(url, {f"{lesson.pk}-publish": "no"}).status_code == 422
    assert client.post(url, {f"{lesson.pk}-publish": "yes"}).status_code == 302
    assert Lesson.objects.get(pk=lesson.pk).state == "published"
    assert client.post(url, {f"{lesson.pk}-publish": "yes"}).status_code == 404


def test_every_kind_but_the_other_has_words_of_the_law() -> None:
    assert set(LAW_OF) == set(Kind) - {Kind.OTHER}
