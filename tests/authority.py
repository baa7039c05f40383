"""A tiny time-stamp authority (RFC 3161) with a certificate of its own, on a port of this machine."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from rfc3161_client._rust import parse_timestamp_request

DATA, SIGNED, TST, CONTENT_TYPE, DIGEST, SIGNING = (
    "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4", "1.2.840.113549.1.9.3",
    "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.16.2.47",
)  # fmt: skip
SHA, ECDSA, POLICY = "2.16.840.1.101.3.4.2.1", "1.2.840.10045.4.3.2", "1.3.6.1.4.1.57264.2"
GRANTED, REJECTED = 0, 2


def tlv(tag: int, *parts: bytes) -> bytes:
    """One DER element."""
    body = b"".join(parts)
    size = len(body)
    length = bytes([size]) if size < 128 else bytes([0x80 | (size.bit_length() + 7) // 8]) + size.to_bytes(
        (size.bit_length() + 7) // 8
    )  # fmt: skip
    return bytes([tag]) + length + body


def integer(number: int) -> bytes:
    return tlv(0x02, number.to_bytes(number.bit_length() // 8 + 1))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    out = bytearray([first * 40 + second])
    for number in rest:
        sevens = [number & 0x7F]
        while number := number >> 7:
            sevens.append(number & 0x7F | 0x80)
        out += bytes(reversed(sevens))
    return tlv(0x06, bytes(out))


def sequence(*parts: bytes) -> bytes:
    return tlv(0x30, *parts)


def octets(data: bytes) -> bytes:
    return tlv(0x04, data)


def attribute(name: str, value: bytes) -> bytes:
    return sequence(oid(name), tlv(0x31, value))


@dataclass
class Authority:
    """Root and signing certificate, valid for `valid` around now, and the moment it says it is."""

    name: str = "Test Time Authority"
    valid: tuple[timedelta, timedelta] = (timedelta(days=-1), timedelta(days=1))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    status: int = GRANTED
    changed: Callable[[bytes], bytes] = lambda answer: answer
    asked: int = 0
    purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING
    _root_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def __post_init__(self) -> None:
        self.root = self._certificate(f"{self.name} Root", self._root_key, ca=True)
        self.certificate = self._certificate(self.name, self._key, ca=False)

    def pem(self) -> bytes:
        """What a city puts into CITONG_TIMESTAMP_CERTIFICATES."""
        return self.root.public_bytes(Encoding.PEM)

    def answer(self, query: bytes) -> bytes:
        """The time stamp for a question."""
        self.asked += 1
        asked = parse_timestamp_request(query)
        if self.status != GRANTED:
            return sequence(sequence(integer(self.status)))
        info = sequence(
            integer(1), oid(POLICY), sequence(sequence(oid(SHA)), octets(asked.message_imprint.message)),
            integer(self.asked), tlv(0x18, f"{self.now():%Y%m%d%H%M%SZ}".encode()), integer(asked.nonce or 0),
        )  # fmt: skip
        return self.changed(sequence(sequence(integer(GRANTED)), self._signed(info)))

    def _signed(self, info: bytes) -> bytes:
        der = self.certificate.public_bytes(Encoding.DER)
        essential = sequence(sequence(sequence(octets(hashlib.sha256(der).digest()))))
        attributes = sorted([
            attribute(CONTENT_TYPE, oid(TST)), attribute(DIGEST, octets(hashlib.sha256(info).digest())),
            attribute(SIGNING, essential),
        ])  # fmt: skip
        signature = self._key.sign(tlv(0x31, *attributes), ec.ECDSA(SHA256()))
        signer = sequence(
            integer(1), sequence(self.root.subject.public_bytes(), integer(self.certificate.serial_number)),
            sequence(oid(SHA)), tlv(0xA0, *attributes), sequence(oid(ECDSA)), octets(signature),
        )  # fmt: skip
        signed = sequence(
            integer(3), tlv(0x31, sequence(oid(SHA))), sequence(oid(DATA), tlv(0xA0, octets(info))),
            tlv(0xA0, der), tlv(0x31, signer),
        )  # fmt: skip
        return sequence(oid(SIGNED), tlv(0xA0, signed))

    def _certificate(self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool) -> x509.Certificate:
        now, (begin, end) = datetime.now(UTC), self.valid
        own, above = (one.public_key() for one in (key, self._root_key))
        called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = called if ca else self.root.subject
        made = (
            x509.CertificateBuilder().subject_name(called).issuer_name(issuer).public_key(own)
            .serial_number(x509.random_serial_number()).not_valid_before(now + begin).not_valid_after(now + end)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(own), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(above), critical=False)
        )  # fmt: skip
        if not ca:
            made = made.add_extension(x509.ExtendedKeyUsage([self.purpose]), critical=True)
        return made.sign(self._root_key, SHA256())


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """The authority answers at the address that is yielded."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            """Tests are silent."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
