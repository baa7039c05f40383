"""Many disputes of one organisation: a table whose rows each open a case of their own, by the one door for all cases.

A row is opened once: the same contract of the batch, or the same row of the same table, gives the same case. So a table
can be stopped, killed and begun anew, and a mended file may come with rows that stand already.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import Aggregate, Count, Exists, OuterRef, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from citong.core.cases.forms import LineField, MoneyField
from citong.core.cases.models import Case, Submission
from citong.core.flow.intake import open_case
from citong.core.flow.locate import GivenPlace, locate
from citong.core.people.access import Actor, Purpose, Seat, scope
from citong.core.people.posts import Post
from citong.core.people.refusal import Invalid, NotAllowed, Refusal
from citong.core.register import sheets
from citong.core.register.declare import Known
from citong.core.register.fields import PhoneField
from citong.core.register.models import TableImport
from citong.core.register.sealed import blind
from citong.core.register.sheet_kinds import Draft, Outlook, TableKind, Target, declare
from citong.kit.text import alike
from citong.services.mediation.forms.opening import MOST_AT_STAKE, NumberField
from citong.services.mediation.models import Batch, BatchTable, Dispute
from citong.services.mediation.ties import keys_of

CHANNEL = "import"
TARGETS: Mapping[str, Target] = {
    target.name: target
    for target in (
        Target("name", gettext_lazy("Respondent: name"), Known(LineField(max_length=60))),
        Target("phone", gettext_lazy("Respondent: phone"), Known(PhoneField(max_length=30, required=False))),
        Target("identity", gettext_lazy("Respondent: identity number or credit code"), Known(NumberField())),
        Target("home", gettext_lazy("Respondent: address"), Known(LineField(max_length=200, required=False))),
        Target("contract", gettext_lazy("Number of the contract"), Known(LineField(max_length=60, required=False))),
        Target("amount", gettext_lazy("Amount in dispute"), Known(MoneyField(required=False, most=MOST_AT_STAKE))),
        Target("due_on", gettext_lazy("Due since"), Known(forms.DateField(required=False))),
        Target("details", gettext_lazy("What else is to be said"), Known(LineField(max_length=500, required=False))),
    )
}
# What banks and firms call these columns besides our own labels.
CALLED: Mapping[str, str] = {
    "name": "姓名 名称 客户姓名 客户名称 借款人 借款人姓名 被申请人 债务人 持卡人 name borrower",
    "phone": "电话 手机 手机号 手机号码 联系电话 联系方式 phone mobile",
    "identity": "身份证 身份证号 身份证号码 证件号码 公民身份号码 统一社会信用代码 idnumber",
    "home": "地址 住址 家庭住址 联系地址 户籍地址 通讯地址 address",
    "contract": "合同号 合同编号 借款合同号 贷款合同编号 卡号 账号 借据号 contract contractnumber",
    "amount": "金额 欠款 欠款金额 逾期金额 未还金额 本息合计 欠款总额 标的额 标的金额 amount",
    "due_on": "到期日 到期日期 逾期日期 逾期起始日 欠款日期 起算日期 duesince",
    "details": "备注 说明 情况说明 note details",
}


@dataclass
class Row:
    """A row of a batch: the key under which it opens its case, once."""

    draft: Draft
    key: str
    what: str = "fresh"


@dataclass
class Coming:
    """Some rows of a batch on their way to be cases."""

    batch: Batch
    rows: list[Row]
    refused: list[Draft] = field(default_factory=list)
    known: frozenset[str] = frozenset()

    def outlook(self) -> list[Outlook]:
        """What would become of each row."""
        refused = [Outlook(draft, _("refused"), "late", draft.faults) for draft in self.refused]
        return [*(self._outlook(row) for row in self.rows), *refused]

    def load(self, *, actor: Actor, at: datetime) -> None:
        """Each row is a case of its own; one that can not be says why."""
        for row in self.rows:
            try:
                again = opened(self.batch, row, actor=actor, at=at)
            except Refusal as refusal:
                row.draft.faults += _sentences(refusal)
                row.what = "refused"
            else:
                row.what = "same" if again else "fresh"

    def change(self, *, actor: Actor, at: datetime) -> None:
        """A case that stands is changed by its acts, never by a table."""

    def count(self, what: str) -> int:
        """How many rows became this."""
        return sum(row.what == what for row in self.rows)

    def _outlook(self, row: Row) -> Outlook:
        if row.key in self.known:
            return Outlook(row.draft, _("stands already"), "calm")
        return Outlook(row.draft, _("a new dispute"), "good")


class DisputeTable(TableKind):
    """A table of respondents: each row opens a dispute of the organisation with one of them."""

    code = "dispute_batch"
    label, plural = gettext_lazy("Dispute of a batch"), gettext_lazy("Disputes of the batch")
    icon = "stack-2"
    at_once = 100
    counts = (
        ("fresh", pgettext_lazy("disputes", "Opened")), ("same", gettext_lazy("Stood already")),
        ("refused", gettext_lazy("Sent back")),
    )  # fmt: skip
    explains = gettext_lazy(
        "Each row opens a dispute of its own, with its own number, clocks and papers. A row whose contract stands in "
        "this batch already opens none. What can not be opened is refused with a reason, and comes back as a file to "
        "mend."
    )
    called = CALLED

    def targets(self) -> Mapping[str, Target]:
        """The respondent, and what is owed."""
        return TARGETS

    def settle(self, drafts: Sequence[Draft], table: TableImport, *, actor: Actor) -> Coming:
        """Each row with the key under which it opens a case; the second of two with one contract is refused."""
        batch = batch_of(table)
        rows, seen = list[Row](), dict[str, int]()
        for draft in drafts:
            key = _key(batch, table, draft)
            if not draft.faults and key in seen:
                draft.faults.append(_("Row %(row)d has the same contract.") % {"row": seen[key]})
            if not draft.faults:
                seen[key] = draft.number
                rows.append(Row(draft, key))
        known = frozenset(Submission.objects.filter(key__in=seen).values_list("key", flat=True))
        return Coming(batch, rows, [draft for draft in drafts if draft.faults], known)

    def page(self, table: TableImport) -> str:
        """The page of the batch."""
        return reverse("mediation_batch", args=[batch_of(table).pk])


declare(DisputeTable())


def opened(batch: Batch, row: Row, *, actor: Actor, at: datetime) -> bool:
    """The row is a case; whether it had been before. Raises Refusal."""
    done = open_case(
        "mediation", answers_of_row(batch, row.draft), actor=actor, channel=CHANNEL, key=row.key, at=at,
        for_another=True,
    )  # fmt: skip
    return done.again


def answers_of_row(batch: Batch, draft: Draft) -> dict[str, Any]:
    """What the form of opening is told of one row."""
    said = draft.values
    amount: int | None = said.get("amount")
    told = [
        (_("Contract: %s"), said.get("contract")), (_("Due since: %s"), said.get("due_on")),
        ("%s", said.get("details")),
    ]  # fmt: skip
    lines = [words % value for words, value in told if value]
    return {
        "kind": batch.kind, "at_court": batch.line, "text": "\n".join([batch.about, *lines]), "wish": batch.wish,
        "amount": f"{amount // 100}.{amount % 100:02}" if amount else "", "origin": Dispute.Origin.COMPANY,
        "name": batch.name, "phone": batch.phone, "identity": batch.credit_code, "home": batch.address,
        "other_name": said.get("name", ""), "other_phone": said.get("phone", ""),
        "other_identity": said.get("identity", ""), "other_home": said.get("home", ""),
        "address": batch.address, "batch": batch.pk,
    }  # fmt: skip


@transaction.atomic
def bring(
    content: bytes, told: Mapping[str, Any], *, name: str, sheet: str = "", actor: Actor, on: date, at: datetime
) -> tuple[Batch, TableImport]:  # fmt: skip
    """A batch stands, and its table waits to be looked at; no dispute is open yet.

    `told` are the values of a Batch. Raises Unfit for a file that is no table, NotAllowed, Invalid.
    """
    assert actor.account is not None
    _placed(told["address"], actor)
    batch = Batch(**told, made_by_id=actor.account, made_at=at)
    batch.keys = sorted(keys_of(name=batch.name, number=batch.credit_code, phone=batch.phone))
    batch.save(force_insert=True)
    return batch, add_table(batch, content, name=name, sheet=sheet, actor=actor, on=on, at=at)


@transaction.atomic
def add_table(
    batch: Batch, content: bytes, *, name: str, sheet: str = "", actor: Actor, on: date, at: datetime
) -> TableImport:
    """One more table of the batch waits to be looked at. Raises Unfit, NotAllowed."""
    may_bring(actor)
    table = sheets.take(content, kind=DisputeTable.code, name=name, actor=actor, on=on, at=at, sheet=sheet)
    BatchTable.objects.create(table=table.pk, batch=batch)
    return table


def may_bring(actor: Actor) -> Seat:
    """The seat of a registrar, who alone brings batches in. Raises NotAllowed."""
    for seat in actor.seats:
        if seat.post == Post.CLERK:
            return seat
    raise NotAllowed(_("Batches are brought in at the desk."))


def batch_of(table: TableImport) -> Batch:
    """The batch whose rows the table brings. Raises DoesNotExist."""
    return Batch.objects.get(tables__table=table.pk)


def cases_of(batch: Batch, actor: Actor) -> QuerySet[Case]:
    """The cases of the batch in the actor's reach, in the order of their numbers."""
    reach = Case.objects.filter(scope(actor, Purpose.HANDLING), dispute__batch=batch.pk)
    return reach.select_related("dispute", "dispute__mediator__account", "unit").order_by("number")


