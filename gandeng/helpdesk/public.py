"""Numbers and PINs, what the public pages count, and the question a program has to read before it files."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.core import signing
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from gandeng.accounts.public_codes import digits_of, new_digits
from gandeng.accounts.public_tries import count_up_to, network_of
from gandeng.web.days import midnight

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LETTERS, _PIN_DIGITS = 10, 6
"""30 letters to the tenth are 49 bits: a number is not met by trying."""
OF_CASE, OF_LETTER = "P", "S"
"""What a number begins with."""
CODE_DIGITS, CODE_MINUTES = 8, 30
"""Typed by the family on any telephone; of a hundred million nobody meets one in thirty tries."""
LOOKS_MAX = 30
"""Looks at one number in a day, right or wrong, from everywhere together: of a million PINs nobody tries more."""
FILINGS_MAX = 20
"""Complaints of one network in an hour; many telephones share one."""
_QUESTION_SECONDS = 3600
_SALT = "gandeng.helpdesk.question"


def new_number(kind: str = OF_CASE) -> str:
    """`P-7K3M9-QX2TA`."""
    letters = "".join(secrets.choice(_LETTERS) for _each in range(_NUMBER_LETTERS))
    return f"{kind}-{letters[:5]}-{letters[5:]}"


def new_pin() -> str:
    """Six digits, made at random."""
    return new_digits(_PIN_DIGITS)


def tidy(number: str, kind: str = OF_CASE) -> str:
    """As it was printed, however it was typed."""
    letters = "".join(one for one in number.upper() if one.isalnum())
    letters = letters.removeprefix(kind) if len(letters) == _NUMBER_LETTERS + 1 else letters
    return f"{kind}-{letters[:5]}-{letters[5:]}"


def pin_digest(number: str, pin: str) -> bytes:
    """Keyed with the office's secret: the table alone does not tell a PIN."""
    return salted_hmac("gandeng.helpdesk.pin", f"{number}|{pin.strip()}", algorithm="sha256").digest()


def new_code() -> str:
    """Eight digits, made at random."""
    return new_digits(CODE_DIGITS)


def letter_digest(number: str) -> bytes:
    """Keyed with the office's secret, as the PIN's: the table tells nobody's number."""
    return salted_hmac("gandeng.helpdesk.letter", number, algorithm="sha256").digest()


def code_digest(number: bytes, code: str) -> bytes:
    """Of the digest of a letter's number with a code: a code is of one letter."""
    return salted_hmac("gandeng.helpdesk.code", f"{number.hex()}|{digits_of(code)}", algorithm="sha256").digest()


def may_look(number: str) -> bool:
    """Count a look at a number, there or not; False once there were too many today."""
    return count_up_to(f"look|{number}", LOOKS_MAX, midnight(timezone.localdate()))


def may_file(request: HttpRequest) -> bool:
    """Count a complaint of a network; False once there were too many this hour."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    return count_up_to(f"file|{network_of(request).hex()}", FILINGS_MAX, hour)


@dataclass(frozen=True)
class Question:
    """A sum in words, which a screen reader reads aloud; `token` comes back with the answer."""

    words: str
    token: str


def _named(number: int) -> Any:
    names = (_("satu"), _("dua"), _("tiga"), _("empat"), _("lima"), _("enam"), _("tujuh"), _("delapan"), _("sembilan"))
    return names[number - 1]


def ask() -> Question:
    """A new one; right for an hour, once."""
    first, second = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    nonce, at = secrets.token_hex(8), int(timezone.now().timestamp())
    token = signing.dumps({"sum": _sealed(first + second, nonce), "nonce": nonce, "at": at}, salt=_SALT)
    words = _("Berapa %(first)s ditambah %(second)s? Tulis dengan angka.")
    return Question(words % {"first": _named(first), "second": _named(second)}, token)


def _sealed(total: int, nonce: str) -> str:
    return salted_hmac("gandeng.helpdesk.sum", f"{total}|{nonce}", algorithm="sha256").hexdigest()


def is_right(token: str, answer: str) -> bool:
    """Whether the sum is right and its question not too old; does not use it up."""
    told = _read(token)
    typed = answer.strip()[:4]
    return told is not None and typed.isdecimal() and _sealed(int(typed), told["nonce"]) == told["sum"]


def use_up(token: str) -> bool:
    """True for the first who comes with the question."""
    told = _read(token)
    return told is not None and count_up_to(f"question|{told['nonce']}", 1, datetime.fromtimestamp(told["at"], UTC))


def _read(token: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=_QUESTION_SECONDS)
    except signing.BadSignature:
        return None
    return found
