"""A bank brings its disputes at once: each row a case of its own, and one act for many of them."""

import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from citong.core.cases.models import Case, Party
from citong.core.flow.act import act
from citong.core.flow.reading import told
from citong.core.ledger.models import Entry
from citong.core.people.models import Look
from citong.core.people.refusal import Invalid, NotAllowed
from citong.core.register import sheets
from citong.core.register.models import TableImport
from citong.core.register.sheet_repair import repair_file
from citong.services.mediation import batch_acts, batches
from citong.services.mediation.models import Batch, BatchAct, Dispute, PartyDetails
from tests.cast import Cast
from tests.mediators import Mediators

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = ["客户姓名", "手机号", "身份证号", "合同编号", "欠款金额", "逾期日期"]
BANK: dict[str, Any] = {
    "name": "刺桐村镇银行", "credit_code": "", "phone": "0595-22110000", "address": "东区东街道东一社区东街9号",
    "kind": "loan", "line": "", "about": "信用贷款到期未还", "wish": "归还本金和利息",
}  # fmt: skip
Brought = Callable[..., tuple[Batch, TableImport]]


def row(number: int, **said: str) -> list[str]:
    cells = {
        "name": f"借款{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number}", "phone": f"1380000{number:04}", "identity": "",
        "contract": f"HT-2026-{number:04}", "amount": f"{1000 + number}.50", "due": "2026-03-01",
    }  # fmt: skip
    return list((cells | said).values())


def excel(rows: Sequence[Sequence[str]]) -> bytes:
    return "\n".join(",".join(cells) for cells in [HEADER, *rows]).encode()


@pytest.fixture
def brought(mediators: Mediators, cast: Cast, settings: Any, tmp_path: Any) -> Brought:
    """`brought(rows)` is a batch of the bank whose table was brought in by the clerk of the east."""
    settings.HOME = tmp_path

    def brings(rows: Sequence[Sequence[str]], *, run: bool = True) -> tuple[Batch, TableImport]:
        batch, table = batches.bring(
            excel(rows), BANK, name="名单.csv", actor=cast.actor("clerk"), on=date(2026, 6, 1), at=timezone.now()
        )
        return batch, carried(table) if run else table

    return brings


def carried(table: TableImport) -> TableImport:
    sheets.begin(table)
    while sheets.carry(table.id):
        pass
    table.refresh_from_db()
    return table


def done(one: BatchAct, actor: Any, **answers: Any) -> BatchAct:
    said = QueryDict(mutable=True)
    for name, value in answers.items():
        said.setlist(name, value if isinstance(value, list) else [value])
    batch_acts.begin(one, said, actor=actor)
    while batch_acts.carry(one.pk):
        pass
    one.refresh_from_db()
    return one


def test_forty_rows_are_forty_disputes_with_parties_of_their_own(brought: Brought) -> None:
    batch, table = brought([row(number) for number in range(40)])
    assert (table.fresh, table.refused, table.state) == (40, 0, "done")
    disputes = Dispute.objects.filter(batch=batch.pk)
    assert disputes.count() == 40
    assert set(disputes.values_list("kind", "origin", "finder")) == {("loan", "company", None)}
    assert disputes.order_by("amount").values_list("amount", flat=True)[0] == 100_050
    cases = Case.objects.filter(dispute__batch=batch.pk)
    assert {(case.state, case.district, case.text, case.reporter_id) for case in cases} == {("found", "e", "", None)}
    for side in ("applicant", "respondent"):
        assert Party.objects.filter(case__in=cases, side=side).count() == 40
    assert len({case.number for case in cases}) == 40


def test_what_a_row_says_stands_in_the_ledger_of_its_own_case_alone(brought: Brought, cast: Cast) -> None:
    batch, _table = brought([row(1, identity="11010519491231002X"), row(2)])
    first, second = Case.objects.filter(dispute__batch=batch.pk).order_by("number")
    text = str(told(first, cast.actor("clerk"))[0].words)
    assert "信用贷款到期未还" in text and "HT-2026-0001" in text and "2026-03-01" in text
    assert "HT-2026-0001" not in str(told(second, cast.actor("clerk"))[0].words)
    assert told(first, cast.actor("supervisor"))[0].veiled
    details = PartyDetails.objects.get(party__case=first, party__side="respondent")
    assert details.identity and "11010519491231002X" not in details.identity and len(details.keys) == 3
    assert not Entry.objects.filter(facts__icontains="11010519491231002X").exists()


