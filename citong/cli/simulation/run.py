"""A simulation from its plan to its end: agreed once, told by several processes, resumed where it stopped."""

import json
import multiprocessing
import resource
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any

import click
from django.db import connection

from citong.cli.loaded import NOTE, TABLE
from citong.cli.simulation.lives import Teller
from citong.cli.simulation.people import employ
from citong.cli.simulation.plan import Plan
from citong.cli.simulation.times import years_before
from citong.cli.simulation.worker import work
from citong.cli.trouble import Trouble
from citong.core.cases.models import Case
from citong.core.flow.moving_in import known
from citong.core.ledger.seal import public_key
from citong.core.ledger.tables import ready_months
from citong.core.places.current import city
from citong.core.search.index import gathering

NOTED = "simulated"
LOADED = ("cases_case", "cases_party", "cases_task", "cases_submission", "clocks_clock", "ledger_entry",
          "ledger_content", "ledger_seal", "search_document")  # fmt: skip


@dataclass(frozen=True)
class Simulation:
    """A plan that this database stands by, and the moment of the present run."""

    plan: Plan
    now: datetime

    @classmethod
    def agreed(
        cls, cases: int, seed: int, *, until: datetime | None, years: float, into_used: bool, now: datetime
    ) -> "Simulation":
        """The plan this database holds already, or these numbers, noted from now on. Raises Trouble."""
        wanted = {"cases": cases, "seed": seed, "years": years}
        if said := _noted():
            fits = {name: said[name] for name in wanted} == wanted and (not until or until.isoformat() == said["until"])
            if not fits:
                what = f"{said['cases']} cases of {said['years']} years until {said['until']} with seed {said['seed']}"
                mend = "give the same numbers to go on with it, or take a database of its own."
                raise Trouble(f"This database holds a simulation of {what}.", mend=mend)
        elif Case.objects.exists() and not into_used:
            raise Trouble(
                "This city holds cases already.", mend="take a database of its own, or say --into-used to mix the two."
            )
        else:
            said = wanted | {"until": (until or now.replace(second=0, microsecond=0)).isoformat()}
            _note(said)
        end = datetime.fromisoformat(said["until"])
        return cls(Plan(city().code, cases, seed, years_before(end, years), end), now)

    def run(self, *, processes: int) -> None:
        """Every case of the plan is in the database, and what it took is on the screen."""
        began = time.monotonic()
        people = self._prepare()
        click.echo(f"{people} made-up people hold their posts ({time.monotonic() - began:.0f} s).")
        left = self._left()
        wanted = sum(map(len, left))
        if wanted < self.plan.cases:
            click.echo(f"{self.plan.cases - wanted} cases are there already.")
        began = time.monotonic()
        with gathering():
            fresh = self._tell(left, processes, wanted) if left else 0
        if self._left():
            raise Trouble("A process ended before its work.", mend="run the same command to go on.")
        self._finish()
        took, used = time.monotonic() - began, _processor_seconds()
        click.echo(
            f"{fresh} cases in {took:.0f} s, {fresh / max(took, 0.001):.0f} a second; {used:.0f} s of processor time "
            f"beside the database's."
        )

    def _prepare(self) -> int:
        public_key()  # made here, once, before several need it
        span = (self.now.year - self.plan.since.year) * 12 + self.now.month - self.plan.since.month
        ready_months(self.plan.since, ahead=span + 14)
        return employ(seed=self.plan.seed, now=self.now)

    def _left(self) -> list[range]:
        batches = self.plan.batches()
        there = known(self.plan.key(batch[0]) for batch in batches)
        return [batch for batch in batches if self.plan.key(batch[0]) not in there]

    def _tell(self, left: Sequence[range], processes: int, wanted: int) -> int:
        began, fresh = time.monotonic(), 0
        done = self._alone(left) if processes == 1 else self._together(left, processes)
        with click.progressbar(length=wanted, label="Simulating", item_show_func=lambda rate: rate) as bar:
            for count in done:
                fresh += count
                bar.update(count, f"{fresh / (time.monotonic() - began):.0f} a second")
        return fresh

    def _alone(self, left: Sequence[range]) -> Iterator[int]:
        teller = Teller(self.plan, now=self.now)
        yield from map(teller.bring, left)

    def _together(self, left: Sequence[range], processes: int) -> Iterator[int]:
        """Yields what each batch brought. Interrupted, each process ends the batch it is at."""
        connection.close()
        spawn, ours, workers = multiprocessing.get_context("spawn"), [], []
        for number in range(processes):
            here, there = spawn.Pipe(duplex=False)
            worker = spawn.Process(target=work, args=(self.plan, self.now, left[number::processes], there))
            worker.start()
            there.close()
            ours.append(here)
            workers.append(worker)
        try:
            yield from _heard(ours)
        except KeyboardInterrupt:
            raise Trouble("Stopped; what is done is done.", mend="run the same command to go on.") from None
        finally:
            _dismiss(ours, workers)

    def _finish(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(LOADED)}")


def _heard(ends: Sequence[Connection]) -> Iterator[int]:
    """Yield each number a worker sends until all have closed their ends; a worker's trouble is ours."""
    open_ = list(ends)
    while open_:
        for end in wait(open_):
            assert isinstance(end, Connection)
            try:
                said = end.recv()
            except EOFError:
                open_.remove(end)
                continue
            if isinstance(said, str):
                raise Trouble(f"A process failed:\n{said}", mend="see above, then run the same command to go on.")
            yield said


def _dismiss(ends: Sequence[Connection], workers: Sequence[SpawnProcess]) -> None:
    for end in ends:
        end.close()  # whoever sends now knows that nobody listens
    for worker in workers:
        worker.join()


def _noted() -> dict[str, Any]:
    """What was agreed on for this database; empty when nothing was simulated in it."""
    with connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.execute("SELECT digest FROM citong_loaded WHERE what = %s", [NOTED])
        found = cursor.fetchone()
    return dict(json.loads(found[0])) if found else {}


def _note(said: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [NOTED, json.dumps(said)])


def _processor_seconds() -> float:
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime
