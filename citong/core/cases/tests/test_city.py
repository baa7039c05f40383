from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest
import shapely

from citong.core.cases.city import CategoryRow, CityFolder, ExampleRow, check, errors, ledger_subject, load
from citong.core.cases.models import Category
from citong.core.clocks.city import DayRow
from citong.core.clocks.models import CalendarDay
from citong.core.ledger.read import history
from citong.core.people.city import UnitRow
from citong.core.people.duties import DutyRow
from citong.core.people.models import Duty, Unit
from citong.core.places.city import LEVELS, DivisionRow, LayerRow, UnionRow
from citong.core.places.folder import Settings
from citong.core.places.load import CannotLoad
from citong.core.places.locate import locator
from citong.core.places.models import City, Division, Grid
from citong.core.places.tests.small_city import GRIDS, change, strip, write_features, write_small_city

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
CITIES = Path(__file__).parents[4] / "cities"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_small_city(tmp_path / "small")


def said(folder: Path) -> str:
    return "\n".join(f"{one.severity} {one.where} {one.what}" for one in check(folder))


def test_a_sound_folder_has_no_errors_and_notes_what_idles(folder: Path) -> None:
    assert errors(check(folder)) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("units.csv", "901-urban,东区城管局,district", "901-urban,东区城管局,street", "is of level street, but 901"),
        ("units.csv", "9-centre,指挥中心,city,centre", "9-centre,指挥中心,city,desk", "no command centre"),
        ("units.csv", "902-urban,", "901-urban,", "901-urban appears more than once"),
        ("duties.csv", "urban@district", "roads@district", "There is no unit roads@district"),
        ("duties.csv", "9-centre,handler", "8-centre,handler", "There is no unit 8-centre"),
        ("duties.csv", "grid_worker", "walker", "There is no post walker"),
        ("duties.csv", "9/902/", "9/903/", "There is no area 9/903/"),
        ("duties.csv", "fire,F2", "fire,F3", "There is no area F3"),
        ("duties.csv", "Order 3", "", "no reason or no source"),
        ("duties.csv", "50,safety", "60,strange", "Nobody answers for 消防 (safety)"),
        ("categories.csv", "urban.hole,urban", "urban.hole,safety", "does not lie under its parent"),
        ("calendar.csv", "Order 9", "", "calendar.csv:2 The day has no source"),
        ("calendar.csv", "2026-03-03", "3 March", "does not fit column date"),
        ("routing_examples.csv", "902-urban", "901-urban", "routing_examples.csv:3 The example goes to 902-urban"),
        ("routing_examples.csv", "safety", "hunger", "There is no category hunger"),
    ],
)
def test_a_fault_in_any_part_names_its_file_and_line(folder: Path, name: str, old: str, new: str, told: str) -> None:
    change(folder, name, old, new)
    assert told in said(folder)


@pytest.mark.django_db
def test_a_load_fills_every_table_and_stands_in_the_ledger(folder: Path) -> None:
    report = load(folder, now=MONDAY)
    assert (report.version, report.tables["grid"]["added"], Grid.objects.count()) == (1, 8, 10)
    assert Division.objects.get(code="9010102").path == "9/901/90101/9010102/"
    assert Unit.objects.get(code="901-urban").parent == Unit.objects.get(code="901-centre")
    assert (Duty.objects.count(), Category.objects.count(), CalendarDay.objects.count()) == (5, 4, 1)
    city = City.objects.get()
    assert city.parameters["limits"] == {"accept": "4 working hours"}
    assert shapely.from_wkb(bytes(city.outline)).area == pytest.approx(6e-4)
    assert [one.entry.act for one in history(ledger_subject("9"))] == ["load"]


@pytest.mark.django_db
def test_the_same_folder_again_changes_nothing(folder: Path) -> None:
    load(folder, now=MONDAY)
    report = load(folder, now=TUESDAY)
    assert (report.tables, report.version, City.objects.get().version) == ({}, 1, 1)


