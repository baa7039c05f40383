"""Whoever kills processes of a house, at moments and of kinds that a seed decides."""

import os
import signal
import threading
import time
from collections import Counter
from random import Random

from tests.hard_days.house import House

KINDS = ("web", "jobs", "postmaster", "backend")
SHORTEST_SECONDS, LONGEST_SECONDS = 1.0, 6.0


class Killer(threading.Thread):
    """SIGKILL again and again until told to stop; every kind has its turn before any has its second."""

    def __init__(self, house: House, *, seed: int) -> None:
        super().__init__(name="killer", daemon=True)
        self.house, self.random = house, Random(f"{seed} killer")
        self.killed: Counter[str] = Counter()
        self.log: list[str] = []
        self._over = threading.Event()
        self._began = time.monotonic()

    def run(self) -> None:
        """Kills until `stop`."""
        waiting: list[str] = []
        while not self._over.wait(self.random.uniform(SHORTEST_SECONDS, LONGEST_SECONDS)):
            waiting = waiting or self.random.sample(KINDS, len(KINDS))
            if self._kill(waiting[-1]):
                waiting.pop()

    def stop(self) -> None:
        """Nobody is killed any more."""
        self._over.set()
        self.join()

    def everybody(self) -> bool:
        """Whether each kind was killed."""
        return all(self.killed[kind] for kind in KINDS)

    def _kill(self, kind: str) -> bool:
        """Whether there was one of that kind to kill."""
        pids = self.house.pids(kind)
        if not pids:
            self.log.append(f"{self._now()} no {kind} to kill")
            return False
        pid = self.random.choice(sorted(pids))
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.killed[kind] += 1
        self.log.append(f"{self._now()} killed {kind} {pid}")
        return True

    def _now(self) -> str:
        return f"{time.monotonic() - self._began:6.1f} s"
