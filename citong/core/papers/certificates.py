"""The certificates of units, with their keys: PKCS#12 files in the home's keys/, under the home's own password."""

import os
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import PrivateFormat, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign import SimpleSigner

from citong.core.people.models import Unit

VALID = timedelta(days=3 * 365)
# The home's password is random and long: rounds that slow down guessing would only slow down each seal.
ENCRYPTION = PrivateFormat.PKCS12.encryption_builder().kdf_rounds(1)
LONGEST_NAME = 64  # of a common name, X.520


class NoCertificate(RuntimeError):
    """The unit has no certificate to seal with, or it is no use; the sentence says how that is mended."""


@dataclass(frozen=True)
class Certificate:
    """Whose it is, until when it holds, its SHA-256 in hex, and whether nobody but the unit itself vouches for it."""

    holder: str
    until: datetime
    fingerprint: str
    self_signed: bool


def path_of(unit: Unit) -> Path:
    """Where the unit's certificate lies."""
    name = unit.code if re.fullmatch(r"[\w.-]+", unit.code, re.ASCII) else unit.code.encode().hex()
    return Path(settings.HOME) / "keys" / f"unit-{name}.p12"


def make_certificate(unit: Unit, *, at: datetime) -> Certificate:
    """The unit has a certificate that it signed itself: good for trying, proof of nothing to strangers."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.COMMON_NAME, unit.name[:LONGEST_NAME]),
    ])  # fmt: skip
    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(at - timedelta(minutes=5))
        .not_valid_after(at + VALID).add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True).sign(key, SHA256())
    )  # fmt: skip
    return _keep(unit, pkcs12.PKCS12KeyAndCertificates(key, pkcs12.PKCS12Certificate(made, None), []))


def take_certificate(unit: Unit, *, data: bytes, password: str) -> Certificate:
    """The unit seals with this PKCS#12 file from now on. Raises NoCertificate when it can not be read."""
    try:
        held = pkcs12.load_pkcs12(data, password.encode() or None)
    except ValueError as fault:
        raise NoCertificate(_("The file is no PKCS#12 (.p12), or the password is wrong.")) from fault
    if held.key is None or held.cert is None:
        raise NoCertificate(_("The file holds no key with its certificate: ask its issuer for a .p12 with both."))
    return _keep(unit, held)


def certificate_of(unit: Unit) -> Certificate:
    """What is known of the unit's certificate. Raises NoCertificate."""
    held = pkcs12.load_pkcs12(_data(unit), settings.PAPERS_KEY.encode())
    assert held.cert is not None
    return _told(held.cert.certificate)


def signer_of(unit: Unit, *, at: datetime) -> SimpleSigner:
    """Who seals in the unit's name. Raises NoCertificate, also where the certificate does not hold at that moment."""
    signer: SimpleSigner = SimpleSigner.load_pkcs12_data(
        _data(unit), other_certs=[], passphrase=settings.PAPERS_KEY.encode()
    )
    if signer.signing_cert is None or signer.signing_cert.not_valid_after <= at:
        raise NoCertificate(_("The certificate of %(unit)s has run out.") % {"unit": unit.name})
    return signer


def _data(unit: Unit) -> bytes:
    try:
        return path_of(unit).read_bytes()
    except FileNotFoundError:
        raise NoCertificate(
            _("%(unit)s has no certificate: make one with `citong papers certificate %(code)s`.")
            % {"unit": unit.name, "code": unit.code}
        ) from None


def _keep(unit: Unit, held: pkcs12.PKCS12KeyAndCertificates) -> Certificate:
    assert held.key is not None and held.cert is not None
    others = [one.certificate for one in held.additional_certs]
    data = pkcs12.serialize_key_and_certificates(
        unit.code.encode(), held.key, held.cert.certificate, others,  # type: ignore[arg-type]
        ENCRYPTION.build(settings.PAPERS_KEY.encode()),
    )  # fmt: skip
    path = path_of(unit)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
    fresh.replace(path)
    return _told(held.cert.certificate)


def _told(certificate: x509.Certificate) -> Certificate:
    common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Certificate(
        str(common[0].value) if common else certificate.subject.rfc4514_string(), certificate.not_valid_after_utc,
        certificate.fingerprint(SHA256()).hex(), certificate.issuer == certificate.subject,
    )  # fmt: skip