def test_a_row_that_can_not_be_opened_comes_back_with_its_reason_and_joins_when_mended(
    brought: Brought, cast: Cast
) -> None:
    batch, table = brought([row(1), row(2, name=""), row(3, amount="许多"), row(4, contract="HT-2026-0001")])
    assert (table.fresh, table.refused) == (1, 3)
    lines = list(load_workbook(io.BytesIO(repair_file(table))).active.iter_rows(values_only=True))
    assert [line[0] for line in lines[1:]] == [None, row(3)[0], row(4)[0]]
    assert "第2行是同一合同" in str(lines[3][-1])
    mended = excel([row(1), row(2), row(3), row(4)])
    more = batches.add_table(
        batch, mended, name="改.csv", actor=cast.actor("clerk"), on=date(2026, 6, 2), at=timezone.now()
    )
    outlook = {one.draft.number: str(one.words) for one in sheets.preview(more, actor=cast.actor("clerk")).outlook()}
    assert outlook == {2: "stands already", 3: "a new dispute", 4: "a new dispute", 5: "a new dispute"}
    more = carried(more)
    assert (more.fresh, more.same, more.refused) == (3, 1, 0)
    assert Dispute.objects.filter(batch=batch.pk).count() == 4


def test_an_import_that_is_stopped_goes_on_and_opens_nothing_twice(
    brought: Brought, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, table = brought([row(number) for number in range(6)], run=False)
    monkeypatch.setattr(batches.DisputeTable, "at_once", 2)
    sheets.begin(table)
    sheets.carry(table.id, told=lambda now: sheets.ask_to_stop(now))
    table.refresh_from_db()
    assert (table.state, table.fresh) == ("stopped", 2)
    TableImport.objects.filter(pk=table.id).update(read=0, last_row=0, fresh=0)  # killed before it was written down
    table = carried(TableImport.objects.get(pk=table.id))
    assert (table.fresh, table.same) == (4, 2)
    assert Dispute.objects.filter(batch=batch.pk).count() == 6


def test_only_a_registrar_brings_a_batch_and_only_for_the_own_area(cast: Cast, mediators: Mediators) -> None:
    def brings(who: Any, **said: str) -> None:
        batches.bring(excel([row(1)]), BANK | said, name="a.csv", actor=who, on=date(2026, 6, 1), at=timezone.now())

    for who in (cast.actor("supervisor"), mediators.actor("bank"), cast.actor("grid_worker")):
        with pytest.raises(NotAllowed):
            brings(who)
    for address in ("西区西街道西一社区", "没有这个地方"):
        with pytest.raises(Invalid):
            brings(cast.actor("clerk"), address=address)
    assert not Batch.objects.exists()


def test_one_act_is_done_for_all_and_where_it_is_refused_the_case_says_why(brought: Brought, cast: Cast) -> None:
    batch, _table = brought([row(number) for number in range(5)])
    clerk = cast.actor("clerk")
    cases = list(batches.cases_of(batch, clerk))
    assert {one.act.name for one in batch_acts.offered(cases, clerk)} >= {"register", "return"}
    one = batch_acts.prepare(batch, "register", [case.pk for case in cases], actor=clerk, at=timezone.now())
    assert one is not None
    moved = batch_acts.prepare(batch, "return", [cases[0].pk], actor=clerk, at=timezone.now())
    assert moved is not None
    assert done(moved, clerk, **answers("return", cases[0], clerk)).done == 1
    ended = done(one, clerk, **answers("register", cases[1], clerk))
    assert (ended.state, ended.done, ended.refusals, bytes(ended.answers)) == ("done", 4, 1, b"")
    assert batch_acts.refused(ended)[0][0] == cases[0].number
    assert "案件已有进展" in batch_acts.refused(ended)[0][1]
    assert Case.objects.filter(dispute__batch=batch.pk, state="offered").count() == 4


def test_one_mediator_takes_up_a_whole_batch_though_they_know_the_bank_by_then(
    brought: Brought, cast: Cast, mediators: Mediators
) -> None:
    batch, _table = brought([row(number) for number in range(3)])
    clerk, bank = cast.actor("clerk"), mediators.actor("bank")

    def at_once(name: str, actor: Any, **said: Any) -> BatchAct:
        cases = list(batches.cases_of(batch, actor))
        one = batch_acts.prepare(batch, name, [case.pk for case in cases], actor=actor, at=timezone.now())
        assert one is not None
        return done(one, actor, **(answers(name, cases[0], actor) | said))

    at_once("register", clerk)
    for case in batches.cases_of(batch, clerk):
        for party in case.parties.exclude(side=""):
            act(case.pk, "consent_noted", answers("consent_noted", case, clerk) | {"whom": str(party.pk)}, actor=clerk)
    assert at_once("appoint", clerk, mediator=str(mediators.register["bank"].pk)).done == 3
    assert at_once("accept", bank).done == 3
    assert set(Case.objects.filter(dispute__batch=batch.pk).values_list("state", "holder")) == {
        ("mediating", mediators.bank.pk)
    }
    page = batch_acts.offered(list(batches.cases_of(batch, bank)), bank)
    assert {one.act.name for one in page} >= {"fail", "note"}


def test_an_act_that_was_killed_goes_on_and_does_nothing_twice(
    brought: Brought, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch, _table = brought([row(number) for number in range(4)])
    clerk = cast.actor("clerk")
    cases = list(batches.cases_of(batch, clerk))
    one = batch_acts.prepare(batch, "register", [case.pk for case in cases], actor=clerk, at=timezone.now())
    assert one is not None
    monkeypatch.setattr(batch_acts, "AT_ONCE", 2)
    kept = batch_acts._keep
    monkeypatch.setattr(batch_acts, "_keep", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        done(one, clerk, **answers("register", cases[0], clerk))
    assert one.pk in batch_acts.waiting()
    monkeypatch.setattr(batch_acts, "_keep", kept)
    batch_acts.carry(one.pk)
    one.refresh_from_db()
    assert (one.done, one.refusals) == (4, 0)
    assert Entry.objects.filter(act="register").count() == 4


def test_what_belongs_to_each_party_is_never_offered_for_many(brought: Brought, cast: Cast) -> None:
    own = {"consent", "consent_noted", "choose", "answer_disclosure", "offer", "answer_offer", "agree_facts", "draft",
           "sign", "agree_orally", "caucus", "confide", "apply_confirmation", "answer_extension"}  # fmt: skip
    assert not batch_acts.TOGETHER & own
    batch, _table = brought([row(1)])
    case = batches.cases_of(batch, cast.actor("clerk")).get()
    assert batch_acts.prepare(batch, "consent", [case.pk], actor=cast.actor("clerk"), at=timezone.now()) is None


def test_in_the_browser_forty_rows_are_brought_in_registered_and_exported(
    mediators: Mediators, cast: Cast, settings: Any, tmp_path: Any, client: Client
) -> None:
    settings.HOME = tmp_path
    client.force_login(cast.clerk)
    file = SimpleUploadedFile("名单.csv", excel([row(number) for number in range(40)]))
    sent = client.post(reverse("mediation_batch_new"), BANK | {"file": file, "on": "2026-06-01"}, follow=True)
    assert sent.status_code == 200, sent.context["form"].errors
    assert "借款甲0" in sent.content.decode()
    table, batch = TableImport.objects.get(), Batch.objects.get()
    client.post(reverse("table_start", args=[table.pk]))
    sheets.carry(table.pk)
    page = reverse("mediation_batch", args=[batch.pk])
    shown = client.get(page).content.decode()
    assert shown.count('name="case"') == 40 and "借款甲0" not in shown
    before = Look.objects.count()
    assert "借款甲0" in client.get(f"{page}?names=1").content.decode()
    assert Look.objects.count() == before + 40
    chosen = client.post(reverse("mediation_batch_choose", args=[batch.pk]), {"act": "register", "all": ""})
    form = client.get(chosen["Location"])
    assert form.context["number"] == 40
    case = batches.cases_of(batch, cast.actor("clerk"))[0]
    client.post(chosen["Location"], answers("register", case, cast.actor("clerk")))
    one = BatchAct.objects.get()
    while batch_acts.carry(one.pk):
        pass
    assert "40" in client.get(chosen["Location"]).content.decode()
    rows = client.get(reverse("mediation_batch_export", args=[batch.pk])).content.decode().splitlines()
    assert len(rows) == 41 and "借款甲0" in rows[1]


def test_who_reads_no_dispute_sees_no_names_and_who_has_none_sees_no_batch(
    brought: Brought, cast: Cast, mediators: Mediators, client: Client
) -> None:
    batch, _table = brought([row(1)])
    page = reverse("mediation_batch", args=[batch.pk])
    client.force_login(cast.supervisor)
    shown = client.get(f"{page}?names=1")
    assert shown.status_code == 200 and "借款乙1" not in shown.content.decode()
    export = client.get(reverse("mediation_batch_export", args=[batch.pk])).content.decode()
    assert "借款乙1" not in export and len(export.splitlines()) == 2
    for stranger in (cast.outsider, mediators.west, mediators.bank, cast.grid_worker):
        client.force_login(stranger)
        assert client.get(page).status_code == 404


def answers(name: str, case: Case, actor: Any) -> dict[str, Any]:
    from tests.cast import default_data

    return default_data(case, name, actor)