@pytest.mark.django_db
def test_a_redrawn_grid_begins_anew_and_the_old_one_is_kept(folder: Path) -> None:
    load(folder, now=MONDAY)
    old = Grid.objects.get(code="9010101001")
    drawn = [(code, division, strip(at, at + 1)) for code, division, at in GRIDS]
    drawn[:2] = [("9010101001", "9010101", strip(0, 0.5)), ("9010101002", "9010101", strip(0.5, 2))]
    write_features(folder / "grids/base.geojson", drawn)
    report = load(folder, now=TUESDAY)
    assert report.tables["grid"] == {"added": 0, "changed": 2, "ended": 0, "unchanged": 6}
    assert report.version == 2
    old.refresh_from_db()
    new = Grid.objects.get(code="9010101001", ends_at=None)
    assert (old.ends_at, new.begins_at, new.pk != old.pk) == (TUESDAY, TUESDAY, True)
    found = locator().find(118.607, 24.905)
    assert found.base is not None and found.base.code == "9010101002"


@pytest.mark.django_db
def test_what_is_removed_ends_and_what_returns_is_taken_up(folder: Path) -> None:
    load(folder, now=MONDAY)
    change(folder, "units.csv", "9-fire,消防支队,city,fire,9,9-centre\n", "")
    change(folder, "duties.csv", "fire@district", "9-centre")
    change(folder, "categories.csv", "urban.hole,urban,井盖,Covers,component,,,urban,yes,no\n", "")
    report = load(folder, now=TUESDAY)
    assert (report.tables["unit"]["ended"], report.tables["category"]["ended"]) == (1, 1)
    assert Unit.objects.get(code="9-fire").ends_on == TUESDAY.date()
    load(write_small_city(folder), now=TUESDAY)
    assert Unit.objects.get(code="9-fire").ends_on is None


@pytest.mark.django_db
def test_a_unit_whose_register_is_kept_on_the_platform_is_none_of_the_folders_business(folder: Path) -> None:
    load(folder, now=MONDAY)
    place = Division.objects.get(code="901")
    Unit.objects.create(code="901-mediation-1", name="调委会", level=place.level, function="mediation", division=place)
    load(folder, now=TUESDAY)
    assert Unit.objects.get(code="901-mediation-1").ends_on is None


@pytest.mark.django_db
def test_a_renamed_division_keeps_its_row(folder: Path) -> None:
    load(folder, now=MONDAY)
    before = Division.objects.get(code="9020102")
    change(folder, "divisions.csv", "后村", "前村")
    report = load(folder, now=TUESDAY)
    assert report.tables["division"] == {"added": 0, "changed": 1, "ended": 0, "unchanged": 8}
    assert Division.objects.get(name="前村").pk == before.pk


@pytest.mark.django_db
def test_a_folder_with_errors_is_refused_whole(folder: Path) -> None:
    change(folder, "duties.csv", "urban@district", "roads@district")
    with pytest.raises(CannotLoad, match="1 errors"):
        load(folder)
    assert not City.objects.exists() and not Division.objects.exists()


@pytest.mark.django_db
def test_another_city_is_refused_with_a_sentence(folder: Path) -> None:
    load(folder)
    change(folder, "city.toml", 'code = "9"', 'code = "8"')
    with pytest.raises(CannotLoad, match="a database of its own"):
        load(folder)


def test_every_key_and_column_is_documented() -> None:
    text = (CITIES.parent / "docs/city-format.md").read_text("utf-8")
    kinds = (Settings, DivisionRow, LayerRow, UnionRow, UnitRow, DutyRow, DayRow, CategoryRow, ExampleRow)
    names = {field.name for kind in kinds for field in fields(kind)} - {"where", "other_codes"}
    assert [name for name in sorted(names) if f"`{name}`" not in text and f"`[{name}]`" not in text] == []


def test_quanzhou_has_12876_base_grids_in_real_communities_and_no_findings_that_matter() -> None:
    city = CityFolder(CITIES / "quanzhou")
    assert errors(city.findings()) == []
    divisions = city.places.divisions.values()
    assert [sum(row.level == level for row in divisions) for level in LEVELS] == [1, 12, 174, 2572]
    assert len(city.places.base) == 12_876 and len(city.places.communities) == 2_572
    assert len(city.places.layers) == 6 and all(layer.generated for layer in city.places.layers)
    assert len(city.examples) >= 25 and "350527" in (city.places.settings.uncovered or {})
