"""Passwords: a cost that 34.000 morning logins can pay, and words nobody may use."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

_WORDS = ("gandeng", "kemensos", "pkh", "bansos", "dinsos", "keluargaharapan", "pendamping", "indonesia", "merdeka")


class Argon2Sized(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: about 24 ms of CPU (docs/threats.md, S5)."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1


class NotAProgrammeWord:
    """Refuses passwords that are little more than a word everybody in the programme thinks of first."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002
        """Raises ValidationError."""
        letters = "".join(char for char in password.lower() if char.isalpha())
        if any(word in letters and len(letters) - len(word) < 6 for word in _WORDS):
            raise ValidationError(self.get_help_text(), code="programme_word")

    def get_help_text(self) -> str:
        """Shown beside the field."""
        return _("Kata sandi tidak boleh berupa kata yang lazim di program, seperti nama program, kantor atau negara.")
