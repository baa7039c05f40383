"""Rules: small pure classes with a legal source, checked when defined; numbers by date with their source."""

import datetime as dt
import sys
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

Value = TypeVar("Value")


class DeclarationError(Exception):
    """A declaration cannot be used. The message names what is wrong, where it stands and how to mend it."""

    def __init__(self, declared: type, wrong: str, *, mend: str) -> None:
        file = getattr(sys.modules.get(declared.__module__), "__file__", None) or declared.__module__
        super().__init__(f"{declared.__qualname__} {wrong} ({file}). {mend}")


@dataclass(frozen=True)
class Law:
    """An article of a published law or standard; `text` quotes what matters."""

    name: str
    article: int | str
    text: str = ""

    def __str__(self) -> str:
        return f"{self.name}, {self.article}"


@dataclass(frozen=True)
class CityDecision:
    """A decision of the city: its name and number, the day it was taken, the office that took it."""

    name: str
    number: str
    date: dt.date
    office: str

    def __str__(self) -> str:
        return f"{self.name}, {self.number} ({self.office}, {self.date:%Y-%m-%d})"


Source = Law | CityDecision


@dataclass(frozen=True)
class Parameter(Generic[Value]):
    """A number of the law or the city, by the date from which it holds."""

    name: str
    unit: str
    source: Source
    values: Mapping[dt.date, Value]

    def at(self, date: dt.date) -> Value:
        """The value in force on this date; LookupError before the first."""
        starts = sorted(self.values)
        index = bisect_right(starts, date)
        if not index:
            raise LookupError(f"{self.name} has no value on {date}: add one with its date and source.")
        return self.values[starts[index - 1]]


class Rule:
    """One rule, used as a class. A subclass gives label, unit, source, in_force_from and a static `formula`.

    `in_force_to` is the last day on which the rule holds, None while it does; `unit` is that of the result.
    """

    label: ClassVar[str]
    unit: ClassVar[str] = ""
    source: ClassVar[Source]
    in_force_from: ClassVar[dt.date]
    in_force_to: ClassVar[dt.date | None] = None
    formula: ClassVar[Callable[..., object]]

    def __init_subclass__(cls) -> None:
        """DeclarationError when an attribute is unknown or missing."""
        for name, value in vars(cls).items():
            if not (name in Rule.__annotations__ or name.startswith("_") or isinstance(value, Parameter)):
                known = ", ".join(Rule.__annotations__)
                raise DeclarationError(cls, f"has an unknown attribute {name}", mend=f"A rule has: {known}.")
        for name in Rule.__annotations__:
            if not hasattr(cls, name):
                raise DeclarationError(cls, f"has no {name}", mend=f"Give the rule its {name}.")
        if not isinstance(cls.source, Source):
            raise DeclarationError(cls, "has a source that is none", mend="Name a Law or a CityDecision.")
        if "formula" in vars(cls) and not isinstance(vars(cls)["formula"], staticmethod):
            mend = "Put @staticmethod above it and name its facts keyword-only."
            raise DeclarationError(cls, "has a formula that needs an object", mend=mend)

    @classmethod
    def in_force(cls, date: dt.date) -> bool:
        return cls.in_force_from <= date and (cls.in_force_to is None or date <= cls.in_force_to)
