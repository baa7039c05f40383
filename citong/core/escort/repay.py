"""What waiting traffic gets back: the starved approaches first, then the plan in force."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from citong.core.escort.settings import Settings
from citong.core.escort.stages import PREFIX
from citong.core.signals.model import Junction


@dataclass(frozen=True, slots=True)
class Repayment:
    """One stage for so many seconds."""

    stage: int
    seconds: float


def repayment(
    junction: Junction, starved: Collection[int], standing: Mapping[str, float], *, settings: Settings
) -> Repayment | None:
    """The stage of the plan that serves most of those who stand at starved groups; None where few stand.

    `standing`: vehicles by lane. The green asked for is that of the longest of their queues, bounded.
    """
    best, most = None, 0.0
    for number, stage in enumerate(junction.stages):
        if stage.name.startswith(PREFIX):
            continue
        greens = stage.greens & frozenset(starved)
        lanes = {movement.lane for movement in junction.movements if movement.group in greens}
        queues = [standing.get(lane, 0.0) for lane in lanes]
        if queues and max(queues) >= settings.repay_from and sum(queues) > most:
            green = settings.startup + settings.headway * max(queues)
            best, most = Repayment(number, min(green, settings.repay_longest)), sum(queues)
    return best
