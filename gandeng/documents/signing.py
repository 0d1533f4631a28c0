"""The office's electronic signature: on a PDF (PAdES), so that any reader of PDF shows whose paper it is and whether it
was changed; beside any other file (CAdES), for whoever receives it.

On a PDF it is appended to the file and is not seen on the page: the PDF stays tagged and fit for archives.
"""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, pkcs12
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.timestamps import HTTPTimeStamper, TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

FIELD = "Gandeng"
"""Name of the field of the signature in the PDF."""

_OFF_THE_PAGE = SigFieldSpec(FIELD, on_page=0, box=(-9, -9, -9, -9), readable_field_name=FIELD)
"""No size and outside the page: PDF/A then asks for no picture of it, PDF/UA for no place in the order of reading."""

Unfit = Literal["expired", "not_yet"]
_log = logging.getLogger(__name__)


class CertificateUnreadable(ValueError):
    """Not there, not PKCS#12, another password, or no key in it."""


@dataclass(frozen=True)
class Certificate:
    """Whose signature it is, and the means to make it. `serial` is hexadecimal, as readers of PDF show it."""

    subject: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_until: datetime
    signer: SimpleSigner = field(repr=False, compare=False)

    def unfit(self, at: datetime) -> Unfit | None:
        """Why it may not sign at that instant; None where it may."""
        if at < self.valid_from:
            return "not_yet"
        return "expired" if at >= self.valid_until else None


def read_certificate(path: Path, password: str) -> Certificate:
    """The certificate, key and chain of a PKCS#12 file. Raises CertificateUnreadable, which tells nothing of them."""
    try:
        told = pkcs12.load_pkcs12(path.read_bytes(), password.encode() or None)
    except (OSError, ValueError) as error:
        raise CertificateUnreadable(path.name) from error
    if told.cert is None or told.key is None:
        raise CertificateUnreadable(path.name)
    own = told.cert.certificate
    private = told.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    chain = [other.certificate.public_bytes(Encoding.DER) for other in told.additional_certs]
    signer = SimpleSigner(
        next(iter(load_certs_from_pemder_data(own.public_bytes(Encoding.DER)))),
        load_private_key_from_pemder_data(private, None),
        SimpleCertificateStore.from_certs([each for one in chain for each in load_certs_from_pemder_data(one)]),  # type: ignore[no-untyped-call]
    )
    return Certificate(
        _name(own.subject), _name(own.issuer), f"{own.serial_number:x}", own.not_valid_before_utc,
        own.not_valid_after_utc, signer,
    )  # fmt: skip


def _name(name: x509.Name) -> str:
    """`Dinas Sosial Kota Contoh, Pemerintah Kota Contoh`: the common name, and the organisation where it is another."""
    wanted = (x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME)
    told = [str(part.value) for oid in wanted for part in name.get_attributes_for_oid(oid)]
    return ", ".join(dict.fromkeys(told)) or name.rfc4514_string()


def timestamper_at(url: str) -> TimeStamper | None:
    """What asks the authority of that address for the time; None for no address."""
    return HTTPTimeStamper(url, https=url.startswith("https:")) if url else None


def sign_pdf(path: Path, certificate: Certificate, *, reason: str, timestamper: TimeStamper | None = None) -> bool:
    """Put the signature on the PDF at `path`, in place; True where an authority's time is in it (PAdES B-T, else B-B).

    It certifies: what follows in the file may be further signatures, nothing else. An authority that does not answer
    costs the time, not the signature.
    """
    content = path.read_bytes()
    meta = PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, reason=reason,
        name=certificate.subject, certify=True, docmdp_permissions=MDPPerm.FILL_FORMS,
    )  # fmt: skip
    signed, timed = _with_time(lambda stamper: _signed(content, meta, certificate, stamper), timestamper)
    path.write_bytes(signed)
    return timed


def sign_file(path: Path, certificate: Certificate, *, timestamper: TimeStamper | None = None) -> bytes:
    """A signature of the file at `path`, to lie beside it: CMS, detached, DER (`.p7s`), CAdES B-T or B-B as above.

    `openssl cms -verify -binary -inform DER -in file.p7s -content file -CAfile root.pem -purpose any` proves it.
    """

    def signed(stamper: TimeStamper | None) -> bytes:
        with path.open("rb") as file:
            signing = certificate.signer.async_sign_general_data(file, "sha256", use_cades=True, timestamper=stamper)
            made = asyncio.run(signing)
        return bytes(made.dump())

    return _with_time(signed, timestamper)[0]


def _with_time(sign: Callable[[TimeStamper | None], bytes], timestamper: TimeStamper | None) -> tuple[bytes, bool]:
    if timestamper is not None:
        try:
            return sign(timestamper), True
        except Exception as error:  # noqa: BLE001 (whatever the network and the authority come up with)
            _log.warning("no time from the authority: %s", type(error).__name__)
    return sign(None), False


def _signed(
    content: bytes, meta: PdfSignatureMetadata, certificate: Certificate, timestamper: TimeStamper | None
) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(content))
    signer = PdfSigner(meta, certificate.signer, timestamper=timestamper, new_field_spec=_OFF_THE_PAGE)
    out = signer.sign_pdf(writer)
    return bytes(out.getvalue())
