"""What a measurement is given: the size, how long and how often, and the files beside the databases."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures import Figure
from bench.house import Home

WORK, TWIN, BESIDE = "work", "twin", "beside"
FILES = ("home", "samples", "cast", "cast_beside")


@dataclass(frozen=True)
class Run:
    """One size of one run. The databases WORK and TWIN are copies of one of that size, BESIDE of the smallest one.

    `samples` is a file of bench.writes, `cast` and `cast_beside` are files of bench.cast.
    """

    size: int
    smallest: int
    rounds: int
    seconds: float
    home: Path
    samples: Path
    cast: Path
    cast_beside: Path

    def written(self) -> str:
        """For `read`, in another process."""
        return json.dumps(vars(self), default=str)

    @classmethod
    def read(cls, text: str) -> "Run":
        given: dict[str, Any] = json.loads(text)
        return cls(**given | {name: Path(given[name]) for name in FILES})

    @property
    def house(self) -> Home:
        """The home, whose database runs already."""
        return Home(self.home)


Measurement = Callable[[Run], Iterator[Figure]]
