"""The merging of fields, by the examples that the phone's own code is held to as well."""

import json
from pathlib import Path
from typing import Any

import pytest

from citong.kit.merging import Merge, Said, merge

EXAMPLES = json.loads((Path(__file__).parent / "merging.json").read_text())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["it"])
def test_merging(example: dict[str, Any]) -> None:
    merged = merge(
        {name: Merge(rule) for name, rule in example["rules"].items()}, example["values"],
        {name: Said(*said) for name, said in example["said"].items()},
        given=example["given"], base=example["base"], branch=example["branch"],
    )  # fmt: skip
    assert (merged.taken, merged.over, merged.waiting) == (example["taken"], example["over"], example["waiting"])
