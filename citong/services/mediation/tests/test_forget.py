"""When its time has passed, a dispute keeps what was done and loses who they were."""

from datetime import timedelta

import pytest
from django.utils import timezone

from citong.core.cases.models import Party
from citong.core.files.store import path_of
from citong.core.flow.forget import forget_due
from citong.core.ledger.read import faults, history
from citong.core.papers.models import Paper
from citong.core.places.current import forget_city
from citong.core.places.models import City
from citong.services.mediation.models import Consent, PartyDetails
from tests.disputes import Quarrel

pytestmark = pytest.mark.django_db(transaction=False)


def test_words_names_and_papers_go_and_the_history_still_holds(
    quarrel: Quarrel, town: City, django_capture_on_commit_callbacks: object
) -> None:
    quarrel.until("performed")
    papers = [path_of(sha256) for sha256 in Paper.objects.values_list("file_id", flat=True)]
    assert papers and all(path.exists() for path in papers)
    town.parameters |= {"keep_words_days": 3, "keep_words_days_mediation": 365}
    town.save()
    forget_city()
    assert forget_due(at=timezone.now() + timedelta(days=300)) == 0
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert forget_due(at=timezone.now() + timedelta(days=366)) == 1
    assert set(Party.objects.filter(case=quarrel.id).values_list("name", "phone")) == {("", "")}
    assert not PartyDetails.objects.exclude(identity="", address="", keys=[]).exists()
    assert not any(path.exists() for path in papers)
    recorded = history(quarrel.id)
    assert not any(one.words for one in recorded)
    assert list(faults([one.entry for one in recorded])) == []
    assert Consent.objects.filter(case=quarrel.id).exists()
