"""The papers of mediation: what each is called, what fills it, who signs it. `PAPERS` lists them by code."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from citong.services.mediation.papers import data
from citong.services.mediation.papers.data import Sheet

FOLDER = Path(__file__).parent
PARTIES = ("applicant", "respondent", "third")


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper. `title` is its official name; `signed_by` are the sides that its signature blocks name.

    `hidden` where no party may read it.
    """

    code: str
    label: str | Promise
    title: str
    template: Path
    data: type[Sheet]
    signed_by: frozenset[str]
    hidden: bool = False


def _kind(
    code: str, label: str | Promise, title: str, fill: type[Sheet], *signed_by: str, template: str = "",
    hidden: bool = False,
) -> PaperKind:  # fmt: skip
    path = FOLDER / f"{template or code}.typ"
    return PaperKind(code, label, title, path, fill, frozenset(signed_by), hidden)


PAPERS: Mapping[str, PaperKind] = {
    one.code: one
    for one in (
        _kind("application", _("Application for mediation"), "人民调解申请书", data.Application, "applicant"),
        _kind("registration", _("Registration sheet"), "人民调解受理登记表", data.Registration, "registrar",
              "applicant"),
        _kind("consent", _("Consent and notice of rights"), "调解同意书（暨权利义务告知书）", data.Consent, *PARTIES),
        _kind("disclosure", _("Mediator's disclosure"), "调解员披露声明", data.Disclosure, "mediator", *PARTIES),
        _kind("record", _("Record of a session"), "人民调解记录", data.Record, "mediator", "recorder", *PARTIES),
        _kind("undisputed_facts", _("Undisputed facts"), "无争议事实记载", data.UndisputedFacts, "mediator", *PARTIES),
        _kind("agreement", _("Mediation agreement"), "人民调解协议书", data.Agreement, "mediator", "recorder", "body",
              *PARTIES),
        _kind("commercial_agreement", _("Commercial mediation agreement"), "商事调解协议书", data.Agreement,
              "mediator", "recorder", "body", *PARTIES, template="agreement"),
        _kind("failure", _("Report of failure"), "调解终止报告", data.Failure, "mediator", "body"),
        _kind("confirmation_application", _("Application for judicial confirmation"), "司法确认申请书",
              data.ConfirmationApplication, *PARTIES),
        _kind("confirmation_ruling", _("Ruling that confirms"), "民事裁定书（确认调解协议）",
              data.ConfirmationRuling, "judge", "clerk", "court"),
        _kind("confirmation_refusal", _("Ruling that does not confirm"), "民事裁定书（不予受理、驳回或者准许撤回）",
              data.ConfirmationRefusal, "judge", "clerk", "court"),
        _kind("follow_up", _("Record of performance"), "人民调解回访记录", data.FollowUp, "visitor", "visited"),
        _kind("referral", _("Referral letter"), "矛盾纠纷移送函", data.Referral, "body"),
        _kind("file_index", _("File index"), "人民调解卷宗目录", data.FileIndex, "keeper", "inspector"),
        _kind("danger", _("Report of danger"), "危险情况报告", data.Danger, "mediator", "body", hidden=True),
        _kind("appraisal", _("Order of an appraisal"), "鉴定委托书", data.Appraisal, "body", *PARTIES),
    )
}  # fmt: skip
