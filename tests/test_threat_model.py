"""What the pages of the threat model say is shown somewhere is there to be read."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE, STREET = ((ROOT / f"docs/{name}.md").read_text("utf-8") for name in ("threat-model", "threat-model-street"))
NAMED = sorted(set(re.findall(r"`((?:citong|tests)/[\w/]+\.py)(?:::(\w+))?`", PAGE + STREET)))
ATTACKERS = PAGE.split("\n## ")[2:] + STREET.split("\n## ")[1:]


@pytest.mark.parametrize(("path", "test"), NAMED)
def test_every_module_and_test_it_names_is_there(path: str, test: str) -> None:
    assert (ROOT / path).is_file()
    assert not test or f"\ndef {test}(" in (ROOT / path).read_text("utf-8")


@pytest.mark.parametrize("attacker", ATTACKERS, ids=lambda text: text.partition("\n")[0])
def test_each_attacker_has_a_table_and_an_honest_end(attacker: str) -> None:
    rows = [row.strip("|").split(" | ") for row in attacker.splitlines() if row.startswith("| ")]
    assert rows[0] == [" Tries", "Stopped by", "Shown by "]
    assert len(rows) > 3 and all(len(row) == 3 and "`" in row[2] for row in rows[2:])
    assert "**Not stopped.**" in attacker


@pytest.mark.parametrize("page", [PAGE, STREET], ids=["platform", "street"])
def test_the_page_stays_readable(page: str) -> None:
    assert len(page.splitlines()) <= 210
