"""Small networks made for tests: nothing of a real city."""

from citong.adapters.sumo.made import Recipe

SIGNALS = ("--default-junction-type", "traffic_light")
SMALL = Recipe(
    "small",
    ("--grid", "--grid.number", "2", "--grid.length", "200", "--grid.attach-length", "200", "-L", "2", *SIGNALS),
    vehicles_an_hour=1800, seconds=900,
)  # fmt: skip
