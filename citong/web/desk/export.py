"""The current list as an Excel file, without any person in it."""

import io
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from citong.core.ledger.write import Signature, append, head_of
from citong.core.people.access import Actor
from citong.core.people.models import Account
from citong.core.places.current import zone
from citong.web.asking import actor_of_request
from citong.web.desk.door import staff
from citong.web.desk.inbox import cases_wanted
from citong.web.desk.rows import loaded, place_of, state_of
from citong.web.desk.tabs import Tabs
from citong.web.desk.wanted import CHANNELS, LEVELS, Wanted
from citong.web.public.names import kind_name

MOST_ROWS = 10_000
WIDTHS = (14, 44, 22, 40, 14, 26, 12, 17, 17, 8, 8, 10)
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
@staff("inbox")
def export(request: HttpRequest) -> HttpResponseBase:
    """Up to ten thousand cases of the filter, in its order; the ledger keeps who took them and how many."""
    actor, now = actor_of_request(request), timezone.now()
    wanted = Wanted.read(request.GET)
    content = io.BytesIO()
    rows = _write(content, wanted, actor, now)
    _record(actor, wanted, rows, now)
    name = f"citong-{now.astimezone(zone()):%Y%m%d-%H%M}.xlsx"
    content.seek(0)
    return FileResponse(content, as_attachment=True, filename=name, content_type=MEDIA_TYPE)


def _write(to: io.BytesIO, wanted: Wanted, actor: Actor, now: datetime) -> int:
    book = Workbook(write_only=True)
    sheet: WriteOnlyWorksheet = book.create_sheet(_("Cases"))
    for column, width in zip("ABCDEFGHIJKL", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    sheet.append([_cell(sheet, title, bold=True) for title in _titles()])
    written = 0
    for row in _rows(wanted, actor, now):
        sheet.append([_cell(sheet, value) for value in row])
        written += 1
    book.save(to)
    return written


def _titles() -> list[str]:
    return [
        _("Number"), _("Title"), _("Kind"), _("Place"), _("State"), _("Unit"), _("Channel"), _("Received"), _("Due"),
        _("Urgent"), _("Late"), _("Level"),
    ]  # fmt: skip


def _rows(wanted: Wanted, actor: Actor, now: datetime) -> Iterator[list[object]]:
    """Yield the lines; moments in the city's time."""
    cases = loaded(cases_wanted(wanted, Tabs.of(actor, at=now)))
    ordered = cases.order_by("-id") if wanted.newest_first else cases.order_by("due_at", "id")
    here, yes = zone(), _("Yes")
    for case in ordered[:MOST_ROWS].iterator(chunk_size=1_000):
        late = case.late or bool(case.open and case.due_at and case.due_at <= now)
        yield [
            case.number, case.title, kind_name(case.category), place_of(case), str(state_of(case).label),
            case.unit.name, str(CHANNELS.get(case.channel, case.channel)),
            case.opened_at.astimezone(here).replace(tzinfo=None),
            case.due_at.astimezone(here).replace(tzinfo=None) if case.due_at else None,
            yes if case.urgent else "", yes if late else "", str(LEVELS.get(case.level, case.level)),
        ]  # fmt: skip


def _cell(sheet: WriteOnlyWorksheet, value: object, *, bold: bool = False) -> WriteOnlyCell:
    """A cell that holds the value itself: a title that begins with “=” is text and never a formula."""
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _record(actor: Actor, wanted: Wanted, rows: int, at: datetime) -> None:
    """What was searched for may name a person: it is kept with the erasable words."""
    assert actor.account is not None
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=actor.account)
        seat = actor.seats[0]
        append(
            actor.account, "export", kind="account", by=Signature(actor.account, seat.post, seat.unit_code), at=at,
            head=head_of(actor.account), facts={"rows": rows}, content={"filter": wanted.query()},
        )  # fmt: skip
