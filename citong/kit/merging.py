"""Three sides of a field: what stands here, what somebody says, and what that somebody had seen.

The phone goes by the same rules (field/src/merging.ts); both are held to kit/tests/merging.json.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Merge(StrEnum):
    """What happens to a field that changed on both sides."""

    FIELD = "field"  # the later word stands, and a person is shown both
    GUARDED = "guarded"  # what stands is not touched; a person decides


@dataclass(frozen=True)
class Said:
    """When a field got its value: the record's version then, and the run of changes that said it."""

    version: int
    by: str


@dataclass
class Merged:
    """What becomes of the given fields; those that say what stands already are in none of these."""

    taken: dict[str, Any] = field(default_factory=dict)  # to be written
    over: dict[str, Any] = field(default_factory=dict)  # of those, the value that stood there unseen
    waiting: dict[str, Any] = field(default_factory=dict)  # for a person to decide


def merge(
    rules: Mapping[str, Merge],
    values: Mapping[str, Any],
    said: Mapping[str, Said],
    *,
    given: Mapping[str, Any],
    base: int,
    branch: str,
) -> Merged:
    """What to do with each given field of a record, whose sender had seen its version `base`.

    A field that is not there is an empty one. A run of changes without a network is a branch; what the same branch said
    before is no surprise to it.
    """
    result = Merged()
    for name, value in given.items():
        now, last = values.get(name, ""), said.get(name)
        if now == value:
            continue
        unseen = last is not None and last.version > base and last.by != branch
        if unseen and rules[name] is Merge.GUARDED:
            result.waiting[name] = value
            continue
        result.taken[name] = value
        if unseen:
            result.over[name] = now
    return result
