"""What goes through the socket of a live city: one line of JSON asks, one answers. No clock, no socket here."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from citong.core.signals.port import Accepted, Answer, Ask, Detected, Mode, Reading, Refused, Why

VERSION = 1
LONGEST = 1_000_000
"""Bytes of a line; a longer one is not read."""


class BadLine(ValueError):
    """The line says nothing that this version understands."""


def asking(do: str, **said: Any) -> bytes:
    """A line that asks."""
    return _line({"v": VERSION, "do": do} | said)


def answering(said: Any) -> bytes:
    """A line that answers."""
    return _line({"v": VERSION, "said": said})


def failing(words: str) -> bytes:
    """A line that says why there is no answer."""
    return _line({"v": VERSION, "fault": words})


def read(line: bytes) -> dict[str, Any]:
    """What a line says. Raises BadLine."""
    try:
        said = json.loads(line)
    except ValueError as fault:
        raise BadLine("This is no line of JSON.") from fault
    if not isinstance(said, dict) or said.get("v") != VERSION:
        raise BadLine(f"This line is not of version {VERSION}.")
    return said


def ask_of(said: Mapping[str, Any]) -> Ask:
    """The ask that a line carries. Raises BadLine."""
    try:
        at, until = float(said["at"]), float(said["until"])
        if not at - at == until - until == 0.0:
            raise ValueError("no time")
        return Ask(str(said["id"]), str(said["by"]), str(said["reason"]), at, until)
    except (KeyError, TypeError, ValueError) as fault:
        raise BadLine("This ask lacks something.") from fault


def answer_to(answer: Answer) -> dict[str, Any]:
    """An answer as JSON values."""
    return asdict(answer)


def answer_of(said: Mapping[str, Any]) -> Answer:
    """An answer from JSON values. Raises BadLine."""
    try:
        if "why" in said:
            return Refused(str(said["id"]), Why(said["why"]), str(said["words"]))
        return Accepted(str(said["id"]), float(said["until"]))
    except (KeyError, TypeError, ValueError) as fault:
        raise BadLine("This is no answer.") from fault


def reading_of(said: Mapping[str, Any]) -> Reading:
    """A reading from JSON values. Raises BadLine."""
    try:
        return Reading(**dict(said) | {"mode": Mode(said["mode"])})
    except (KeyError, TypeError, ValueError) as fault:
        raise BadLine("This is no reading.") from fault


def detected_of(said: Mapping[str, Any]) -> dict[str, Detected]:
    """What detectors say, by lane, from JSON values. Raises BadLine."""
    try:
        return {lane: Detected(**one) for lane, one in said.items()}
    except (AttributeError, TypeError) as fault:
        raise BadLine("This is no word of detectors.") from fault


def _line(said: Mapping[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
