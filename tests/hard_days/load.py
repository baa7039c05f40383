"""Clients that open cases and work on them, and write down what they were answered.

Whoever gets no answer sends the same command again with the same key, until there is one.
"""

import io
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from random import Random
from typing import Any

from PIL import Image

from tests.hard_days.town import CATEGORY, POINT, UNIT

ANSWERED_WITHIN_SECONDS = 240
PAUSE_SECONDS = 0.25
BOUNDARY = "the-end-of-a-part"
Step = tuple[str, str, dict[str, Any]]


@dataclass
class Command:
    """One command with its key, and the answer it got in the end."""

    key: str
    post: str
    act: str
    path: str
    body: dict[str, Any]
    authorization: str = ""
    photo: bytes = b""
    shared: bool = False  # others work on the case, too, so it may be refused
    number: str = ""
    status: int = 0
    answer: dict[str, Any] = field(default_factory=dict)
    tries: int = 0

    @property
    def done(self) -> bool:
        return 200 <= self.status < 300


class Journal:
    """Every answered command, and what the clients saw on the way."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.numbers: list[str] = []
        self.seen: Counter[str] = Counter()
        self.faults: list[str] = []
        self._lock = threading.Lock()

    def answered(self, command: Command) -> None:
        with self._lock:
            self.commands.append(command)
            if command.act == "open" and command.done:
                self.numbers.append(command.number)

    def saw(self, what: str) -> None:
        with self._lock:
            self.seen[what] += 1

    def fault(self, sentence: str) -> None:
        with self._lock:
            self.faults.append(sentence)


class Client(threading.Thread):
    """One sender: case after case, each some steps far, until `over`."""

    def __init__(self, name: str, *, port: int, keys: Mapping[str, str], journal: Journal, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.port, self.keys, self.journal, self.random = port, keys, journal, Random(f"{seed} {name}")
        self.over = threading.Event()
        self._connection: HTTPConnection | None = None
        self._count = 0

    def run(self) -> None:
        """Works until it is `over`; a fault of the client itself is one of the test."""
        try:
            while not self.over.is_set():
                self._work_on(self._opened())
        except Exception as fault:
            self.journal.fault(f"{self.name} broke: {fault!r}")
            raise

    def _opened(self) -> Command:
        token, guest = self._token(), self.random.random() < 0.2
        body = {"title": f"井盖 {token}", "text": f"东区门口井盖缺失 {token}", "category": CATEGORY, **POINT}
        if self.random.random() < 0.3:
            body |= {"email": f"{token}@example.org", "channels": ["email"]}
        post = "" if guest else "resident"
        command = Command(token, post, "open", "/api/v1/requests/cases", body, photo=self._photo(0.1))
        return self._sent(command)

    def _work_on(self, opened: Command) -> None:
        if not opened.done:
            self.journal.fault(f"opening {opened.key} was answered {opened.status} {opened.answer}")
            return
        for post, act, body in self._steps(opened):
            if self.random.random() < 0.07 or self.over.is_set():
                return
            done = self._sent(self._act(opened, post, act, body))
            if not done.done:
                self.journal.fault(f"{act} by {post} on {opened.number} was answered {done.status} {done.answer}")
                return
            if self.random.random() < 0.15:
                self._note_elsewhere()

    def _steps(self, opened: Command) -> Iterator[Step]:
        """The way of a case, with its detours."""
        yield "clerk", "accept", {"category": CATEGORY, "note": "?"}
        yield from self._perhaps(0.2, ("reporter", "supplement", {"note": "?"}))
        yield "dispatcher", "dispatch", {"unit": UNIT, "note": "?"}
        if self.random.random() < 0.15:
            yield "handler", "return", {"reason": "?"}
            yield "dispatcher", "dispatch", {"unit": UNIT, "note": "?"}
        yield from self._perhaps(0.5, ("handler", "take", {}))
        yield from self._perhaps(0.2, ("reporter", "urge", {"reason": "?"}))
        yield "handler", "feed_back", {"result": "?"}
        if self.random.random() < 0.15:
            yield "verifier", "rework", {"reason": "?"}
            yield "handler", "feed_back", {"result": "?"}
        yield "verifier", "close", {"way": "site", "note": "?"}
        yield "reporter", "rate", {"stars": "5", "comment": "?"}

    def _perhaps(self, share: float, step: Step) -> Iterator[Step]:
        if self.random.random() < share:
            yield step

    def _act(self, opened: Command, post: str, act: str, body: dict[str, Any]) -> Command:
        token, authorization = self._token(), ""
        if post == "reporter":
            post = opened.post
            authorization = "" if post else f"Receipt {opened.number} {opened.answer['secret']}"
        words = {name: token if value == "?" else value for name, value in body.items()}
        photo = self._photo(0.1) if act in ("supplement", "feed_back", "close") else b""
        path = f"/api/v1/cases/{opened.number}/acts/{act}"
        return Command(token, post, act, path, words, authorization, photo, number=opened.number)

    def _note_elsewhere(self) -> None:
        """A note on a case that another client works on."""
        number, token = self.random.choice(self.journal.numbers), self._token()
        path = f"/api/v1/cases/{number}/acts/note"
        command = self._sent(Command(token, "clerk", "note", path, {"note": token}, shared=True, number=number))
        if not command.done and command.status != 409:
            self.journal.fault(f"a note on {number} was answered {command.status} {command.answer}")

    def _token(self) -> str:
        self._count += 1
        return f"{self.name}-{self._count}-{self.random.randrange(10**9):09}"

    def _photo(self, share: float) -> bytes:
        if self.random.random() >= share:
            return b""
        drawn = io.BytesIO()
        Image.new("RGB", (48, 48), tuple(self.random.randrange(256) for _ in range(3))).save(drawn, "PNG")
        return drawn.getvalue()

    def _sent(self, command: Command) -> Command:
        """The command was answered, by whichever of its tries."""
        end = time.monotonic() + ANSWERED_WITHIN_SECONDS
        while True:
            command.tries += 1
            status, answer = self._try(command)
            self.journal.saw(str(status or answer.get("why")))
            if status and status < 500:
                break
            if status not in (0, 503):
                self.journal.fault(f"{command.path} was answered {status}: {answer}")
            assert time.monotonic() < end, f"no answer to {command.key} within {ANSWERED_WITHIN_SECONDS} s"
            time.sleep(PAUSE_SECONDS)
        command.status, command.answer = status, answer
        command.number = command.number or answer.get("number", "")
        self.journal.answered(command)
        return command

    def _try(self, command: Command) -> tuple[int, dict[str, Any]]:
        headers = {"Idempotency-Key": command.key, "Accept-Language": "en"}
        if command.post or command.authorization:
            headers["Authorization"] = command.authorization or f"Bearer {self.keys[command.post]}"
        media, body = _form(command) if command.photo else ("application/json", json.dumps(command.body).encode())
        try:
            if self._connection is None:
                self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._connection.request("POST", command.path, body, headers | {"Content-Type": media})
            response = self._connection.getresponse()
            return _read(response.status, response.read())
        except (OSError, HTTPException) as fault:
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            return 0, {"why": type(fault).__name__}


def _read(status: int, said: bytes) -> tuple[int, dict[str, Any]]:
    try:
        return status, json.loads(said)
    except ValueError:
        return status, {"said": said[:300].decode("utf-8", "replace")}


def _form(command: Command) -> tuple[str, bytes]:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{one}\r\n'.encode()
        for name, value in command.body.items()
        for one in (value if isinstance(value, list) else [value])
    ]
    disposition = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="a.png"\r\n'
    photo = disposition.encode() + b"Content-Type: image/png\r\n\r\n" + command.photo + b"\r\n"
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join([*parts, photo, f"--{BOUNDARY}--\r\n".encode()])
