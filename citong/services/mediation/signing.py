"""Signing: the very bytes that were shown, by whoever may, with what they drew."""

from django.utils.translation import gettext as _

from citong.core.cases.models import Party
from citong.core.flow.doing import Doing
from citong.core.flow.refusal import WrongState
from citong.core.papers import write as papers
from citong.core.papers.models import Paper
from citong.services.mediation.papers_made import tell
from citong.services.mediation.papers_signed import untouched
from citong.services.mediation.parties import speaker


def sign_as(doing: Doing, paper: Paper, party: Party) -> None:
    """The party has signed the paper, by their own hand or by that of whoever has authority."""
    speaking = speaker(doing)
    by_agent = speaking.pk != party.pk
    signer = papers.Signer(
        party.side, party.name, role=f"代理人{speaking.name}" if by_agent else "", party=party.pk,
        account=doing.actor.account,
    )  # fmt: skip
    sign_paper(doing, paper, signer)


def sign_paper(doing: Doing, paper: Paper, signer: papers.Signer) -> None:
    """The signature stands, named in the act's entry. Raises WrongState for a paper that was changed, is void, or bears
    it already."""
    if not untouched(paper):
        raise WrongState(_("This paper was changed after it was made: it can not be signed. Draft it anew."))
    try:
        signature = papers.sign(paper, signer=signer, picture=doing.data["signature"], at=doing.at)
    except papers.Unsignable as fault:
        raise WrongState(str(fault)) from fault
    doing.facts.pop("paper", None)  # the signature says it
    tell(doing, signature)
