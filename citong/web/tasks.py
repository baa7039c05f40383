"""What the web ring does by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from citong.web.models import Fleeting


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="sweep_fleeting", pass_context=False)
def sweep_fleeting(timestamp: int) -> None:
    """Every ten minutes: tries that came back and answers past their moment are gone."""
    Fleeting.objects.filter(until__lt=timezone.now()).delete()
