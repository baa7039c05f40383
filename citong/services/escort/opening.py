"""What an opening leaves behind besides its case: the escort's row with its way planned, and who is told."""

from collections.abc import Mapping
from typing import Any

from citong.core.cases.models import Case
from citong.core.flow.intake import opening_parties
from citong.core.people.access import Actor
from citong.core.people.posts import Post
from citong.services.escort.models import Escort
from citong.services.escort.planning import plan


def opening_rows(case: Case, answers: Mapping[str, Any], actor: Actor) -> list[Any]:
    """Who asked, the escort, and the junctions on its way where somebody should stand."""
    chosen = answers.get("driver")
    driver = chosen.pk if chosen else actor.account if Post.OFFICER in actor.posts() else None
    case.holder_id = driver
    escort = Escort(
        case=case, kind=answers["kind"], priority=answers["priority"], driver_id=driver, asked_at=case.opened_at,
        origin_lon=case.lon, origin_lat=case.lat, goal_lon=answers["goal_lon"], goal_lat=answers["goal_lat"],
    )  # fmt: skip
    points = plan(escort)
    return [*opening_parties(case, dict(answers), actor), escort, *points]
