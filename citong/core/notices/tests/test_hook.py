"""A message to a program outside is signed so that anybody can check it, and leads nowhere but outside."""

import base64
import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils import timezone
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from citong.core.notices import hook as sender
from citong.core.notices.deliver import deliver
from citong.core.notices.hook import send, signed_headers, told_key, told_secret
from citong.core.notices.models import Notice
from citong.core.notices.outside import is_outside, place_of
from tests.receiver import Message, Receiver

SECRET = bytes(range(32))
Report = Callable[..., Any]


def signed_by_the_city(message: Message) -> bool:
    """As a receiver checks it that knows the city's public key alone."""
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(told_key().removeprefix("whpk_")))
    headers = message.headers
    said = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + message.body
    (mark,) = [mark for mark in headers["webhook-signature"].split(" ") if mark.startswith("v1a,")]
    try:
        key.verify(base64.b64decode(mark.removeprefix("v1a,")), said)
    except InvalidSignature:
        return False
    return True


def test_an_independent_library_finds_the_signature_right(receiver: Receiver) -> None:
    assert send(receiver.url, id="m1", body=b'{"a":"\xe5\xad\x97"}', secrets=[SECRET]) == 204
    (message,) = receiver.taken
    assert Webhook(told_secret(SECRET)).verify(message.body, message.headers) == {"a": "字"}
    assert signed_by_the_city(message)
    assert abs(int(message.headers["webhook-timestamp"]) - time.time()) < 5
    assert (message.path, message.headers["content-type"]) == ("/in", "application/json")


@pytest.mark.parametrize("change", ["body", "id", "timestamp"])
def test_what_was_changed_on_the_way_is_found(receiver: Receiver, change: str) -> None:
    send(receiver.url, id="m1", body=b"{}", secrets=[SECRET])
    (message,) = receiver.taken
    if change == "body":
        message.body = b"[]"
    else:
        message.headers[f"webhook-{change}"] = str(int(time.time()) + 1)
    assert not signed_by_the_city(message)
    with pytest.raises(WebhookVerificationError):
        Webhook(told_secret(SECRET)).verify(message.body, message.headers)


def test_the_signature_is_the_one_of_the_specification(settings: Any, tmp_path: Any) -> None:
    settings.HOME = tmp_path
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    headers = signed_headers("msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330, body=body, secrets=[secret])
    assert headers["webhook-signature"].split(" ")[0] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1/x", "https://10.0.0.1/x", "https://[::1]/x", "https://[::ffff:10.0.0.1]/x",
        "https://[64:ff9b::a00:1]/x", "https://[2002:a00:1::]/x", "https://169.254.169.254/latest", "https://0/x",
        "https://2130706433/x", "https://localhost/x", "https://224.0.0.1/x", "http://example.org/x",
        "https://user:word@127.0.0.1/x", "https:///x", "ftp://example.org/x", "https://exa mple.org/", "",
        "https://example.org:99999/", "https://[::1/x",
    ],
)  # fmt: skip
def test_no_message_leads_into_an_inner_network(address: str) -> None:
    with pytest.raises(ValueError):
        send(address, id="m", body=b"{}")


def test_the_address_that_was_checked_is_the_one_connected_to(
    receiver: Receiver, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name server that first names a public address, then an inner one, is asked only once."""
    settings.HOOK_NETWORKS = []
    asked, connected = [], []

    def rebinding(host: str, port: int, *_rest: Any, **_more: Any) -> Any:
        asked.append(host)
        answer = "93.184.215.14" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (answer, port))]

    def connecting(where: tuple[str, int], **_rest: Any) -> Any:
        connected.append(where[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", connecting)
    with pytest.raises(ConnectionRefusedError):
        send("https://rebinding.example/in", id="m", body=b"{}")
    assert (asked, connected) == (["rebinding.example"], ["93.184.215.14"])


def test_one_inner_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_given, **_more: found)
    with pytest.raises(ValueError, match="inner network"):
        send("https://both.example/in", id="m", body=b"{}")


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.answers = 302, {"Location": receiver.url.replace("/in", "/inner")}
    assert send(receiver.url, id="m", body=b"{}") == 302
    assert [message.path for message in receiver.taken] == ["/in"]


def test_a_certificate_nobody_vouches_for_is_not_trusted(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(OSError, match="certificate"):
        send(receiver.url, id="m", body=b"{}")
    assert receiver.taken == []


def test_an_answer_that_does_not_come_is_not_waited_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "SECONDS", 0.3)
    receiver.wait.clear()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        send(receiver.url, id="m", body=b"{}")
    assert time.monotonic() - began < 2


def test_an_answer_that_comes_drop_by_drop_is_not_waited_for_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each drop comes in time, all of them together do not."""
    monkeypatch.setattr(sender, "SECONDS", 0.5)
    ours, theirs = socket.socketpair()
    dropping = threading.Thread(target=_drop, args=(theirs,), daemon=True)
    monkeypatch.setattr(sender, "connected", lambda _place, *, until: ours)
    dropping.start()
    with pytest.raises(TimeoutError):
        send("https://slow.example/", id="m", body=b"{}")
    theirs.close()


def _drop(line: socket.socket) -> None:
    try:
        for sign in b"HTTP/1.1 200 " + b" " * 100:
            line.send(bytes([sign]))
            time.sleep(0.05)
    except OSError:
        pass


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-x\r\n", b"HTTP/1.1 OK\r\n", b"x" * 9000])
def test_what_is_no_answer_in_http_is_none(monkeypatch: pytest.MonkeyPatch, answer: bytes) -> None:
    ours, theirs = socket.socketpair()
    monkeypatch.setattr(sender, "connected", lambda _place, *, until: ours)
    theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    with pytest.raises(ConnectionError):
        send("https://odd.example/", id="m", body=b"{}")
    theirs.close()


def test_an_address_can_not_smuggle_headers() -> None:
    assert place_of("https://example.org/a b?c=字%0d%0aX: 1\r\nY: 1#end").path == "/a%20b?c=%E5%AD%97%0d%0aX:%201Y:%201"


def test_a_city_may_open_a_part_of_its_own_network(settings: Any) -> None:
    settings.HOOK_NETWORKS = [ip_network("10.8.0.0/16")]
    assert is_outside("10.8.1.1") and not is_outside("10.9.1.1") and not is_outside("::1")


def test_a_reporter_s_webhook_is_signed_with_the_city_s_key(report: Report, receiver: Receiver) -> None:
    case = report(webhook=receiver.url, channels=["webhook"], name="林居民", phone="000-1").case
    assert deliver(at=timezone.now() + timedelta(seconds=1)) == 1
    (message,) = receiver.taken
    told = json.loads(message.body)
    assert signed_by_the_city(message) and message.headers["webhook-id"] == str(
        Notice.objects.get(channel="webhook").id
    )
    assert (told["type"], told["data"]["number"]) == ("case.opened", case.number)
    assert "林居民" not in message.body.decode() and "000-1" not in message.body.decode()


def test_a_reporter_s_webhook_that_is_not_taken_is_tried_again(report: Report, receiver: Receiver) -> None:
    receiver.status = 500
    report(webhook=receiver.url, channels=["webhook"])
    assert deliver(at=timezone.now() + timedelta(seconds=1)) == 0
    notice = Notice.objects.get(channel="webhook")
    assert (notice.fault, notice.tries) == ("NotTaken", 1) and notice.next_at is not None
