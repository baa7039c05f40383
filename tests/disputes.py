"""Disputes in the tiny town of tests/cast.py, with the mediators of tests/mediators.py.

`quarrel` is a fresh dispute: the resident of the cast against a neighbour who has no account, over a wall in community
e1. `quarrels(kind="medical", by="grid_worker", …)` opens others.

    quarrel.case                        as it stands now
    quarrel.applicant, quarrel.respondent    actors with standing; `quarrel.party("respondent")` the row
    quarrel.do("register")              an act by whoever usually does it, with plausible answers
    quarrel.do("offer", by="applicant", amount="500")    by a party, by somebody of the cast or of the mediators, or by
                                        an actor; `at` is when
    quarrel.until("mediating")          on the usual way to a state; `mediator="elder"` before it says whom both choose
    quarrel.each("consent")             by every party who is asked, one after the other
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from citong.core.cases.models import Case, Party
from citong.core.cases.registry import case_type
from citong.core.flow.act import act
from citong.core.flow.intake import open_case
from citong.core.flow.reading import told
from citong.core.flow.standing import as_party
from citong.core.ledger.read import Recorded
from citong.core.papers.certificates import make_certificate
from citong.core.people.access import ANYBODY, SYSTEM, Actor, actor_of
from citong.core.people.models import Account, Appointment, Unit
from citong.core.people.posts import Post
from citong.core.places.models import Division
from citong.services.mediation.models import Dispute
from citong.services.mediation.parties import principals
from tests.cast import PASSWORD, Cast, default_data
from tests.mediators import SINCE, Mediators

WALL = {
    "kind": "neighbour", "text": "隔壁新砌的围墙把小路堵窄了", "wish": "把围墙退回去", "address": "东一社区",
    "grid": "e10",
    "name": "林居民", "phone": "13800000001", "other_name": "吴邻居", "other_phone": "13800000002",
}  # fmt: skip
SIDES = ("applicant", "respondent", "third")
# The usual way: to each state from the one before, by whom.
WAY: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "offered": ("found", (("register", ""),)),
    "choosing": ("offered", (("consent", "each"),)),
    "assigned": ("choosing", (("choose", "each"),)),
    "mediating": ("assigned", (("accept", ""),)),
    "paused": ("mediating", (("appraise", ""),)),
    "suspended": ("mediating", (("suspect", ""),)),
    "signing": ("mediating", (("draft", ""),)),
    "effective": ("signing", (("sign", "each"), ("sign", "mediator"))),
    "confirm_applied": ("effective", (("apply_confirmation", "each"),)),
    "confirm_accepted": ("confirm_applied", (("court_accept", ""),)),
    "confirmed": ("confirm_accepted", (("rule_confirm", ""),)),
    "performed": ("effective", (("perform", ""),)),
    "breached": ("effective", (("breach", "applicant"),)),
    "enforcing": ("confirmed", (("breach", "applicant"), ("enforce", "applicant"))),
    "suing": ("breached", (("sue", "applicant"),)),
    "failed": ("mediating", (("fail", ""),)),
    "filing": ("failed", (("file_to_court", ""),)),
    "filed": ("filing", (("court_file", ""),)),
    "ended": ("failed", (("end", ""),)),
    "returned": ("found", (("return", ""),)),
    "withdrawn": ("offered", (("withdraw", "applicant"),)),
}


@dataclass
class Quarrel:
    """A dispute in play."""

    cast: Cast
    mediators: Mediators
    id: Any
    secret: str
    mediator: str = "committee"

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.id)

    @property
    def dispute(self) -> Dispute:
        return Dispute.objects.get(case=self.id)

    @property
    def applicant(self) -> Actor:
        return self.actor("applicant")

    @property
    def respondent(self) -> Actor:
        return self.actor("respondent")

    def parties(self) -> list[Party]:
        """Every party and agent, in the order in which they came in."""
        return list(Party.objects.filter(case=self.id).exclude(side="").order_by("id"))

    def party(self, who: str) -> Party:
        """The first party of a side, or the one of this name."""
        return next(one for one in self.parties() if who in (one.name, one.side))

    def actor(self, who: str | Actor | Party) -> Actor:
        """A party by side or name, a person of the cast or of the mediators, the mediator who holds it, `system`."""
        if isinstance(who, Actor):
            return who
        if isinstance(who, Party):
            account = who.account
            return as_party(actor_of(account) if account else ANYBODY, who)
        if who == "system":
            return SYSTEM
        if who == "mediator":
            holder = self.case.holder
            assert holder is not None
            return actor_of(holder)
        for people in (self.cast, self.mediators):
            if who in people.people:
                return people.actor(who)
        return self.actor(self.party(who))

    def do(self, name: str, /, *, by: Any = None, at: datetime | None = None, **said: Any) -> Case:
        """The act is done, with these answers in place of plausible ones. Raises what `act` raises."""
        case = self.case
        actor = self.actor(by if by is not None else self.usual(name))
        given = default_data(case, name, actor)
        if name in ("choose", "appoint"):
            given["mediator"] = str(self.mediators.register[self.mediator].pk)
        files = said.pop("files", None)
        return act(case.pk, name, given | said, actor=actor, files=files, at=at).case

    def each(self, name: str, /, *, at: datetime | None = None, **said: Any) -> Case:
        """Every party does it, one after the other, until the case has moved on."""
        case = self.case
        state = case.state
        for party in principals(self.parties()):
            if case.state == state:
                case = self.do(name, by=party, at=at, **said)
        return case

    def usual(self, name: str) -> str:
        """Who does this act, where nothing else is said."""
        kind = case_type("mediation")
        who = kind.acts[name].by[0]
        if who.post == "system":
            return "system"
        if str(who.reach) == "party":
            return "applicant"
        if str(who.reach) == "held":
            return "mediator" if self.case.holder_id else "clerk"
        return {"part": "judge", "unit": "head"}.get(str(who.reach), "clerk")

    def until(self, state: str, *, at: datetime | None = None) -> "Quarrel":
        """The case is in this state, on the usual way from wherever on it the case is."""
        if self.case.state == state:
            return self
        before, steps = WAY[state]
        self.until(before, at=at)
        for name, by in steps:
            if self.case.state == state:
                break
            if by == "each":
                self.each(name, at=at)
            else:
                self.do(name, by=by or None, at=at)
        assert self.case.state == state, f"The usual way to {state} ended in {self.case.state}."
        return self

    def told(self, who: Any) -> list[Recorded]:
        """The history as this person reads it; what is not theirs is veiled."""
        return told(self.case, self.actor(who))

    def words(self, who: Any) -> str:
        """Every word and fact that this person reads, as one text."""
        return "\n".join(
            f"{one.entry.act} {one.words or ''} {one.entry.facts}" for one in self.told(who) if not one.veiled
        )


@pytest.fixture
def constable(cast: Cast) -> Account:
    """Somebody on duty at the police station of the street, unit "police-e"."""
    place = Division.objects.get(code="es")
    unit = Unit.objects.create(code="police-e", name="东街派出所", level="street", function="police", division=place)
    account = Account.objects.create_user("constable", "constable@example.org", PASSWORD, name="孙民警")
    Appointment.objects.create(account=account, unit=unit, post=Post.HANDLER, begins_on=SINCE)
    return account


@pytest.fixture
def quarrels(cast: Cast, mediators: Mediators, settings: Any, tmp_path: Path) -> Callable[..., Quarrel]:
    """`quarrels(by="grid_worker", kind="labour", mediator="labour", …)` opens a dispute. The mediator's body and the
    court have certificates to seal with."""
    settings.HOME = tmp_path

    def opens(
        *, by: str = "resident", mediator: str = "committee", at: datetime | None = None, **data: Any
    ) -> Quarrel:  # fmt: skip
        people = cast if by in cast.people else mediators
        for unit in (mediators.register[mediator].body.unit, mediators.court):
            make_certificate(unit, at=timezone.now())
        opened = open_case("mediation", WALL | data, actor=people.actor(by), channel="web", at=at)
        return Quarrel(cast, mediators, opened.case.pk, opened.secret, mediator)

    return opens


@pytest.fixture
def quarrel(quarrels: Callable[..., Quarrel]) -> Quarrel:
    """The resident and a neighbour quarrel over a wall."""
    return quarrels()


__all__ = ["Quarrel", "constable", "quarrel", "quarrels"]
