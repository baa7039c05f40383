"""The town of the hard days: the small city with time limits that run out at once, its people and their keys."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

from citong.core.places.tests.small_city import TEXTS, write_small_city
from tests.hard_days.house import House

TREE = Path(__file__).parents[2]
PASSWORD = "hard days are long"
SPAN_SECONDS = 30
WARN_SHARE = 0.5
UNIT = "901-urban"
CATEGORY = "urban.hole"
POINT = {"lon": 118.605, "lat": 24.905}
SEATS = {"clerk": "901-centre", "dispatcher": "901-centre", "verifier": "901-centre", "handler": UNIT}
LIMITS = f"""
warn_share = {WARN_SHARE}

[limits]
accept = "0.5 minutes"
dispatch = "0.5 minutes"
handle = "0.5 minutes"
verify = "0.5 minutes"
escalation_step = "3 minutes"
"""


def write_town(folder: Path) -> Path:
    """The city's folder."""
    write_small_city(folder)
    plain = TEXTS["city.toml"].split("[limits]")[0].rstrip()
    (folder / "city.toml").write_text(plain + LIMITS, "utf-8")
    return folder


def open_django(house: House) -> None:
    """From now on this process speaks with the house's database."""
    from citong.cli import database

    os.environ.update(house.environment())
    os.environ["CITONG_ORIGIN"] = f"http://127.0.0.1:{house.port}"
    os.environ["DATABASE_URL"] = database.running_url(house.home) or ""
    import django

    django.setup()


def keys_of(house: House) -> Mapping[str, str]:
    """Everybody has an account and a post; gives the text of each one's key by post. In a process of its own."""
    command = [sys.executable, "-m", "tests.hard_days.town"]
    done = subprocess.run(command, env=house.environment(), cwd=TREE, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _people() -> Mapping[str, str]:
    from django.utils import timezone

    from citong.adapters.api import keys
    from citong.core.people.models import Account, Appointment, Unit

    texts = {}
    for post in ("resident", *SEATS):
        account = Account.objects.create_user(post, f"{post}@example.org", PASSWORD, name=post)
        if post in SEATS:
            unit = Unit.objects.get(code=SEATS[post])
            Appointment.objects.create(account=account, unit=unit, post=post, begins_on=date(2026, 1, 1))
        expires_at = timezone.now() + timedelta(days=1)
        scopes = ["read", "open", "act"]
        _key, texts[post] = keys.make(post, account=account, scopes=scopes, per_minute=1_000_000, expires_at=expires_at)
    return texts


if __name__ == "__main__":
    from citong.cli.main import django_ready

    django_ready()
    print(json.dumps(_people()))
