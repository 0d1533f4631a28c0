"""What the office signs electronically where it can: papers, typeset in Indonesian, and files that leave it."""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings

from gandeng.accounts.certificate import office_certificate_now
from gandeng.documents.signing import Certificate, sign_file, sign_pdf, timestamper_at
from gandeng.web.language import indonesian
from gandeng.words import say

_log = logging.getLogger(__name__)


def signed_paper(make: Callable[[str], bytes], reason: str, *, timed: bool = True) -> bytes:
    """`make` typesets, told whose signature follows; `reason` is a code of words.

    A signature that fails is no reason for nobody to have a paper: it then says nothing of one. Without an electronic
    certificate of the office the same data give the same bytes.
    """
    with indonesian():  # a paper is Indonesian, whoever asks for it
        office, unfit = office_certificate_now()
        if office is not None and not unfit:
            try:
                return _with_signature(make(office.subject), office, say(reason), timed=timed)
            except Exception as error:  # noqa: BLE001 (whatever a key or a library comes up with)
                _log.error("a paper is not signed: %s", type(error).__name__)
        return make("")


class NotSigned(Exception):
    """The office has no certificate that may sign now, or signing failed."""


def may_sign() -> bool:
    """Whether the office has a certificate that may sign now."""
    return not office_certificate_now()[1]


def signature_of(path: Path) -> tuple[bytes, str]:
    """A detached signature of the file, and the serial number of the certificate. Raises NotSigned."""
    office, unfit = office_certificate_now()
    if office is None or unfit:
        raise NotSigned(unfit)
    try:
        timestamper = timestamper_at(settings.SIGNING_TIMESTAMP_URL)
        return sign_file(path, office, timestamper=timestamper), office.serial
    except Exception as error:
        _log.error("a file is not signed: %s", type(error).__name__)
        raise NotSigned("failed") from error


def _with_signature(content: bytes, office: Certificate, reason: str, *, timed: bool) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "paper.pdf"
        path.write_bytes(content)
        timestamper = timestamper_at(settings.SIGNING_TIMESTAMP_URL) if timed else None
        sign_pdf(path, office, reason=reason, timestamper=timestamper)
        return path.read_bytes()
