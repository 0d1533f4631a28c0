"""A certificate authority of the tests: root, intermediate, an office, a time-stamping authority."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import async_validate_detached_cms, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

PASSWORD = "kata sandi uji"
OFFICE = "Dinas Sosial Kota Uji, Pemerintah Kota Uji"


@dataclass(frozen=True)
class Issued:
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def asn1(self):
        return next(iter(load_certs_from_pemder_data(self.certificate.public_bytes(Encoding.DER))))


def issue(common: str, by: Issued | None, *, ca: bool = False, days=(-30, 300), stamps: bool = False) -> Issued:
    key = rsa.generate_private_key(65537, 2048) if stamps else ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([
        x509.NameAttribute(x509.NameOID.COMMON_NAME, common),
        x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "Pemerintah Kota Uji"),
    ])  # fmt: skip
    now = datetime.now(UTC).replace(microsecond=0)
    made = (
        x509.CertificateBuilder().subject_name(own).issuer_name(by.certificate.subject if by else own)
        .public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days[0])).not_valid_after(now + timedelta(days[1]))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(
            digital_signature=not ca, content_commitment=not ca, key_encipherment=False, data_encipherment=False,
            key_agreement=False, key_cert_sign=ca, crl_sign=ca, encipher_only=False, decipher_only=False,
        ), critical=True)
    )  # fmt: skip
    if stamps:
        made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    return Issued(key, made.sign(by.key if by else key, SHA256()))


@cache
def authority() -> tuple[Issued, Issued]:
    """Root and intermediate, one of each for all tests."""
    root = issue("Akar Uji", None, ca=True, days=(-3000, 3000))
    return root, issue("Antara Uji", root, ca=True, days=(-2000, 2000))


def office_file(path: Path, *, password: str = PASSWORD, days=(-30, 300)) -> Path:
    """A PKCS#12 file of the office, with the intermediate in it."""
    between = authority()[1]
    office = issue("Dinas Sosial Kota Uji", between, days=days)
    lock = BestAvailableEncryption(password.encode()) if password else NoEncryption()
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"kantor", office.key, office.certificate, [between.certificate], lock)
    )
    path.chmod(0o600)
    return path


def stamping_authority() -> DummyTimeStamper:
    own = issue("Waktu Uji", authority()[0], stamps=True)
    private = own.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(own.asn1, load_private_key_from_pemder_data(private, None), SimpleCertificateStore())


def detached(path: Path, signature: bytes, roots=None) -> StandardCMSSignatureStatus:
    """What pyHanko's validator says of a signature that lies beside the file."""
    trusted = [authority()[0].asn1] if roots is None else roots
    told = cms.ContentInfo.load(signature)["content"]
    context = ValidationContext(trust_roots=trusted, allow_fetching=False)
    with path.open("rb") as file:
        return asyncio.run(async_validate_detached_cms(file, told, context, context))


def looked_at(path: Path, roots=None, place: int | None = None) -> PdfSignatureStatus:
    """What pyHanko's validator says of the one signature, or of one of several, trusting the root of the tests."""
    trusted = [authority()[0].asn1] if roots is None else roots
    with path.open("rb") as file:
        there = PdfFileReader(file).embedded_signatures
        [signature] = there if place is None else there[place : place + 1]
        return validate_pdf_signature(signature, ValidationContext(trust_roots=trusted, allow_fetching=False))
