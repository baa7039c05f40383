"""Jobs of the phones' feed, each safe to run twice and beside another worker."""

from datetime import timedelta

from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app

from citong.core.sync import box, feed, files, first, pieces

NIGHTLY = timedelta(hours=2)
# What phones hold for thirty days only is told of once more when they are over: by then it is in no scope.
AGED = """
SELECT tell_phones('notice', id, ARRAY['account:' || account_id]) FROM notices_notice
WHERE channel = 'app' AND account_id IS NOT NULL AND made_at > %(from)s AND made_at <= %(to)s
UNION ALL
SELECT tell_phones('proposal', id, ARRAY['account:' || author_id]) FROM register_proposal
WHERE decided_at > %(from)s AND decided_at <= %(to)s
UNION ALL
SELECT tell_phones('case', id, ARRAY['account:' || reporter_id]) FROM cases_case
WHERE reporter_id IS NOT NULL AND NOT open AND closed_at > %(from)s AND closed_at <= %(to)s
"""


@app.periodic(cron="25 * * * *")
@app.task(queueing_lock="force_operations", pass_context=False)
def force_operations(timestamp: int) -> None:
    """Every hour: what was held too long is done with a mark; files whose operation has come hang on it."""
    while box.force(at=timezone.now()):
        pass
    files.attach_leftovers(at=timezone.now())


@app.periodic(cron="5 3 * * *")
@app.task(queueing_lock="renew_loads", pass_context=False)
def renew_loads(timestamp: int) -> None:
    """Every night: what is old leaves the feed and the phones, and first loads that fell behind are made anew."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(AGED, {"from": now - timedelta(days=32), "to": now - timedelta(days=30)})
    feed.prune(at=now)
    pieces.sweep(at=now)
    first.renew(at=now, limit=NIGHTLY)
