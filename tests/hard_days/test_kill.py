"""The kill test as a test: how long is in CITONG_HARD_SECONDS, which day it is in CITONG_HARD_SEED."""

import os
import subprocess
import sys

import pytest

from tests.hard_days.town import TREE


@pytest.mark.hard_days
def test_whatever_is_killed_under_load_nothing_answered_is_lost_or_done_twice() -> None:
    seed = os.environ.get("CITONG_HARD_SEED")
    options = ["--seconds", os.environ.get("CITONG_HARD_SECONDS", "20"), *(["--seed", seed] if seed else [])]
    command = [sys.executable, "-m", "tests.hard_days.kill", *options]
    done = subprocess.run(
        command, cwd=TREE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )  # fmt: skip
    print(done.stdout)
    assert done.returncode == 0, done.stdout
