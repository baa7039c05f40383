"""Time stamps of an outside authority (RFC 3161): asked for, and checked with its certificates alone.

A token is the authority's answer as it came (DER, `TimeStampResp`), so that other programs can check it too:
`openssl ts -verify -data STATEMENT -in TOKEN -CAfile CERTIFICATES`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.x509 import Certificate, NameOID, load_der_x509_certificate, load_pem_x509_certificates
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

WHY = re.compile(r"Verify error: ([^\"]+)")
PLAIN = ("Nonce mismatch", "PKIStatus is not GRANTED", "Verifier must have at least one root certificate set")
QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class BadStamp(ValueError):
    """This token does not show what it should; the sentence says why."""


@dataclass(frozen=True)
class Stamped:
    """What the authority of that name states: the data was there at this moment, in UTC."""

    at: datetime
    authority: str


@dataclass(frozen=True)
class Query:
    """A question to an authority about some data; `body` is what is sent. The nonce binds the answer to it."""

    data: bytes
    body: bytes
    nonce: int | None

    def answered(self, token: bytes, roots: Sequence[Certificate]) -> Stamped:
        """What the answer states. Raises BadStamp, also for the answer to another question."""
        return _checked(token, self.data, roots, nonce=self.nonce)


def query(data: bytes) -> Query:
    """A question about this data by its SHA-256: the authority learns nothing else of it."""
    made = TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build()
    return Query(data, made.as_bytes(), made.nonce)


def check(token: bytes, data: bytes, roots: Sequence[Certificate]) -> Stamped:
    """What the token states about this data. Raises BadStamp.

    Certificates must have been valid when it was made; that they ran out since does no harm.
    """
    return _checked(token, data, roots, nonce=None)


def read_certificates(pem: bytes) -> list[Certificate]:
    """The certificates of a PEM file; ValueError when there is none."""
    try:
        return load_pem_x509_certificates(pem)
    except ValueError as fault:
        raise ValueError(f"This file holds no certificates: {fault}") from fault


def _checked(token: bytes, data: bytes, roots: Sequence[Certificate], *, nonce: int | None) -> Stamped:
    try:
        answer = decode_timestamp_response(token)
        if answer.status > 1:
            raise BadStamp(f"the authority refused: {' '.join(answer.status_string) or answer.status}")
        VerifierBuilder(roots=list(roots), nonce=nonce).build().verify_message(answer, data)
        return Stamped(answer.tst_info.gen_time, _name(answer))
    except BadStamp:
        raise
    except (VerificationError, ValueError, TypeError) as fault:
        raise BadStamp(_reason(str(fault))) from fault


def _reason(said: str) -> str:
    """A sentence a person can use, out of what the library and OpenSSL say."""
    if said == "Mismatch between messages":
        return "it is about something else"
    if "pkcs7" in said:
        found = WHY.search(said)
        return f"its certificate is not trusted ({found[1]})" if found else "its signature does not hold"
    return said if said in PLAIN else f"it can not be read ({said})"


def _name(answer: TimeStampResponse) -> str:
    """The name in the certificate that signed."""
    (signer,) = answer.signed_data.signer_infos
    for der in answer.signed_data.certificates:
        held = load_der_x509_certificate(der)
        if (held.issuer, held.serial_number) == (signer.issuer, signer.serial_number):
            common = held.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
            return str(common[0].value) if common else held.subject.rfc4514_string()
    raise BadStamp("the certificate that signed is not in it")
