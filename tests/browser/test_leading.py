"""Those who lead: from each number to its cases, to Excel, and the city's own settings."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from citong.core.places.current import forget_city, parameter
from tests.browser.conftest import Report, Someone, Walk
from tests.browser.person import answer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_number_leads_to_its_cases_in_one_click_and_all_of_them_to_excel(
    someone: Someone, report: Report, walk: Walk, tmp_path: Path
) -> None:
    closed = walk(report().case, "accept", "dispatch", "feed_back", "close", "rate")
    waiting = report(text="还在等的井盖").case
    supervisor = someone("supervisor").go("/desk/supervision/")
    figure = supervisor.page.locator(".office-figures a").first
    expect(figure).to_have_text("2")
    figure.click()
    supervisor.reads(closed.number, waiting.number)
    supervisor.page.go_back()
    with supervisor.page.expect_download() as download:
        supervisor.press("Excel")
    path = tmp_path / "supervision.xlsx"
    download.value.save_as(path)
    cells = [str(cell) for sheet in load_workbook(path) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert any("东区" in cell for cell in cells)


def test_the_inbox_goes_to_excel_as_it_is_filtered(someone: Someone, report: Report, tmp_path: Path) -> None:
    report(text="井盖松动"), report(text="路灯不亮", category="urban.light")
    clerk = someone("clerk").go("/desk/?tab=all&kind=urban.light")
    with clerk.page.expect_download() as download:
        clerk.page.locator(".tabs-export").click()
    download.value.save_as(tmp_path / "inbox.xlsx")
    rows = list(load_workbook(tmp_path / "inbox.xlsx").active.iter_rows(values_only=True))
    assert [row[1] for row in rows[1:]] == ["路灯不亮"]


def test_an_administrator_changes_a_threshold_only_within_their_hour(someone: Someone) -> None:
    admin = someone("administrator").foresees(403).go("/desk/admin/thresholds/nearby_metres/")
    form = admin.page.locator("form.office-form")
    answer(form, value="300", source="市政府会议纪要2026年第3号")
    admin.press("Save")
    expect(form.locator("[role=alert]")).to_be_visible()
    expect(form.locator("[name=value]")).to_have_value("300")

    admin.press("Take rights")
    answer(admin.page.locator("form.office-form"), reason="调整附近范围")
    admin.press("Take rights for an hour")
    expect(admin.page.locator(".staff-elevated")).to_be_visible()
    admin.go("/desk/admin/thresholds/nearby_metres/")
    answer(form, value="300", source="市政府会议纪要2026年第3号")
    admin.press("Save")
    admin.sees("Changed, and recorded in the ledger.")
    forget_city()
    assert parameter("nearby_metres", 0) == 300


def test_a_dry_run_says_where_a_matter_would_go_and_why(someone: Someone) -> None:
    admin = someone("administrator").go("/desk/admin/routing")
    answer(admin.page.locator("form.office-form"), category="urban.manhole", lon="118.605", lat="24.905")
    admin.press("Try")
    expect(admin.page.locator("#answer")).to_contain_text("东区城管局")
    expect(admin.page.locator(".office-tried-fits")).to_contain_text("Streets belong to urban management")
