"""SUMO's own ways to lead signals, on the phases a plan ships with, written as an additional file."""

from collections.abc import Iterable
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from citong.core.signals.model import Junction, Span

SHORTEST, LONGEST = "5", "50"
"""Seconds of green."""


def write_programs(junctions: Iterable[Junction], *, kind: str, path: Path) -> Path:
    """The file now holds a program of this kind (`actuated`, `delay_based`) for each junction."""
    root = Element("additional")
    for junction in junctions:
        logic = SubElement(root, "tlLogic", id=junction.name, type=kind, programID=kind, offset="0")
        for span in junction.plan.spans:
            _phase(logic, span)
    path.write_bytes(tostring(root))
    return path


def _phase(logic: Element, span: Span) -> None:
    phase = SubElement(logic, "phase", duration=f"{span.seconds:g}", state=span.state)
    if set(span.state) & set("Gg") and "y" not in span.state:
        phase.set("minDur", f"{min(float(SHORTEST), span.seconds):g}")
        phase.set("maxDur", LONGEST)
