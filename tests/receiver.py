"""A program outside that takes webhooks: a real HTTPS server on this machine, with a certificate of its own."""

import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from citong.core.notices.outside import _trust


@dataclass
class Message:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`url` takes messages and answers `status`; `taken` are those that came. `wait` seconds pass before an answer."""

    url: str = ""
    status: int = 204
    wait: threading.Event = field(default_factory=threading.Event)
    taken: list[Message] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def ids(self) -> list[str]:
        return [message.headers["webhook-id"] for message in self.taken]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2)).add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("receiver") / "receiver.pem"
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    path.write_bytes(text)
    return path


@pytest.fixture
def receiver(certificate: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Receiver]:
    """A receiver that the city trusts, in a network that the city lets webhooks into."""
    settings.HOME = tmp_path
    settings.HOOK_NETWORKS = [ip_network("127.0.0.0/8")]
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    _trust.cache_clear()
    held = Receiver()
    held.wait.set()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(held))
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    held.url = f"https://127.0.0.1:{server.server_port}/in"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield held
    held.wait.set()
    server.shutdown()
    server.server_close()
    _trust.cache_clear()


def _handler(held: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            held.taken.append(Message(self.path, headers, body))
            held.wait.wait(20)
            self.send_response(held.status)
            for name, value in held.answers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_said: Any) -> None:
            """Quietly."""

    return Handler
