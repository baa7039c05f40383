"""Tables, queues, staff and N tickets: `python -m bench.helpdesk_site.fill N < sentences` prints whom to sign in as."""

import json
import os
import sys
from typing import Any

QUEUES = 19
STAFF = 8
TICKETS = """
INSERT INTO helpdesk_ticket (title, queue_id, created, modified, submitter_email, status, on_hold, description,
                             priority, secret_key)
SELECT left(text, 60), queue, at, at, 'resident@example.org', CASE WHEN n %% 10 = 0 THEN 1 ELSE 4 END, false, text,
       3, md5(n::text)
FROM (SELECT n, said[1 + n * 7 %% size] || '。' || said[1 + n * 13 %% size] || '。' || n AS text,
             queues[1 + n %% array_length(queues, 1)] AS queue, now() - n * interval '9 seconds' AS at
      FROM generate_series(1, %(tickets)s) n,
           (SELECT %(said)s::text[] AS said, %(size)s AS size, %(queues)s::int[] AS queues) given) made
"""
FOLLOW_UPS = """
INSERT INTO helpdesk_followup (ticket_id, date, title, comment, public, new_status)
SELECT id, created, 'Ticket Opened', description, true, NULL FROM helpdesk_ticket
UNION ALL SELECT id, created, 'Closed', '已经处理', true, 4 FROM helpdesk_ticket WHERE status = 4
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.helpdesk_site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("loaddata", "emailtemplate.json", verbosity=0)
    print(json.dumps(_filled(int(sys.argv[1]), sys.stdin.read().split("\n"))))


def _filled(tickets: int, said: list[str]) -> dict[str, object]:
    from django.db import connection
    from helpdesk.models import Queue  # type: ignore[import-not-found,unused-ignore]

    queues = [
        Queue.objects.create(title=f"Queue {n}", slug=f"q{n}", allow_public_submission=True) for n in range(QUEUES)
    ]
    staff = [_member(number) for number in range(STAFF)]
    given: dict[str, Any] = {
        "tickets": tickets,
        "said": said,
        "size": len(said),
        "queues": [queue.pk for queue in queues],
    }
    with connection.cursor() as cursor:
        cursor.execute(TICKETS, given)
        cursor.execute(FOLLOW_UPS)
        cursor.execute("VACUUM (ANALYZE)")
    return {"queues": given["queues"], "staff": staff}


def _member(number: int) -> dict[str, object]:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    user = get_user_model().objects.create_user(f"staff{number}", f"staff{number}@example.org", is_staff=True)
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"id": user.pk, "session": session.session_key}


if __name__ == "__main__":
    main()
