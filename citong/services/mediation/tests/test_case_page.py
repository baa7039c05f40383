"""The page of a dispute at the desk: what each reader sees of it."""

from typing import Any

import pytest
from django.urls import reverse

from citong.services.mediation.tests.conftest import At
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db


def page(at: At, who: str, quarrel: Quarrel) -> str:
    answer: Any = at(who).get(reverse("case", args=[quarrel.case.number]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_whoever_mediates_reads_what_it_is_about_and_who_took_which_step(at: At, quarrel: Quarrel) -> None:
    quarrel.do("register", languages=["minnan", "putonghua"])
    quarrel.until("mediating")
    shown = page(at, "committee", quarrel)
    assert '<p class="case-text">隔壁新砌的围墙把小路堵窄了</p>' in shown
    assert "林居民</strong> <small>Applicant" in shown and "吴邻居</strong> <small>Respondent" in shown
    assert '<p class="timeline-who">吴邻居' in shown and "Minnan、Putonghua" in shown
    assert "The reporter" not in shown and "[&#x27;" not in shown
    assert shown.index("Draft the agreement") < shown.index("Send to an expert"), "what leads on comes first"


def test_a_judge_is_told_that_the_parties_are_known_to_others(at: At, quarrel: Quarrel) -> None:
    quarrel.until("confirm_accepted")
    shown = page(at, "judge", quarrel)
    assert "knows how to reach the parties" in shown and "Nobody left a name" not in shown
    assert "隔壁新砌的围墙" not in shown and '<p class="timeline-who">A party' in shown
