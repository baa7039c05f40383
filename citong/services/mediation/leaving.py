"""What every act of mediation leaves behind besides its own effect: papers, a signature on one, no stale draft, and
no session of a dispute that has left the table."""

from citong.core.flow.doing import Doing
from citong.services.mediation.agreements import void_draft
from citong.services.mediation.papers_made import leave_papers
from citong.services.mediation.papers_signed import to_sign
from citong.services.mediation.parties import voice
from citong.services.mediation.sessions.dropping import drop
from citong.services.mediation.signing import sign_as

FROM_SIGNING = ("signing", "effective")  # where a draft may still stand


def leave(doing: Doing) -> None:
    """A draft that was left is void, facts that were agreed to are signed, and the act's papers are made."""
    target = doing.to or doing.act.target
    if doing.case.state == "signing" and target is not None and target.name not in FROM_SIGNING:
        void_draft(doing.case, at=doing.at)
    if doing.act.name == "agree_facts" and (paper := to_sign(doing.case)) is not None:
        sign_as(doing, paper, voice(doing))
    drop(doing)
    leave_papers(doing)
