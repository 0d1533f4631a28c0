"""The certificate the office signs its papers with, from the settings; read once per process, never logged."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from gandeng.documents.signing import Certificate, CertificateUnreadable, read_certificate


def office_certificate() -> Certificate | None:
    """The certificate; None where the office has none. Raises CertificateUnreadable."""
    path: Path | None = settings.SIGNING_CERTIFICATE
    return _read(path, settings.SIGNING_PASSWORD_FILE) if path else None


def office_certificate_now() -> tuple[Certificate | None, str]:
    """The certificate, and why it may not sign now: `none`, `unreadable`, `expired` or `not_yet`; "" where it may."""
    try:
        found = office_certificate()
    except CertificateUnreadable:
        return None, "unreadable"
    return (None, "none") if found is None else (found, found.unfit(timezone.now()) or "")


@cache
def _read(path: Path, password_file: Path | None) -> Certificate:
    return read_certificate(path, _password(password_file))


def _password(file: Path | None) -> str:
    if file is None:
        return str(settings.SIGNING_PASSWORD)
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise CertificateUnreadable(file.name) from error
