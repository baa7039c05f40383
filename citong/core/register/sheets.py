"""A table on its way in, into the register or to a service: taken, mapped, looked at, brought in part by part.

What was settled is never done twice: ids of new records follow from table and row, and what stands already changes
nothing. So an import can be stopped, killed and begun anew at any moment.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from citong.core.cases.declare import Words
from citong.core.people.access import Actor, actor_of
from citong.core.register import sheet_records  # noqa: F401 (the register declares its tables)
from citong.core.register import sheet_store as store
from citong.core.register.models import RefusedRows, TableImport, TableMapping
from citong.core.register.sheet_columns import Unfit, guessed, said
from citong.core.register.sheet_kinds import Coming, Draft, table_kind
from citong.core.register.sheet_rows import Reader
from citong.kit.tables import Row, Table, Unreadable, table_of

State = TableImport.State
LARGEST = 60_000_000  # bytes
MOST_ROWS = 1_000_000
SAMPLE = 30
KEPT = timedelta(days=7)
SLICE_SECONDS = 45  # then other jobs have their turn
LOCK = 592_041_800  # any number that nobody else locks
FAULTS: Mapping[str, Words] = {
    "locked": gettext_lazy("The file is locked with a password: save it without one."),
    "broken": gettext_lazy("The file can not be read: save it anew as Excel or CSV."),
    "large": gettext_lazy("The file is too large: cut it into parts."),
    "letters": gettext_lazy("The file is neither UTF-8 nor GB 18030: save it as CSV in UTF-8, or as Excel."),
    "header": gettext_lazy("The table has no header line: give each column a name in the first row."),
    "sheet": gettext_lazy("There is no such sheet in the file."),
}


def take(content: bytes, *, kind: str, name: str, actor: Actor, on: date, at: datetime, sheet: str = "") -> TableImport:
    """The table lies sealed in the home, its columns mapped as their names suggest; nothing is recorded yet.

    Raises Unfit with a sentence for a file that is no table.
    """
    assert actor.account is not None
    table, rows, first = _looked_through(content, sheet)
    made = TableImport(
        account_id=actor.account, kind=kind, name=name[:200], sheet=sheet, on=on, header=table.header, rows=rows,
        mapping=guessed(kind, table.header), made_at=at,
    )  # fmt: skip
    made.sample = store.sealed_rows([(number, cells, "") for number, cells in first], about=f"sample {made.id}")
    store.keep(made.id, content)
    made.save(force_insert=True)
    return made


def tables_of(actor: Actor) -> list[TableImport]:
    """The actor's own imports, newest first."""
    return list(TableImport.objects.filter(account=actor.account).order_by("-id")[:50])


def table_for(table: UUID, *, actor: Actor) -> TableImport | None:
    """The actor's own import of this id, or None."""
    return TableImport.objects.filter(pk=table, account=actor.account).first()


def mappings_for(actor: Actor, kind: str) -> list[TableMapping]:
    """The mappings the actor has kept for this kind."""
    return list(TableMapping.objects.filter(account=actor.account, kind=kind).order_by("name"))


def map_columns(table: TableImport, columns: Mapping[str, str], *, keep_as: str = "") -> TableImport:
    """The columns mean this; kept under a name where one is given. Raises Unfit for what does not fit together."""
    mapping = said(table.kind, table.header, columns)
    table.mapping = mapping
    table.save(update_fields=["mapping"])
    if keep_as:
        TableMapping.objects.update_or_create(
            account_id=table.account_id, kind=table.kind, name=keep_as[:60], defaults={"columns": mapping}
        )
    return table


def preview(table: TableImport, *, actor: Actor) -> Coming:
    """What would become of the first rows; nothing is written."""
    sample = store.opened_rows(bytes(table.sample), about=f"sample {table.id}")
    kind = table_kind(table.kind)
    reader = Reader(kind, table.header, table.mapping)
    return kind.settle([reader.draft(number, cells) for number, cells, _why in sample], table, actor=actor)


def begin(table: TableImport) -> None:
    """The import waits for its turn, from the beginning or where it was stopped. Raises Unfit."""
    said(table.kind, table.header, table.mapping)
    allowed = (State.DRAFT, State.STOPPED, State.FAILED)
    changed = TableImport.objects.filter(pk=table.id, state__in=allowed).update(
        state=State.WAITING, stop=False, fault="", ended_at=None
    )
    if not changed:
        raise Unfit(_("This import runs or has ended already."))


def ask_to_stop(table: TableImport) -> None:
    """The import stops after the rows it has in hand."""
    TableImport.objects.filter(pk=table.id, state=State.WAITING).update(state=State.STOPPED)
    TableImport.objects.filter(pk=table.id, state=State.RUNNING).update(stop=True)


def forget(table: TableImport) -> None:
    """File, sample and refused rows are gone; what came in stays. A running import is left alone."""
    if table.state in (State.WAITING, State.RUNNING):
        return
    store.forget(table.id)
    table.refusals.all().delete()
    TableImport.objects.filter(pk=table.id).update(sample=b"")


