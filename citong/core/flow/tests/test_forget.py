"""When the purpose has passed words and persons go, and what was done can still be proved."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.flow.forget import forget_due
from citong.core.ledger.read import faults, history
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.core.search.index import found

Report = Callable[..., Any]


def keep(days: int, town: City) -> None:
    town.parameters["keep_words_days"] = days
    town.save()
    forget_city()


def test_a_case_long_closed_loses_words_and_persons_and_keeps_its_proof(town: City, report: Report, walk: Any) -> None:
    long_ago = timezone.now() - timedelta(days=400)
    old = report(at=long_ago, name="林居民", named="某某").case
    walk(old, "accept", "dispatch", "feed_back", "close", at=long_ago)
    fresh = walk(report(text="路灯不亮").case, "accept", "dispatch", "feed_back", "close")
    keep(365, town)
    assert forget_due(at=timezone.now()) == 1
    assert forget_due(at=timezone.now()) == 0
    old.refresh_from_db()
    assert "井盖" not in old.title + old.text
    assert not Party.objects.filter(case=old).exists()
    assert [row.words for row in history(old.id)] == [None] * 6
    assert list(faults([row.entry for row in history(old.id)])) == []
    assert not list(found("井盖", "case").filter(subject=old.id))
    assert Case.objects.get(pk=fresh.pk).text == "路灯不亮"


def test_nothing_is_forgotten_where_the_city_has_set_no_time(report: Report, walk: Any) -> None:
    long_ago = timezone.now() - timedelta(days=4000)
    walk(report(at=long_ago).case, "accept", "dispatch", "feed_back", "close", at=long_ago)
    assert forget_due(at=timezone.now()) == 0
