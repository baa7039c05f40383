"""One process of several that tell a simulation. Nothing of Django may be loaded before it is set up here."""

import gc
import signal
import traceback
from collections.abc import Sequence
from datetime import datetime
from multiprocessing.connection import Connection

from citong.cli.simulation.plan import Plan

BATCHES_BETWEEN_SWEEPS = 10


def work(plan: Plan, now: datetime, batches: Sequence[range], heard: Connection) -> None:
    """Brings the batches and says so after each, until nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    import django

    django.setup()
    from citong.cli.simulation.lives import Teller

    gc.disable()  # nothing here goes in circles but what is swept below
    try:
        teller = Teller(plan, now=now)
        for turn, batch in enumerate(batches):
            heard.send(teller.bring(batch))
            if turn % BATCHES_BETWEEN_SWEEPS == 0:
                gc.collect()
    except (BrokenPipeError, ConnectionResetError):
        return
    except Exception:
        heard.send(traceback.format_exc())
