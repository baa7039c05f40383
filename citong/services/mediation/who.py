"""Who acts in mediation, who reads what is said there, who hears of a step, and in whose hands it is."""

from citong.core.cases.declare import (
    PARTY,
    REPORTER,
    SIDE,
    Hands,
    Stage,
    State,
    Tell,
    Words,
    held_by,
    in_area,
    in_part,
    in_unit,
    party_of,
)
from citong.core.people.posts import Post

RESIDENT, APPLICANT = REPORTER, party_of("applicant")
REGISTRAR, SUPERVISOR = in_area(Post.CLERK), in_area(Post.SUPERVISOR)
LEADERS = in_area(Post.DISPATCHER, Post.SUPERVISOR)
MEDIATOR, HEAD = held_by(Post.MEDIATOR), in_unit(Post.HEAD)
JUDGE, POLICE = in_part(Post.JUDGE), in_part(Post.HANDLER)
FINDERS = (*in_area(Post.DISPATCHER), *in_unit(Post.GRID_WORKER, Post.HANDLER, Post.JUDGE))

SHARED = (PARTY, *MEDIATOR, *REGISTRAR)  # both sides, whoever mediates, the desk
COURT = (*SHARED, *JUDGE)  # a court reads what was handed to it, and who the parties are; nothing of the table
ONE_SIDE = (SIDE, *MEDIATOR)  # what one side says in confidence
INSIDE = (*MEDIATOR, *REGISTRAR)
DANGER = (*INSIDE, *POLICE)

BOTH, DESK, HOLDER = [Tell.PARTIES], [Tell.DESK], [Tell.HOLDER]
EVERYBODY, GIVEN_BACK, INSIDERS = [*BOTH, *HOLDER], [*BOTH, *DESK], [*HOLDER, *DESK]
ALL_AND_DESK, DESK_AND_BODY = [*EVERYBODY, *DESK], [*DESK, Tell.HANDLER]

IN_HAND = Hands.HANDLER  # of the body whose mediator it is


def over(label: Words, public: Words) -> State:
    """A state that ends the case; whoever had it in hand still sees it."""
    return State(label, Stage.EVALUATION, public, IN_HAND, ends=True, final=True)
