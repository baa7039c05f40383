"""The kill test: `python -m tests.hard_days.kill [--seconds N] [--seed N] [--keep]`.

A house of its own runs under load while its web processes, its jobs, its database and single connections of that are
killed at random moments. Afterwards everything that was answered must stand once, and everything must hold together.
Exit code 0 means it does.
"""

import argparse
import secrets
import shutil
import sys
import time
from collections.abc import Callable, Sequence

from tests.hard_days.house import House, new_folder
from tests.hard_days.killer import KINDS, Killer
from tests.hard_days.load import Client, Journal
from tests.hard_days.town import keys_of, open_django, write_town

CLIENTS = 6
SETTLED_WITHIN_SECONDS = 600
LONGER_SECONDS = 120  # until each kind was killed once, on a slow machine


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints what was done and what does not hold."""
    given = _parser().parse_args(arguments)
    folder = new_folder("citong-hard-")
    house = House(folder / "home", city=write_town(folder / "town"))
    print(f"seed {given.seed}, {given.seconds} s, home {house.home}", flush=True)
    found = ["the test itself broke"]
    try:
        house.home.mkdir(mode=0o711)
        house.start()
        found = _hard_day(house, seconds=given.seconds, seed=given.seed)
    finally:
        if found and given.keep:
            house.end()
            print(f"kept: {folder}")
        else:
            house.remove()
            shutil.rmtree(folder, ignore_errors=True)
    for sentence in found[:40]:
        print(f"FAULT: {sentence}")
    print(f"{len(found)} faults with seed {given.seed}" if found else "Everything holds.", flush=True)
    return 1 if found else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Kill processes under load and see that nothing is lost.")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6))
    parser.add_argument("--keep", action="store_true", help="keep the home when something does not hold")
    return parser


def _hard_day(house: House, *, seconds: float, seed: int) -> list[str]:
    open_django(house)
    journal, killer = Journal(), Killer(house, seed=seed)
    keys = keys_of(house)
    clients = [Client(f"c{n}", port=house.port, keys=keys, journal=journal, seed=seed) for n in range(CLIENTS)]
    for client in clients:
        client.start()
    killer.start()
    end = time.monotonic() + seconds
    while time.monotonic() < end or (not killer.everybody() and time.monotonic() < end + LONGER_SECONDS):
        time.sleep(0.5)
    killer.stop()
    for client in clients:
        client.over.set()
    for client in clients:
        client.join()
    print("\n".join(killer.log))
    print(f"killed {dict(killer.killed)}; the clients saw {dict(journal.seen)}", flush=True)
    return _looked_at(house, journal, killer)


def _looked_at(house: House, journal: Journal, killer: Killer) -> list[str]:
    from tests.hard_days import proof

    _wait(lambda: house.health() == 200, "the house is well again")
    _wait(_nothing_waits, "letters are sent and clocks looked at")
    print(proof.answered(journal.commands), flush=True)
    found = [f"{kind} was never killed" for kind in KINDS if not killer.killed[kind]]
    return [*_settled(house, journal, killer), *found]


def _settled(house: House, journal: Journal, killer: Killer) -> list[str]:
    """The house is stopped before the tables are read: nothing moves any more."""
    from django.db import connections

    from citong.cli import database
    from tests.hard_days import proof

    code = house.stop()
    found = [] if code == 0 else [f"the house stopped with exit code {code}"]
    database.start(house.home)
    connections.close_all()
    found += proof.faults(journal, mail=house.home / "mail", kills=killer.killed)
    for command in (("ledger", "verify"), ("ledger", "seal"), ("ledger", "verify")):
        done = house.run(*command)
        print(done.stdout.strip(), flush=True)
        if done.returncode != 0:
            found.append(f"citong {' '.join(command)} ended with {done.returncode}: {done.stdout[-600:]}")
    return found


def _nothing_waits() -> bool:
    from django.db import OperationalError, connections
    from django.utils import timezone

    from citong.core.clocks.models import Clock
    from citong.core.notices.models import Notice

    try:
        letters = Notice.objects.filter(next_at__isnull=False).exists()
        return not letters and not Clock.objects.filter(wake_at__lte=timezone.now()).exists()
    except OperationalError:  # a connection from before the last kill
        connections.close_all()
        return False


def _wait(holds: Callable[[], bool], what: str) -> None:
    began = time.monotonic()
    while not holds():
        if time.monotonic() > began + SETTLED_WITHIN_SECONDS:
            raise TimeoutError(f"Waited {SETTLED_WITHIN_SECONDS} s and it is not so: {what}.")
        time.sleep(0.5)
    print(f"{what} after {time.monotonic() - began:.1f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
