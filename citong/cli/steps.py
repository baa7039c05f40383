"""One printed line for each step of a start, with the time it took."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from citong.cli.trouble import Trouble


class Steps:
    """Numbers the steps of a start; `done` of them were printed by the script that called us."""

    def __init__(self, total: int, *, done: int = 0) -> None:
        self.done, self.total = done, done + total

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """The line is begun before the work and ended with its time, or with the word failed."""
        self.done += 1
        began = time.monotonic()
        click.echo(f"[{self.done:2}/{self.total}] {name} … ", nl=False)
        try:
            yield
        except BaseException as error:
            click.echo("stopped" if isinstance(error, KeyboardInterrupt) else "failed")
            raise
        click.echo(f"{time.monotonic() - began:.1f} s")


def run_quietly(command: list[str], *, environment: dict[str, str], log: Path, what: str) -> None:
    """The command ended well and its words are in the log; else raises Trouble and shows their last lines."""
    with log.open("a+b") as output:
        begins = output.tell()
        done = subprocess.run(command, env=environment, stdout=output, stderr=output, check=False)
        if done.returncode == 0:
            return
        output.seek(begins)
        said = output.read().decode(errors="replace").strip().splitlines()[-12:]
    click.echo("\n".join(f"    {line}" for line in said), err=True)
    raise Trouble(f"{what} failed.", mend=f"see the lines above and {log}, then start again.")
