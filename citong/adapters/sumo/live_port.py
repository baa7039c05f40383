"""The door of other processes to the lights of a live city: a `SignalPort` over the Unix socket in the home.

`port` is what the setting SIGNAL_PORT names. Needs no SUMO. Which lights there are stands in a file beside the socket,
so that it is known while the simulator is away; everything else then raises `NoContact`, and at once.
"""

import json
import os
import socket
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from citong.adapters.sumo import live_wire as wire
from citong.core.signals.model import Junction
from citong.core.signals.port import Answer, Ask, Detected, NoContact, Reading
from citong.core.signals.store import BadTable, junction_from_json, junction_to_json

FOLDER, SOCKET, LIGHTS = "street", "door", "lights.json"
WITHIN = 1.0
"""Seconds in which an answer comes, or none."""
REST = 3.0
"""Seconds for which nobody is asked again after one who did not answer in time."""


class LivePort:
    """A `SignalPort`. `folder` holds the socket and the list of lights."""

    def __init__(self, folder: Path, *, within: float = WITHIN) -> None:
        self.folder, self.within = folder, within
        self._rests_until = 0.0
        self._known: tuple[tuple[int, int], Mapping[str, Junction]] = (0, 0), {}

    def junctions(self) -> Mapping[str, Junction]:
        """Every light that the simulator listed last; none where it never ran."""
        path = self.folder / LIGHTS
        try:
            stands = path.stat()
            now = stands.st_mtime_ns, stands.st_size
            if now != self._known[0]:
                rows = json.loads(path.read_text(encoding="utf-8"))
                self._known = now, {one["name"]: junction_from_json(one) for one in rows}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, BadTable):
            return self._known[1]
        return self._known[1]

    def reading(self, junction: str) -> Reading:
        """What the light shows."""
        return wire.reading_of(self._asked("reading", junction))

    def detectors(self, junction: str) -> Mapping[str, Detected]:
        """What is seen on its lanes, before and behind it."""
        return wire.detected_of(self._asked("detectors", junction))

    def request_stage(self, junction: str, stage: int, ask: Ask) -> Answer:
        """The stage is wanted until the ask expires."""
        return wire.answer_of(self._asked("request_stage", junction, stage=stage, ask=_plain(ask)))

    def set_plan(self, junction: str, plan: str, ask: Ask) -> Answer:
        """The named plan is wanted until the ask expires."""
        return wire.answer_of(self._asked("set_plan", junction, plan=plan, ask=_plain(ask)))

    def release(self, junction: str, ask: Ask) -> Answer:
        """The light is let go."""
        return wire.answer_of(self._asked("release", junction, ask=_plain(ask)))

    def _asked(self, do: str, junction: str, **more: Any) -> Any:
        if time.monotonic() < self._rests_until:
            raise NoContact(junction, "The simulator did not answer in time.")
        try:
            said = wire.read(self._line(wire.asking(do, junction=junction, **more)))
        except TimeoutError as fault:
            self._rests_until = time.monotonic() + REST
            raise NoContact(junction, "The simulator did not answer in time.") from fault
        except (OSError, wire.BadLine) as fault:
            raise NoContact(junction, f"The simulator is away: {fault}") from fault
        if "fault" in said:
            raise NoContact(junction, str(said["fault"]))
        return said.get("said")

    def _line(self, asked: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as line, line.makefile("rb") as answers:
            line.settimeout(self.within)
            line.connect(str(self.folder / SOCKET))
            line.sendall(asked)
            return answers.readline(wire.LONGEST)


def _plain(ask: Ask) -> dict[str, Any]:
    return {"id": ask.id, "by": ask.by, "reason": ask.reason, "at": ask.at, "until": ask.until}


def list_lights(folder: Path, junctions: Mapping[str, Junction]) -> None:
    """The file beside the socket lists these lights; whole or not at all."""
    fresh = folder / f"{LIGHTS}.new"
    fresh.write_text(json.dumps([junction_to_json(one) for one in junctions.values()]), encoding="utf-8")
    fresh.replace(folder / LIGHTS)


def port() -> LivePort:
    """The door to the city that `citong signals simulate` runs on this home; what SIGNAL_PORT names."""
    return LivePort(Path(os.environ["CITONG_HOME"]) / FOLDER)
