"""One run of a trial as a program of its own: libsumo holds one simulation, and its faults end no more than that.

Reads folder, plans and seed as JSON from standard input, writes the figures as one JSON line, or a fault.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

from citong.adapters.sumo.trial import run
from citong.core.signals.store import plan_from_json


def main(asked: dict[str, Any]) -> dict[str, Any]:
    """The figures, or {"fault": sentence}: those of libsumo do not cross to another process."""
    try:
        plans = {name: plan_from_json(plan) for name, plan in asked["plans"].items()}
        return asdict(run(asked["folder"], plans, asked["seed"], asked["corridors"]))
    except Exception as fault:
        return {"fault": str(fault)}


if __name__ == "__main__":
    answer = json.dumps(main(json.load(sys.stdin)))
    sys.stdout.write(f"\n{answer}\n")
