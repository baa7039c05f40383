"""From wishes to asks at the port: renewed each second, let go when no longer wished, refused ones told."""

from collections.abc import Iterable

from citong.core.escort.conductor import Wish
from citong.core.escort.settings import PRESET, Settings
from citong.core.signals.port import Ask, NoContact, Refused, SignalPort
from citong.kit.ids import uuid7


class Asking:
    """Keeps what is asked of each light, so that it can be let go. Asks expire by themselves if this one dies."""

    def __init__(self, port: SignalPort, settings: Settings = PRESET) -> None:
        self.port, self.settings = port, settings
        self.held: dict[str, tuple[int, str]] = {}
        self.refused: list[Refused] = []
        self.silent: set[str] = set()

    def send(self, wishes: Iterable[Wish], *, now: float) -> None:
        """Every wish is asked or renewed; lights no longer wished are released."""
        wanted = {wish.junction: wish for wish in wishes}
        for junction in [name for name in self.held if name not in wanted]:
            self._release(junction, now)
        for wish in wanted.values():
            self._request(wish, now)

    def _request(self, wish: Wish, now: float) -> None:
        by = wish.escort or "repay"
        ask = Ask(_id(), by, wish.reason, now, now + self.settings.life)
        self.held[wish.junction] = (wish.stage, by)
        try:
            answer = self.port.request_stage(wish.junction, wish.stage, ask)
        except NoContact:
            self.silent.add(wish.junction)
            return
        self.silent.discard(wish.junction)
        if isinstance(answer, Refused):
            self.refused.append(answer)

    def _release(self, junction: str, now: float) -> None:
        _, by = self.held.pop(junction)
        try:
            self.port.release(junction, Ask(_id(), by, "release", now, now + self.settings.life))
        except NoContact:
            self.silent.add(junction)


def _id() -> str:
    """Never used before, by nobody: a device does an id once, whoever said it."""
    return str(uuid7())
