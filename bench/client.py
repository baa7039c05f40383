"""A small HTTP client on keep-alive connections, cheap enough not to be what is measured."""

import json
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlsplit

MOST_IDLE_SECONDS = 3  # servers close a connection that is idle for longer


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    def json(self) -> Any:
        return json.loads(self.body)


class Connection:
    """One kept connection to a server, asked one request at a time."""

    def __init__(self, base: str, *, headers: Mapping[str, str] | None = None) -> None:
        parts = urlsplit(base)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        lines = {"Host": parts.netloc, "Accept-Language": "zh-hans"} | dict(headers or {})
        self._fixed = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        self._socket: socket.socket | None = None
        self._held, self._used = b"", 0.0

    def get(self, path: str, *, expect: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
        return self.ask("GET", path, headers=headers or {}, expect=expect)

    def post(self, path: str, body: Any, *, headers: Mapping[str, str], expect: int = 200) -> Answer:
        """The body is sent as JSON, or as it is when it is bytes and the headers name its type."""
        given = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        typed = {"Content-Type": "application/json"} | dict(headers)
        return self.ask("POST", path, headers=typed, body=given, expect=expect)

    def ask(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes = b"", expect: int = 200
    ) -> Answer:  # fmt: skip
        """The answer; raises RuntimeError when its status is another than expected."""
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        length = f"Content-Length: {len(body)}\r\n" if body or method == "POST" else ""
        sent = f"{method} {path} HTTP/1.1\r\n{self._fixed}{lines}{length}\r\n".encode() + body
        began = time.perf_counter()
        if self._socket is None or began - self._used > MOST_IDLE_SECONDS:
            self._open()
        assert self._socket is not None
        self._socket.sendall(sent)
        status, given, content = self._read()
        self._used = time.perf_counter()
        answer = Answer(status, given, content, self._used - began)
        if given.get("connection") == "close":
            self.close()
        if status != expect:
            raise RuntimeError(f"{method} {path} answers {status}: {content[:300].decode(errors='replace')}")
        return answer

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._held = None, b""

    def _open(self) -> None:
        self.close()
        self._socket = socket.create_connection(self._address, timeout=120)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def _more(self) -> None:
        assert self._socket is not None
        if not (received := self._socket.recv(65536)):
            raise RuntimeError("the server closed the connection")
        self._held += received

    def _take(self, count: int) -> bytes:
        while len(self._held) < count:
            self._more()
        taken, self._held = self._held[:count], self._held[count:]
        return taken

    def _until(self, mark: bytes) -> bytes:
        while (found := self._held.find(mark)) < 0:
            self._more()
        return self._take(found + len(mark))[: -len(mark)]

    def _read(self) -> tuple[int, dict[str, str], bytes]:
        first, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if int(first.split()[1]) in (204, 304):
            return int(first.split()[1]), headers, b""
        if headers.get("transfer-encoding") == "chunked":
            return int(first.split()[1]), headers, self._chunks()
        if "content-length" not in headers:  # the end of the connection is the end of the body
            return int(first.split()[1]), headers | {"connection": "close"}, self._rest()
        return int(first.split()[1]), headers, self._take(int(headers["content-length"]))

    def _rest(self) -> bytes:
        assert self._socket is not None
        while received := self._socket.recv(65536):
            self._held += received
        return self._take(len(self._held))

    def _chunks(self) -> bytes:
        whole = b""
        while size := int(self._until(b"\r\n"), 16):
            whole += self._take(size)
            self._take(2)
        self._until(b"\r\n")
        return whole


@dataclass
class Load:
    """What a round of requests gave: operations done, in which time, and each one's seconds."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return len(self.each) / self.seconds if self.seconds else 0.0

    def part_ms(self, part: float) -> float:
        """The quantile `part` of an operation's time in ms."""
        return quantile(self.each, part) * 1000


def quantile(values: list[float], part: float) -> float:
    """The value below which that part of the values lies."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def drive(work: Callable[[int], object], *, clients: int, seconds: float) -> Load:
    """`work(client)` done again and again by each of the clients at once, until the time is over.

    What is under way then is still finished and counted with its time. The first fault ends the round and is raised.
    """
    load, faults = Load(), list[BaseException]()
    began = time.perf_counter()
    end = began + seconds

    def run(client: int) -> None:
        try:
            while not faults and (now := time.perf_counter()) < end:
                work(client)
                load.each.append(time.perf_counter() - now)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run, args=(client,), daemon=True) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    load.seconds = time.perf_counter() - began
    return load


def middle(values: list[float]) -> float:
    """The median, 0 of nothing."""
    return median(values) if values else 0.0
