"""One web process: `python -m citong.cli.web DESCRIPTOR` serves the socket its parent has bound."""

import socket
import sys

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 65_536
TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Bounded(HttpToolsProtocol):
    """A request whose head does not end is cut off: the parser itself would gather it without end."""

    head = 0

    def data_received(self, data: bytes) -> None:
        """Count what came since the last head was whole."""
        super().data_received(data)
        self.head += len(data)
        if self.head > LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Another request on the same connection."""
        self.head = 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """From here on it is the body, which has a bound of its own."""
        self.head = -sys.maxsize
        super().on_headers_complete()


def configured(application: str = "citong.project.asgi:application") -> uvicorn.Config:
    """How a web process serves; its log lines go the way of all others."""
    return uvicorn.Config(
        application,
        http=Bounded,
        access_log=False,  # addresses of residents do not belong in a log
        log_config=None,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=5,
    )


def serve(descriptor: int) -> None:
    """Requests on that listening socket are answered until SIGTERM; open streams get five seconds to end."""
    uvicorn.Server(configured()).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
