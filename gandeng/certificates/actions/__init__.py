"""What people do with skills and certificates."""

from gandeng.certificates.actions.certificates import (
    Outside,
    Paper,
    Wanted,
    issue,
    record_outside,
    renew,
    revoke,
    revokes_at,
)
from gandeng.certificates.actions.common import CertificateRefused

__all__ = [
    "CertificateRefused",
    "Outside",
    "Paper",
    "Wanted",
    "issue",
    "record_outside",
    "renew",
    "revoke",
    "revokes_at",
]
