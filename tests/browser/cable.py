"""A cable between a phone and the city: it can be cut, and then nothing answers at the city's address."""

import selectors
import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit

PIECE = 65_536


class Cable:
    """`url` leads to the server while the cable is whole. Cut, connections break and none can be made."""

    def __init__(self, to: str) -> None:
        self._to = ("127.0.0.1", urlsplit(to).port or 80)
        self._port = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._listening: socket.socket | None = None
        self.mend()
        self.url = f"http://localhost:{self._port}"

    def mend(self) -> None:
        """The way is open, at the address it always had."""
        self._listening = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Nobody answers any more, and whatever was under way is torn."""
        listening, self._listening = self._listening, None
        if listening is not None:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
            listening.close()
        with self._lock:
            torn, self._open = self._open, set()
        for one in torn:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _address = listening.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        with near, socket.create_connection(self._to) as far, selectors.DefaultSelector() as ready, suppress(OSError):
            with self._lock:
                self._open |= {near, far}
            ready.register(near, selectors.EVENT_READ, far)
            ready.register(far, selectors.EVENT_READ, near)
            while self._pass_on(ready):
                pass
        with self._lock:
            self._open -= {near, far}

    @staticmethod
    def _pass_on(ready: selectors.BaseSelector) -> bool:
        for key, _events in ready.select():
            one = key.fileobj
            assert isinstance(one, socket.socket)
            data = one.recv(PIECE)
            if not data:
                return False
            key.data.sendall(data)
        return True
