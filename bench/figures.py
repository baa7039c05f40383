"""A measured figure beside its reference, and the table of all of them."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

HEAD = ("measured", "cases", "ours", "reference", "ratio", "target", "reached")


@dataclass(frozen=True)
class Target:
    """What is to be reached: a bound on the figure itself or, with `of_ratio`, on its ratio to the reference."""

    least: float | None = None
    most: float | None = None
    of_ratio: bool = False
    unit: str = ""

    def reached(self, value: float) -> bool:
        return (self.least is None or value >= self.least) and (self.most is None or value <= self.most)

    def __str__(self) -> str:
        sign, bound = ("≥", self.least) if self.least is not None else ("≤", self.most)
        return f"ratio {sign} {bound:g}" if self.of_ratio else f"{sign} {bound:g} {self.unit}".rstrip()


@dataclass(frozen=True)
class Figure:
    """One line of the table. Without `ours` it says in `note` why it could not be measured."""

    name: str
    size: int
    ours: float | None = None
    unit: str = ""
    reference: float | None = None
    reference_name: str = ""
    target: Target | None = None
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """Ours ÷ reference."""
        return self.ours / self.reference if self.ours is not None and self.reference else None

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; None without a target or without a figure."""
        judged = self.ratio if self.target and self.target.of_ratio else self.ours
        return None if self.target is None or judged is None else self.target.reached(judged)

    def plain(self) -> dict[str, Any]:
        """For JSON: the fields with ratio and judgement."""
        target = str(self.target) if self.target else ""
        return asdict(self) | {"target": target, "ratio": self.ratio, "reached": self.reached}

    def stored(self) -> dict[str, Any]:
        """For `restored`, in another process."""
        return asdict(self)

    @classmethod
    def restored(cls, stored: dict[str, Any]) -> "Figure":
        target = Target(**stored["target"]) if stored["target"] else None
        return cls(**stored | {"target": target})

    def cells(self) -> tuple[str, ...]:
        """The columns of HEAD."""
        if self.ours is None:
            return self.name, f"{self.size:,}", "not measured", "", "", str(self.target or ""), ""
        reference = f"{number(self.reference)} {self.reference_name}" if self.reference is not None else ""
        judged = "" if self.reached is None else ("yes" if self.reached else "no")
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}" if self.ratio >= 0.05 else f"{self.ratio:.1g}"
        return (
            self.name, f"{self.size:,}", f"{number(self.ours)} {self.unit}", reference, ratio,
            str(self.target or ""), judged,
        )  # fmt: skip


def constant(figures: Sequence[Figure]) -> list[Figure]:
    """For each page at each size but the smallest: as many queries as at the smallest."""
    counted = [one for one in figures if "queries" in one.details]
    smallest: dict[str, Figure] = {}
    for one in counted:
        smallest[one.name] = min(smallest.get(one.name, one), one, key=lambda figure: figure.size)
    same = Target(most=1, of_ratio=True)
    return [
        Figure(
            f"{one.name}: queries", one.size, one.details["queries"], "", first.details["queries"],
            f"at {first.size:,}", same,
        )
        for one in counted if (first := smallest[one.name]) is not one
    ]  # fmt: skip


def number(value: float | None) -> str:
    """Three figures that tell something: 1,234; 56.7; 0.0123."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(figures: Iterable[Figure]) -> Iterable[str]:
    """The lines of the table, columns aligned; below a line its details or note, if any."""
    figures = list(figures)
    cells = [HEAD, *(figure.cells() for figure in figures)]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    yield _line(HEAD, widths)
    yield "  ".join("─" * one for one in widths)
    for figure, row in zip(figures, cells[1:], strict=True):
        yield _line(row, widths)
        if told := figure.note or "; ".join(f"{name} {_told(value)}" for name, value in figure.details.items()):
            yield f"    {told}"


def width(text: str) -> int:
    """Columns on a screen: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _told(value: Any) -> str:
    return number(value) if isinstance(value, float) else str(value)
