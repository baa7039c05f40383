"""Moving in: messages that become cases now, and another system's history, each beside a plain COPY of its rows."""

import csv
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg

from bench.cast import Cast, Words
from bench.figures import Figure
from bench.house import CITONG
from bench.machine import ROOT
from bench.run import WORK, Run

MESSAGES, HISTORY = 1_000, 20_000
HEADER = ("id", "title", "text", "opened", "category", "lon", "lat")
ENDED = ("closed", "state")
MAPPING = """
source = "bench"
[columns]
id = "id"
title = "title"
text = "text"
opened = "opened"
category = "category"
lon = "lon"
lat = "lat"
closed = "closed"
state = "state"
[values.state]
done = "closed"
"""
DONE = re.compile(r"^(\d+) cases (?:opened|came in).*?([\d.,]+) (?:rows|cases) a second", re.MULTILINE)


def measure(run: Run) -> Iterator[Figure]:
    """Rows a second as the command itself says them; each message is a whole opening, each old case one act."""
    messages = run.home / "messages.csv"
    _write(messages, run, count=MESSAGES, header=HEADER)
    yield _figure(run, "import of messages", ["messages", str(messages), "--yes"], messages)
    history, mapping = run.home / "history.csv", run.home / "history.toml"
    _write(history, run, count=HISTORY, header=[*HEADER, *ENDED])
    mapping.write_text(MAPPING)
    yield _figure(run, "import of a history", ["history", str(history), "--map", str(mapping), "--yes"], history)


def _figure(run: Run, name: str, command: Sequence[str], file: Path) -> Figure:
    done = subprocess.run(
        [*CITONG, "import", *command], cwd=ROOT, env=run.house.environment(WORK), capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    found = DONE.search(done.stdout)
    if done.returncode or not found or int(found[1]) == 0:
        said = f"{done.stdout[-400:]} {done.stderr[-300:]}"
        return Figure(name, run.size, note=f"ended with {done.returncode}: {' '.join(said.split())}")
    rate = float(found[2].replace(",", ""))
    details = {"rows": int(found[1])}
    return Figure(name, run.size, rate, "rows/s", _copy(run, file), "rows/s COPY", details=details)


def _write(file: Path, run: Run, *, count: int, header: Sequence[str]) -> None:
    """Random reports of the last months, those of a history closed after some days."""
    spots, words = Cast.read(run.cast).spots, Words(seed=count)
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for number in range(count):
            spot, text = spots[number % len(spots)], words.report()
            opened = now - timedelta(days=60 + number % 300, seconds=number)
            ended = [opened + timedelta(days=1 + number % 9), "done"] if len(header) > len(HEADER) else []
            writer.writerow([number, text[:30], text, opened, spot.category, spot.lon, spot.lat, *ended])


def _copy(run: Run, file: Path) -> float:
    """Rows a second of COPY of that file into a table of its own, committed."""
    data = file.read_bytes()
    header = data.split(b"\r\n", 1)[0].decode().split(",")
    with psycopg.connect(run.house.url(WORK), autocommit=True) as connection:
        connection.execute(f"CREATE TABLE bench_copied ({', '.join(f'{name} text' for name in header)})")
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy("COPY bench_copied FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(data)
        seconds = time.perf_counter() - began
        (rows,) = connection.execute("SELECT count(*) FROM bench_copied").fetchone() or (0,)
        connection.execute("DROP TABLE bench_copied")
    return int(rows) / seconds
