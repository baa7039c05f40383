"""The city's own server (uvicorn over ASGI) in a thread of the tests, so that live screens work as they do in a city.

It shares the process with the tests: the test database, its settings and everything held in memory are the same.
"""

import socket
import threading
from typing import Any

import uvicorn
from django.core.asgi import get_asgi_application

ENDS_WITHIN_SECONDS = 20.0


class Server:
    """`url` answers until `stop`; `rest` waits until no request is under way."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        # By this name, because passkeys belong to a host name and never to a number.
        self.url = f"http://localhost:{self._socket.getsockname()[1]}"
        self._application: Any = get_asgi_application()
        self._under_way = 0
        self._changed = threading.Condition()
        config = uvicorn.Config(
            self._counted, interface="asgi3", log_level="warning", lifespan="off", timeout_graceful_shutdown=5
        )
        self._uvicorn = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._uvicorn.run, kwargs={"sockets": [self._socket]}, daemon=True)
        self._thread.start()

    def rest(self) -> None:
        """Every request has ended: nobody holds the database."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._under_way == 0, ENDS_WITHIN_SECONDS):
                raise TimeoutError(f"{self._under_way} requests do not end.")

    def stop(self) -> None:
        """The server has ended."""
        self._uvicorn.should_exit = True
        self._thread.join(ENDS_WITHIN_SECONDS)

    async def _counted(self, scope: Any, receive: Any, send: Any) -> None:
        self._count(1)
        try:
            await self._application(scope, receive, send)
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._changed:
            self._under_way += change
            self._changed.notify_all()
