"""GET /health: whether this installation can do its work, and what is missing if not."""

from collections.abc import Callable

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from citong.core.places.models import City

JOBS_SILENT_SECONDS = 60
BEATS_ASKED = "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %s * interval '1 second'"

_migrated = False  # tables do not go back while a process lives, and reading all migrations takes a while


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when database, tables, city and jobs are there; else 503 naming what is missing."""
    missing = next((sentence for check, sentence in _checks() if not _holds(check)), None)
    if missing is None:
        return JsonResponse({"ready": True})
    return JsonResponse({"ready": False, "missing": missing}, status=503)


def _checks() -> list[tuple[Callable[[], bool], str]]:
    """In the order in which each rests on the one before."""
    return [
        (_database_answers, _("The database does not answer.")),
        (_tables_are_current, _("The database tables are not up to date: run citong serve, which migrates.")),
        (City.objects.exists, _("No city is loaded: run citong city load FOLDER.")),
        (_jobs_beat, _("The jobs process has been silent for a minute.")),
    ]


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except DatabaseError:
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _tables_are_current() -> bool:
    global _migrated
    if not _migrated:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _jobs_beat() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(BEATS_ASKED, [JOBS_SILENT_SECONDS])
        return bool(cursor.fetchone()[0])
