"""What processes cost: CPU seconds and memory, read from /proc."""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def children(parent: int) -> list[int]:
    """Ids of the processes whose parent is `parent`."""
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if _parent(path) == parent]


def command(pid: int) -> str:
    """The command line, blanks between its words; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def cpu_seconds(pids: Iterable[int], *, with_ended_children: bool = False) -> float:
    """CPU time, user and system, that the processes have used so far."""
    return sum(_ticks(pid, with_ended_children) for pid in pids) / TICKS


def database_cpu_seconds(postmaster: int) -> float:
    """CPU time of a PostgreSQL server: its processes, and those that ended."""
    return cpu_seconds([postmaster], with_ended_children=True) + cpu_seconds(children(postmaster))


def busy_seconds() -> float:
    """CPU time that the whole machine has used, all cores."""
    user, nice, system, _idle, _wait, irq, soft, steal = _machine()[:8]
    return (user + nice + system + irq + soft + steal) / TICKS


def memory_mb(pid: int) -> Mapping[str, float]:
    """{"rss": …, "pss": …} of a process in MB; shared pages count in full in rss, by share in pss."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found = {line.split(":")[0]: line.split() for line in text.splitlines() if ":" in line}
    return {name.lower(): int(found[name][1]) / 1024 for name in ("Rss", "Pss") if name in found}


def _machine() -> list[int]:
    return [int(word) for word in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]


def _fields(path: Path) -> list[str]:
    # The name of a process stands in brackets and may hold blanks.
    return path.read_text().rpartition(")")[2].split()


def _parent(path: Path) -> int:
    try:
        return int(_fields(path)[1])
    except (OSError, IndexError):
        return 0


def _ticks(pid: int, with_ended_children: bool) -> int:
    try:
        fields = _fields(Path(f"/proc/{pid}/stat"))
    except OSError:
        return 0
    return sum(map(int, fields[11:15] if with_ended_children else fields[11:13]))
