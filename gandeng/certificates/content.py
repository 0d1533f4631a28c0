"""What a certificate says, in one place: the paper prints it, the digest covers it."""

import hashlib
import json
from calendar import monthrange
from datetime import date

from gandeng.certificates.models import Certificate

_GROUP = 4


def grouped(code: str) -> str:
    """As a person reads it off the paper: `ABCD EFGH …`."""
    return " ".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def told(certificate: Certificate) -> dict[str, str | int | None]:
    """Every word and day that stands on the paper."""
    return {
        "number": certificate.number,
        "code": certificate.code,
        "holder_name": certificate.holder_name,
        "skill": certificate.skill.name,
        "title": certificate.title,
        "event_title": certificate.event_title,
        "held_from": _day(certificate.held_from),
        "held_until": _day(certificate.held_until),
        "hours": certificate.hours,
        "place": certificate.place,
        "issued_on": _day(certificate.issued_on),
        "valid_until": _day(certificate.valid_until),
        "office_code": certificate.office_code,
        "office_name": certificate.office_name,
        "signer_name": certificate.signer_name,
        "signer_post": certificate.signer_post,
    }


def digest_of(certificate: Certificate) -> str:
    """SHA-256 of what the paper says, as JSON with sorted keys and no spaces."""
    text = json.dumps(told(certificate), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last one of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
