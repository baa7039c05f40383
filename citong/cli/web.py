"""One web process: `python -m citong.cli.web DESCRIPTOR` serves the socket its parent has bound."""

import socket
import sys

import uvicorn


def serve(descriptor: int) -> None:
    """Requests on that listening socket are answered until SIGTERM; open streams get five seconds to end."""
    config = uvicorn.Config(
        "citong.project.asgi:application",
        access_log=False,  # addresses of residents do not belong in a log
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=5,
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
