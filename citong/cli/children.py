"""Processes under one parent: none outlives it, and one that falls is started again."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
STEADY_AFTER_SECONDS = 15
LONGEST_PAUSE_SECONDS = 30


def die_with_parent(request: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends that signal to the child when its parent dies (Linux only)."""
    if sys.platform != "linux":
        return None
    library, parent = ctypes.CDLL(None, use_errno=True), os.getpid()

    def tie() -> None:
        library.prctl(PR_SET_PDEATHSIG, int(request))
        if os.getppid() != parent:  # died before the tie was made
            os._exit(1)

    return tie


@dataclass
class Child:
    """One process of the house, with its log file and its history of falls."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    passed_descriptors: tuple[int, ...] = ()
    orphaned: signal.Signals = signal.SIGTERM  # what the kernel sends it when the parent dies
    process: "subprocess.Popen[bytes] | None" = None
    falls: int = 0
    started_at: float = 0.0
    due_at: float | None = field(default=None)

    def start(self) -> None:
        """The process runs, in a group of its own so that Ctrl-C reaches the parent alone."""
        self.due_at, self.started_at = None, time.monotonic()
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                pass_fds=self.passed_descriptors,
                start_new_session=True,
                preexec_fn=die_with_parent(self.orphaned),
            )

    def watch(self) -> str | None:
        """A fallen process starts again when its pause is over; returns a sentence when it fell."""
        now = time.monotonic()
        if self.due_at is not None:
            if now >= self.due_at:
                self.start()
            return None
        if self.process is None or (code := self.process.poll()) is None:
            return None
        self.falls = 1 if now - self.started_at > STEADY_AFTER_SECONDS else self.falls + 1
        pause = min(2 ** (self.falls - 1), LONGEST_PAUSE_SECONDS)
        self.due_at = now + pause
        return f"{self.name} ended with code {code} and starts again in {pause} s (see {self.log})"

    def ask_to_stop(self) -> None:
        """The process is asked to end; nothing starts it again."""
        self.due_at = None
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait_stopped(self, *, within_seconds: float) -> None:
        """The process has ended: by itself within that time, or killed."""
        if self.process is None:
            return
        try:
            self.process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
