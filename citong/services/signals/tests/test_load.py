"""A network comes into the register: with its place, whatever its datum, and again without harm."""

from datetime import UTC, datetime

import pytest

from citong.core.signals.listed import Listed, ListedNetwork, Loop
from citong.core.signals.model import Junction as Built
from citong.core.signals.tests.crossroads import CROSSING, FOOTWAY
from citong.kit.geometry import Datum, from_wgs84
from citong.services.signals.load import load
from citong.services.signals.models import Arterial, Junction, Network
from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def network(*built: Built, degrees: tuple[float, float] | None = None) -> ListedNetwork:
    junctions = {
        one.name: Listed(one, (200.0 * place, 0.0), degrees, ("刺桐路", "东街"), (Loop(f"d{place}", "lane0", 30.0),))
        for place, one in enumerate(built)
    }
    return ListedNetwork("town", "/scenarios/town", junctions, {"from0": 13.9}, {}, {})


def test_a_network_on_the_earth_is_placed_in_the_citys_datum_or_the_one_that_is_named(cast: Cast) -> None:
    lon, lat = (float(one) for one in from_wgs84(118.605, 24.905, Datum.GCJ02))
    done = load(network(CROSSING, FOOTWAY, degrees=(lon, lat)), code="town", at=NOW, datum=Datum.GCJ02)
    assert (done.new, done.known, done.gone, done.unplaced) == (2, 0, 0, 0)
    row = Junction.objects.get(code="crossing")
    assert row.lon == pytest.approx(118.605, abs=1e-5) and row.lat == pytest.approx(24.905, abs=1e-5)
    assert row.district == "e" and row.built == CROSSING and row.name == "刺桐路、东街"
    assert row.detectors.get().metres == 30 and row.plans.get().built.spans == CROSSING.plan.spans


def test_a_network_without_a_place_is_put_around_a_point_or_has_none(cast: Cast) -> None:
    assert load(network(CROSSING, FOOTWAY), code="town", at=NOW).unplaced == 2
    done = load(network(CROSSING, FOOTWAY), code="town", at=NOW, origin=(118.605, 24.905))
    west, east = (Junction.objects.get(code=code).lon for code in ("crossing", "footway"))
    assert (done.known, done.unplaced) == (2, 0) and west is not None and east is not None
    assert (west + east) / 2 == pytest.approx(118.605) and 0.0019 < east - west < 0.0021


def test_loaded_again_nothing_is_doubled_a_plan_in_force_stays_and_what_left_is_ended(cast: Cast) -> None:
    load(network(CROSSING, FOOTWAY), code="town", at=NOW)
    Junction.objects.get(code="crossing").plans.update(offset=17)
    done = load(network(CROSSING), code="town", at=NOW)
    assert (done.new, done.known, done.gone) == (0, 1, 1)
    assert Junction.objects.get(code="crossing").plans.get().offset == 17
    assert Junction.objects.get(code="footway").ended_at == NOW
    assert load(network(CROSSING, FOOTWAY), code="town", at=NOW).gone == 0
    assert Junction.objects.get(code="footway").ended_at is None
    assert Network.objects.get().folder == "/scenarios/town" and not Arterial.objects.exists()
