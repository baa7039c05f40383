"""Templates and data become PDF/A by Typst: the same data always the same bytes, no network, no font of the machine."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import typst
from django.conf import settings

from citong.core.papers.fonts import fonts
from citong.core.papers.plain import plain, unwritten

STANDARD: Literal["a-2u"] = "a-2u"  # PDF/A-2b, and all text can be searched and copied
STYLE = Path(__file__).parent / "style"
NOWHERE = Path(__file__).parent / "style" / "none"  # where packages from the internet would be kept
MARK = "citong-paper"


class Unprintable(RuntimeError):
    """The template does not fit the data; says which template, and what Typst said."""


@dataclass(frozen=True)
class Rendered:
    """A PDF and its signature blocks: side, name, role, page (from 1), and left, top, width, height in points."""

    data: bytes
    places: list[dict[str, Any]]


def render(template: Path, data: Mapping[str, Any], *, made_at: datetime, zone: ZoneInfo | None = None) -> bytes:
    """The paper as PDF/A-2u; moments are told in that zone, the settings' if unsaid. Raises NoFont, Unprintable."""
    return rendered(template, data, made_at=made_at, zone=zone).data


def rendered(template: Path, data: Mapping[str, Any], *, made_at: datetime, zone: ZoneInfo | None = None) -> Rendered:
    """The paper with the places where it is to be signed."""
    compiler = _compiler(template, data, made_at=made_at, zone=zone)
    second = made_at.astimezone(UTC).replace(microsecond=0)
    try:
        pdf = compiler.compile(format="pdf", pdf_standards=STANDARD, timestamp=second)
        marks = json.loads(compiler.query("<signature-place>", field="value"))
    except typst.TypstError as fault:
        raise Unprintable(f"{template.name}: {fault}") from fault
    assert isinstance(pdf, bytes)
    return Rendered(pdf, [_place(mark) for mark in marks])


def pictures(template: Path, data: Mapping[str, Any], *, made_at: datetime, ppi: float = 80) -> list[bytes]:
    """The pages as PNG, to be looked at."""
    drawn = _compiler(template, data, made_at=made_at, zone=None).compile(format="png", ppi=ppi)
    return drawn if isinstance(drawn, list) else [drawn] if drawn else []


def _compiler(
    template: Path, data: Mapping[str, Any], *, made_at: datetime, zone: ZoneInfo | None
) -> typst.Compiler:  # fmt: skip
    given = plain({"made_at": made_at} | dict(data), zone=zone or ZoneInfo(settings.TIME_ZONE))
    given["unwritten"] = [f"U+{ord(sign):04X}" for sign in dict.fromkeys(unwritten(data))]
    return typst.Compiler(
        template, root=template.parent, font_paths=fonts(), ignore_system_fonts=True, package_path=STYLE,
        package_cache_path=NOWHERE, sys_inputs={"data": json.dumps(given, ensure_ascii=False)},
    )  # fmt: skip


def _place(mark: dict[str, Any]) -> dict[str, Any]:
    at = mark.pop("at")
    return mark | {"page": at["page"], "left": _points(at["x"]), "top": _points(at["y"])}


def _points(length: str) -> float:
    return round(float(length.removesuffix("pt")), 2)


def overlay(name: str, data: Mapping[str, Any], *, files: Mapping[str, bytes], into: Path) -> Path:
    """A PDF of the style's own, such as a seal, lies in that folder. `files` are pictures its data names."""
    for file, content in files.items():
        (into / file).write_bytes(content)
    compiler = typst.Compiler(
        (STYLE / f"{name}.typ").read_bytes(), root=into, font_paths=fonts(), ignore_system_fonts=True,
        package_path=STYLE, package_cache_path=NOWHERE, sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )  # fmt: skip
    made = into / f"{name}.pdf"
    compiler.compile(output=made, format="pdf", pdf_tags=False)
    return made
