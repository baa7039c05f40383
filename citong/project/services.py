"""The services and adapters of this installation: one line each, and nothing else to touch."""

SERVICES = [
    "citong.services.requests",
    "citong.services.visits",
    "citong.services.errands",
    "citong.services.mediation",
    "citong.services.signals",
    "citong.services.escort",
]

ADAPTERS = [
    "citong.adapters.api",
    "citong.adapters.open311",
    "citong.adapters.field",
]
