"""The simulator's end of the socket: every line is read, asked of the live city, answered. Nothing said here can break
it: what is no line of the protocol gets a sentence."""

import os
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from citong.adapters.sumo import live_wire as wire
from citong.adapters.sumo.live_port import SOCKET, list_lights
from citong.core.signals.port import Ask, NoContact, SignalPort

LONGEST_PATH = 100
"""Bytes that the name of a Unix socket may have."""
SILENCE = 30.0
"""Seconds after which a line on which nothing comes is closed."""


class Door:
    """Listens while it is open; the socket can be used by its owner alone."""

    def __init__(self, port: SignalPort, folder: Path) -> None:
        """Raises OSError where no socket can be made there."""
        self.path = folder / SOCKET
        if len(os.fsencode(self.path)) > LONGEST_PATH:
            raise OSError(f"The name of the socket is too long: {self.path}. Choose a home with a shorter one.")
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        list_lights(folder, port.junctions())
        self.path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            self.server = _Server(str(self.path), _Line)
        finally:
            os.umask(before)
        self.server.port = port
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Nobody is answered any more."""
        self.server.shutdown()
        self.server.server_close()
        self.path.unlink(missing_ok=True)


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    port: SignalPort


class _Line(socketserver.StreamRequestHandler):
    timeout = SILENCE

    def handle(self) -> None:
        try:
            while line := self.rfile.readline(wire.LONGEST):
                self.wfile.write(answer(cast(_Server, self.server).port, line))
        except OSError:
            return


def answer(port: SignalPort, line: bytes) -> bytes:
    """The answer to one line."""
    try:
        said = wire.read(line)
        do = _DO.get(str(said.get("do")))
        if do is None:
            raise wire.BadLine("There is no such ask.")
        return wire.answering(do(port, str(said.get("junction")), said))
    except NoContact:
        return wire.failing("It is not among the lights of this city.")
    except wire.BadLine as fault:
        return wire.failing(str(fault))


def _detectors(port: SignalPort, junction: str, said: Mapping[str, Any]) -> dict[str, Any]:
    return {lane: asdict(one) for lane, one in port.detectors(junction).items()}


def _request(port: SignalPort, junction: str, said: Mapping[str, Any]) -> dict[str, Any]:
    stage = said.get("stage")
    if not isinstance(stage, int) or isinstance(stage, bool):
        raise wire.BadLine("A stage is a whole number.")
    return wire.answer_to(port.request_stage(junction, stage, _ask(said)))


def _ask(said: Mapping[str, Any]) -> Ask:
    given = said.get("ask")
    return wire.ask_of(given if isinstance(given, dict) else {})


_DO: Mapping[str, Callable[[SignalPort, str, Mapping[str, Any]], Any]] = {
    "reading": lambda port, junction, said: asdict(port.reading(junction)),
    "detectors": _detectors,
    "request_stage": _request,
    "set_plan": lambda port, junction, said: wire.answer_to(port.set_plan(junction, str(said.get("plan")), _ask(said))),
    "release": lambda port, junction, said: wire.answer_to(port.release(junction, _ask(said))),
}
