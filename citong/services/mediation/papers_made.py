"""Which act makes which papers. They are rendered in the act's own transaction and named in its entry: no act stands
without its paper, and no paper can be taken away unseen. Whoever reads the entry reads the paper."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from citong.core.cases.models import Party
from citong.core.flow.doing import Doing
from citong.core.papers.certificates import NoCertificate
from citong.core.papers.models import Paper, PaperSignature
from citong.core.papers.proof import facts_of
from citong.core.papers.sealing import seal
from citong.core.papers.write import make, newest, signatures, versions
from citong.core.people.models import Unit
from citong.services.mediation import papers_filled as filled
from citong.services.mediation.papers import PAPERS
from citong.services.mediation.sheets import sheet_of

Fill = Callable[[Doing], Mapping[str, Any]]


@dataclass(frozen=True)
class Made:
    """A paper that an act makes: `fill` says what stands in it besides what all papers of the case have.

    `of` is the only party it names. `by_effect`: the act's effect makes it, since it goes on with it. `sealed`: by the
    body at once, where it has a certificate.
    """

    kind: str
    fill: Fill
    of: Callable[[Doing], Party] | None = None
    by_effect: bool = False
    sealed: bool = False


MADE: Mapping[str, Sequence[Made]] = {
    "register": (Made("application", filled.application), Made("registration", filled.registration)),
    "consent": (Made("consent", filled.consent, of=filled.consenting),),
    "consent_noted": (Made("consent", filled.consent, of=filled.consenting),),
    "accept": (Made("disclosure", filled.disclosure),),
    "disclose": (Made("disclosure", filled.disclosure),),
    "hold_session": (Made("record", filled.record),),
    "facts": (Made("undisputed_facts", filled.undisputed),),
    "appraise": (Made("appraisal", filled.appraisal, sealed=True),),
    "danger": (Made("danger", filled.danger, sealed=True),),
    "draft": (Made("agreement", filled.agreement, by_effect=True),),
    "agree_orally": (Made("record", filled.oral, by_effect=True),),
    "apply_confirmation": (Made("confirmation_application", filled.confirmation_application, by_effect=True),),
    "court_refuse": (Made("confirmation_refusal", filled.inadmissible, by_effect=True),),
    "rule_confirm": (Made("confirmation_ruling", filled.confirmation, by_effect=True),),
    "rule_reject": (Made("confirmation_refusal", filled.rejection, by_effect=True),),
    "follow_up": (Made("follow_up", filled.follow_up),),
    "perform": (Made("follow_up", filled.performed), Made("file_index", filled.file_index)),
    "mend": (Made("follow_up", filled.performed), Made("file_index", filled.file_index)),
    "enforce": (Made("file_index", filled.file_index, by_effect=True),),
    "sue": (Made("file_index", filled.file_index, by_effect=True),),
    "file_to_court": (
        Made("referral", filled.referral, by_effect=True), Made("file_index", filled.file_index, by_effect=True)
    ),
}  # fmt: skip
ON_FAILURE = Made("failure", filled.failure, sealed=True)  # whichever act brings a case there


def leave_papers(doing: Doing) -> None:
    """The papers of the act stand that its effect has not made."""
    for one in MADE.get(doing.act.name, ()):
        if not one.by_effect:
            paper_of(doing, one)
    if (target := doing.to or doing.act.target) is not None and target.name == "failed":
        paper_of(doing, ON_FAILURE)


def made(doing: Doing, kind: str, **more: Any) -> Paper:
    """This paper of the act is rendered, stored, and named in the act's entry; `more` goes before what fills it."""
    return paper_of(doing, next(one for one in MADE[doing.act.name] if one.kind == kind), **more)


def paper_of(doing: Doing, one: Made, **more: Any) -> Paper:
    """The paper stands. Raises NoFont, Unprintable."""
    sheet = sheet_of(doing.case, doing.parties, only=one.of(doing) if one.of else None)
    kind = PAPERS[
        f"commercial_{one.kind}" if sheet["matter"].charged and f"commercial_{one.kind}" in PAPERS else one.kind
    ]
    data = kind.data(**{**sheet, **one.fill(doing), **more})
    paper = make(
        kind.code, doing.case.id, kind.template, data, title=kind.title, actor=doing.actor, at=doing.at,
        entry=doing.entry,
    )  # fmt: skip
    tell(doing, paper)
    if one.sealed and doing.case.handling_unit is not None:
        sealed(doing, paper, unit=doing.case.handling_unit, side="body")
    return paper


def sealed(doing: Doing, paper: Paper, *, unit: Unit, side: str) -> Paper | None:
    """The version of the paper under the unit's seal, named in the act's entry; None where it has no certificate that
    holds: such a body hands in what bears its stamp (rules on online mediation, article 19)."""
    try:
        found = seal(paper, unit=unit, at=doing.at, side=side)
    except NoCertificate:
        return None
    tell(doing, *(one for one in versions(paper) if one.made_at == doing.at))
    tell(doing, *(one for one in signatures(paper) if one.paper_id == found.pk))
    return found


def tell(doing: Doing, *rows: Paper | PaperSignature) -> None:
    """The act's entry names these papers and signatures with their hashes."""
    for name, told in facts_of(*rows).items():
        doing.facts[name] = {**doing.facts.get(name, {}), **told}


def hand_over(doing: Doing, papers: Sequence[Paper]) -> None:
    """Whoever reads the act's entry reads these papers, too, as they are now."""
    tell(doing, *(newest(one) for one in papers))
