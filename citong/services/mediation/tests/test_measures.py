"""Figures of mediation are what a person would count by hand, and none of them flatters."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from citong.core.cases.models import Case
from citong.core.flow import measures as supervision
from citong.core.flow.measures import Period
from citong.core.ledger.models import Entry
from citong.services.mediation import measures
from citong.services.mediation.measures import Asked
from citong.services.mediation.models import Batch, Dispute, PartyDetails
from tests.cast import Cast
from tests.disputes import Quarrel
from tests.mediators import Mediators

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # nine in the morning in the city
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PERIOD = Period(MONDAY - DAY, MONDAY + 30 * DAY, MONDAY + 8 * DAY)
Quarrels = Callable[..., Quarrel]
pytestmark = pytest.mark.django_db


@pytest.fixture
def counted_by_hand(quarrels: Quarrels) -> dict[str, Quarrel]:
    """Six disputes of March, all taken up but the last: one kept, one agreed, one failed and on its way to court, one
    under way, one found on a visit and broken, one fresh."""
    numbers = iter(range(100))

    def opens(**said: Any) -> Quarrel:
        number = next(numbers)
        people = {"name": f"甲{number}", "other_name": f"乙{number}"}
        phones = {"phone": f"1390000{number:04}", "other_phone": f"1380000{number:04}"}
        return quarrels(at=MONDAY, **{"by": "clerk", "origin": "call"} | people | phones | said)

    soon = MONDAY + 2 * HOUR
    return {
        "kept": opens().until("performed", at=soon),
        "agreed": opens().until("effective", at=soon),
        "failed": opens().until("filing", at=soon),
        "under_way": opens().until("mediating", at=soon),
        "broken": opens(by="grid_worker", origin="visit").until("suing", at=soon),
        "fresh": opens(kind="family"),
    }


def figures(actor: Any = None, **asked: Any) -> dict[str, Any]:
    disputes = measures.reach(actor, Asked(PERIOD, **asked)) if actor else Dispute.objects.all()
    return {code: (one.count, one.of) for code, one in measures.total(disputes, PERIOD).items()}


def test_each_figure_equals_what_a_person_counts(counted_by_hand: dict[str, Quarrel]) -> None:
    assert figures() == {
        "opened": (6, None), "found": (1, 6), "taken_up": (5, None), "agreed": (3, 5), "performed": (1, 5),
        "simple": (3, 4), "confirmed": (0, 5), "forced": (1, 3), "to_court": (1, 5), "open": (4, None),
        "late": (2, 4), "to_mediator": (5, None), "to_mediator_90": (5, None), "answered": (5, 5),
    }  # fmt: skip
    waited = measures.total(Dispute.objects.all(), PERIOD)
    assert waited["to_mediator"].seconds == waited["to_mediator_90"].seconds == 7_200


def test_the_rate_that_can_not_flatter_is_never_above_the_usual_one(counted_by_hand: dict[str, Quarrel]) -> None:
    numbers = measures.total(Dispute.objects.all(), PERIOD)
    performed, simple = numbers["performed"].share, numbers["simple"].share
    assert performed is not None and simple is not None and (performed, simple) == (0.2, 0.75)
    for line in measures.lines(Dispute.objects.all(), PERIOD, key=measures.KEYS["kind"]):
        assert (line.numbers["performed"].share or 0) <= (line.numbers["simple"].share or 0)


def test_a_mediator_who_gave_it_up_does_not_take_it_out_of_the_rate(counted_by_hand: dict[str, Quarrel]) -> None:
    under_way = counted_by_hand["under_way"]
    under_way.do("replace", by="applicant", at=MONDAY + 3 * HOUR)
    assert under_way.dispute.accepted_at is None
    assert figures()["taken_up"] == (5, None) and figures()["agreed"] == (3, 5)


def test_who_mediates_what_they_found_is_counted_from_the_ledger_alone(
    counted_by_hand: dict[str, Quarrel], cast: Cast
) -> None:
    disputes = Dispute.objects.all()
    assert measures.violations(disputes, PERIOD) == 0
    broken = counted_by_hand["broken"].case
    with connection.cursor() as cursor:  # past every rule: whoever found it appears as its mediator
        cursor.execute(
            "INSERT INTO ledger_entry (id, subject, kind, position, act, at, district, actor, post, unit, facts, "
            "content_hash, previous, hash) SELECT uuidv7(), subject, kind, position + 1000, 'hold_session', at, "
            "district, %s, 'mediator', unit, '{}', ''::bytea, hash, 'planted'::bytea FROM ledger_entry "
            "WHERE subject = %s AND act = 'open'", [cast.grid_worker.pk, broken.pk],
        )  # fmt: skip
    assert Entry.objects.filter(subject=broken.pk, act="hold_session").exists()
    assert measures.violations(disputes, PERIOD) == 1
    assert measures.violations(disputes.exclude(pk=broken.pk), PERIOD) == 0


def test_repeat_parties_are_counted_by_sure_keys_and_no_bank_or_namesake_is_one(quarrels: Quarrels, cast: Cast) -> None:
    def opens(**said: str) -> None:
        quarrels(at=MONDAY, name="甲", other_name="乙", **said)

    opens(by="clerk", origin="call", phone="13900000001", other_phone="13800000001")
    opens(by="clerk", origin="call", phone="13900000002", other_phone="13800000002")
    assert measures.repeated(Dispute.objects.all(), PERIOD) == 0  # the same names, other people
    opens(by="clerk", origin="call", phone="13900000003", other_phone="13800000001")
    assert measures.repeated(Dispute.objects.all(), PERIOD) == 2
    known = PartyDetails.objects.exclude(keys=[]).values_list("keys", flat=True)
    everybody = sorted({key for keys in known for key in keys})
    told = {"name": "银行", "address": "东一社区", "kind": "loan", "about": "欠款", "made_at": MONDAY}
    Batch.objects.create(**told, keys=everybody, made_by=cast.clerk)
    assert measures.repeated(Dispute.objects.all(), PERIOD) == 0


def test_supervisors_see_their_area_and_heads_their_own_body(
    counted_by_hand: dict[str, Quarrel], cast: Cast, mediators: Mediators
) -> None:
    assert figures(cast.actor("supervisor"))["opened"] == (6, None)
    assert figures(mediators.actor("head"))["opened"] == (5, None)
    assert figures(mediators.actor("medical_head"))["opened"] == (0, None)
    assert figures(cast.actor("supervisor"), kind="family")["opened"] == (1, None)
    assert figures(cast.actor("supervisor"), district="w")["opened"] == (0, None)
    assert figures(cast.actor("supervisor"), body="village")["taken_up"] == (5, None)


def test_the_page_names_mediators_to_their_head_alone_and_in_no_order_of_worth(
    counted_by_hand: dict[str, Quarrel], at: Callable[[str], Client], mediators: Mediators
) -> None:
    since = {"period": "custom", "since": "2026-03-01", "until": "2026-03-31"}
    page = at("head").get(reverse("mediation_measures"), since | {"by": "mediator"}).content.decode()
    assert "许调解" in page and "2 of 5" not in page.split("One by one")[0].split("office-figures")[0]
    led = at("supervisor").get(reverse("mediation_measures"), since | {"by": "mediator"}).content.decode()
    assert "许调解" not in led and "Village" not in led.split("One by one")[1].split("</table>")[0]
    assert "counted from the ledger" in led
    assert (
        at("supervisor").get(reverse("mediation_measures_repeat"), since).content.decode().strip().startswith("0.0 %")
    )
    for nobody in ("clerk", "committee", "grid_worker", "judge"):
        assert at(nobody).get(reverse("mediation_measures")).status_code == 404


def test_the_export_says_the_same_with_the_counts_behind_each_share(
    counted_by_hand: dict[str, Quarrel], at: Callable[[str], Client]
) -> None:
    since = {"period": "custom", "since": "2026-03-01", "until": "2026-03-31"}
    body = at("supervisor").get(reverse("mediation_measures_export"), since).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(body)))
    whole = {row[2]: row[3:] for row in rows if row[0] == "In all"}
    assert whole["Agreed and kept"][:2] == ["1", "5"] and whole["Agreed, of those over"][:2] == ["3", "4"]
    assert whole["Finder mediated"][0] == "0"
    assert whole["Until a mediator took it up, median"][2] == "2.0"


def test_an_empty_period_says_so(mediators: Mediators, at: Callable[[str], Client]) -> None:
    page = at("supervisor").get(reverse("mediation_measures"))
    assert page.status_code == 200 and "No dispute came in this period." in page.content.decode()


def test_the_page_asks_the_database_as_often_for_many_disputes_as_for_few(
    quarrels: Quarrels, at: Callable[[str], Client]
) -> None:
    client = at("supervisor")
    quarrels()
    address = reverse("mediation_measures")
    client.get(address)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    few = queries()
    for kind in ("family", "labour", "loan", "other"):
        quarrels(kind=kind)
    assert queries() == few
    assert Batch.objects.count() == 0


def test_the_pages_of_supervision_time_a_dispute_by_its_own_clocks(counted_by_hand: dict[str, Quarrel]) -> None:
    """There, to accept is to register; that a mediator accepts is part of the way to whoever handles it."""
    found = supervision.total(Case.objects.filter(service="mediation"), PERIOD).figures
    assert (found["to_accept"].count, found["to_accept"].value) == (5, 7_200)
    assert (found["to_dispatch"].count, found["to_handle"].count, found["closed"].count) == (5, 2, 2)
