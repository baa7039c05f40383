"""Jobs: what the platform does by itself about visits, each safe to run twice and beside another worker."""

from datetime import timedelta

from django.utils import timezone
from procrastinate.contrib.django import app

from citong.core.places.current import NoCity, zone
from citong.services.visits.plan import missing_plans, plan_week, week_of
from citong.services.visits.recount import recount
from citong.services.visits.refresh import refresh

NIGHT = 1  # the hour, by the city's clock, in which there is time for the whole city


@app.periodic(cron="12 * * * *")
@app.task(queueing_lock="plan_visits", pass_context=False)
def plan_visits(timestamp: int) -> None:
    """Every night households follow the register and plans are counted; as soon as a week has begun it has its plans.

    Asked each hour, for jobs know no time zone: Monday's plan is made in its first hour, or when the platform is back.
    """
    now = timezone.now()
    try:
        hour, week = now.astimezone(zone()).hour, week_of(now)
    except NoCity:
        return
    unplanned = missing_plans(week)
    if hour != NIGHT and not unplanned:
        return
    refresh(at=now)
    plan_week(week)
    for past in (week, week - timedelta(days=7)):
        recount(past)