def carry(
    table: UUID, *, seconds: float = SLICE_SECONDS, told: Callable[[TableImport], None] = lambda table: None
) -> bool:  # fmt: skip
    """The import goes on for so long; whether there is more to do. Beside another process that carries it: no.

    `told` hears after each part how far it is.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK, str(table)])
        if cursor.fetchone() != (True,):
            return False
        try:
            return _carry(table, seconds, told)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK, str(table)])


def waiting() -> list[UUID]:
    """Imports that wait or were under way when their process ended."""
    open_ = TableImport.objects.filter(state__in=(State.WAITING, State.RUNNING))
    return list(open_.order_by("id").values_list("id", flat=True))


def forget_old(*, at: datetime) -> int:
    """Imports that nobody has touched for a week have neither file nor rows any more. Returns how many."""
    old = TableImport.objects.filter(made_at__lt=at - KEPT).exclude(state__in=(State.WAITING, State.RUNNING))
    found = [one for one in old if bytes(one.sample) or one.refusals.exists()]
    for one in found:
        forget(one)
    return len(found)


def refused_rows(table: TableImport) -> Iterator[tuple[int, list[str], str]]:
    """Yield (row number, cells, reason) of every refused row, in the table's order."""
    for part in table.refusals.order_by("id").iterator(chunk_size=20):
        yield from store.opened_rows(bytes(part.sealed), about=f"refused {table.id}")


def read_table(content: bytes, sheet: str = "") -> Table:
    """The table of a file's bytes. Raises Unfit with a sentence for the person who sent it."""
    if len(content) > LARGEST:
        raise Unfit(str(FAULTS["large"]))
    try:
        return table_of(content, sheet=sheet)
    except Unreadable as fault:
        raise Unfit(str(FAULTS[str(fault)])) from fault


def _looked_through(content: bytes, sheet: str) -> tuple[Table, int, list[Row]]:
    table, first, rows = read_table(content, sheet), list[Row](), 0
    try:
        for row in table.rows():
            rows += 1
            if len(first) < SAMPLE:
                first.append(row)
    except Unreadable as fault:
        raise Unfit(str(FAULTS[str(fault)])) from fault
    if not rows:
        raise Unfit(_("There is no row below the header."))
    if rows > MOST_ROWS:
        raise Unfit(str(FAULTS["large"]))
    return table, rows, first


def _carry(id: UUID, seconds: float, told: Callable[[TableImport], None]) -> bool:
    table = TableImport.objects.select_related("account").get(pk=id)
    if table.state not in (State.WAITING, State.RUNNING):
        return False
    TableImport.objects.filter(pk=id).update(state=State.RUNNING)
    try:
        with translation.override(table.account.language):
            return _go_on(table, actor_of(table.account), seconds, told)
    except (store.Gone, Unfit) as fault:
        _end(table, State.FAILED, str(fault))
    except Exception:
        _end(table, State.FAILED, _("A fault of the platform: what came in stays; begin anew to go on."))
        raise
    return False


def _go_on(
    table: TableImport, actor: Actor, seconds: float, told: Callable[[TableImport], None]
) -> bool:  # fmt: skip
    """Whether there is more to do after so long."""
    until = time.monotonic() + seconds
    kind = table_kind(table.kind)
    reader = Reader(kind, table.header, table.mapping)
    rows = read_table(store.kept(table.id), table.sheet).rows(after=table.last_row)
    while part := list(islice(rows, kind.at_once)):
        began = time.monotonic()
        drafts = [reader.draft(number, cells) for number, cells in part]
        _bring(table, drafts, actor, began)
        told(table)
        if _asked_to_stop(table):
            _end(table, State.STOPPED)
            return False
        if time.monotonic() > until:
            return True
    _end(table, State.DONE)
    return False


def _bring(table: TableImport, drafts: list[Draft], actor: Actor, began: float) -> None:
    """The rows are in, and the import says so."""
    settled = table_kind(table.kind).settle(drafts, table, actor=actor)
    settled.load(actor=actor, at=timezone.now())
    with transaction.atomic():
        settled.change(actor=actor, at=timezone.now())
        refused = [(one.number, one.cells, " ".join(one.faults)) for one in drafts if one.faults]
        if refused:
            RefusedRows.objects.create(table=table, sealed=store.sealed_rows(refused, about=f"refused {table.id}"))
        _count(table, settled, len(drafts), len(refused), drafts[-1].number)
        table.seconds += time.monotonic() - began
        table.save(update_fields=["read", "last_row", "fresh", "changed", "same", "twins", "refused", "seconds"])


def _count(table: TableImport, settled: Coming, rows: int, refused: int, last: int) -> None:
    table.read, table.last_row = table.read + rows, last
    table.fresh += settled.count("fresh")
    table.changed += settled.count("changed")
    table.same += settled.count("same")
    table.twins += settled.count("twins")
    table.refused += refused


def _asked_to_stop(table: TableImport) -> bool:
    return TableImport.objects.filter(pk=table.id, stop=True).exists()


def _end(table: TableImport, state: str, fault: str = "") -> None:
    """The import has this state; when it is done its file is gone, and the first rows with it."""
    TableImport.objects.filter(pk=table.id).update(
        state=state, fault=fault[:300], ended_at=timezone.now(), **({"sample": b""} if state == State.DONE else {})
    )
    if state == State.DONE:
        store.forget(table.id)