def batches_for(actor: Actor) -> QuerySet[Batch]:
    """The batches that the actor brought, and those with a case in the actor's reach; newest first."""
    within = Case.objects.filter(scope(actor, Purpose.HANDLING), dispute__batch=OuterRef("pk"))
    own = Q(made_by=actor.account) if Post.CLERK in actor.posts() else Q(pk__in=[])
    return Batch.objects.filter(own | Q(Exists(within))).order_by("-pk")


SUMS: Mapping[str, Aggregate] = {
    "n_cases": Count("pk"), "n_open": Count("pk", filter=Q(open=True)), "n_late": Count("pk", filter=Q(late=True)),
    "n_agreed": Count("pk", filter=Q(dispute__agreed_at__isnull=False)), "n_amount": Sum("dispute__amount"),
}  # fmt: skip


def counts_of(cases: QuerySet[Case]) -> dict[str, int]:
    """State to the number of cases in it; besides `cases`, `open`, `late`, `agreed`, `amount` (fen). Two queries."""
    plain = cases.select_related(None).order_by()
    states = dict(plain.values_list("state").annotate(n=Count("pk")))
    return states | _summed(plain.aggregate(**SUMS))


def sums_of(found: Sequence[Batch], actor: Actor) -> dict[UUID, dict[str, int]]:
    """Batch to the same sums over its cases in the actor's reach; one query."""
    within = Case.objects.filter(scope(actor, Purpose.HANDLING), dispute__batch__in=[one.pk for one in found])
    rows: Any = within.order_by().values("dispute__batch").annotate(**SUMS)
    return {row["dispute__batch"]: _summed(row) for row in rows}


def _summed(row: Mapping[str, Any]) -> dict[str, int]:
    return {name.removeprefix("n_"): row[name] or 0 for name in SUMS}


def _placed(address: str, actor: Actor) -> None:
    """The disputes lie where the organisation is: that must be in the reach of whoever brings them."""
    seat, found = may_bring(actor), locate(GivenPlace(address=address))
    if not found.levels.get("district"):
        sentence = _("Name the district and street: no place of the city is found by this address.")
        raise Invalid(sentence, {"address": [sentence]})
    if seat.level != "city" and found.levels.get(seat.level) != seat.division:
        sentence = _("This place lies outside your area: its own desk brings the batch in.")
        raise Invalid(sentence, {"address": [sentence]})


def _key(batch: Batch, table: TableImport, draft: Draft) -> str:
    """One contract is one dispute of the batch, in whatever table it comes; else one row of a table is."""
    contract = alike(str(draft.values.get("contract") or ""))
    return f"batch:{batch.pk.hex}:{blind('contract', contract)}" if contract else f"batch:{table.pk.hex}:{draft.number}"


def _sentences(refusal: Refusal) -> list[str]:
    return [sentence for said in refusal.errors.values() for sentence in said] or [str(refusal)]
