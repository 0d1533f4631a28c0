"""Fields of forms that several packages ask for, with the sentences when nothing, or nothing fit, was typed."""

import re
from typing import Any, NamedTuple

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.core.money import parse_total
from gandeng.core.nik import UnreadableNik, read_nik
from gandeng.files.photos import BYTES_MAX, Photo, PhotoRefused, reduced
from gandeng.words import say

REASON_MIN = 5
"""Letters of a reason, so that one is given."""
CHOOSE = {"required": gettext_lazy("Pilih salah satu."), "invalid_choice": gettext_lazy("Pilih salah satu yang ada.")}
"""What a choice says when nothing, or nothing that is offered, was chosen."""
_DAY_OR_MONEY = re.compile(
    r"\bRp\.? ?\d{1,3}(?:\.\d{3})+\b|\b\d{1,2}[-./]\d{1,2}[-./]\d{4}\b|\b\d{4}-\d{2}-\d{2}\b", re.IGNORECASE
)
GAPS = re.compile(r"[\s.\-]")
"""What people put between the digits of a number."""
_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){9,}")
"""Ten digits and more, in groups or not: accounts have that many at least, telephones too, a NIK and a card sixteen."""


def no_long_number(text: str) -> None:
    """A validator of text that others read: no NIK, card, account or telephone. Days and money may stand there.

    Raises ValidationError. It is a help against habit, no wall: whoever spells a number out gets past.
    """
    if _LONG_NUMBER.search(_DAY_OR_MONEY.sub("/", text or "")):
        raise ValidationError(
            _("Jangan menulis NIK, nomor kartu, atau rekening di sini; empat angka terakhirnya cukup.")
        )


def sixteen_digits(text: str) -> str:
    """A NIK or a family card as it was typed, gaps between the digits taken out. Raises ValidationError."""
    try:
        return str(read_nik(GAPS.sub("", text)))
    except UnreadableNik as error:
        raise ValidationError(_("Harus 16 angka.")) from error


def one_of(*fields: forms.Field) -> None:
    """Of these one is asked for, which their form checks: none of them says that it may stay empty."""
    for each in fields:
        each.is_one_of_several = True  # type: ignore[attr-defined]


def day_field(label: Any, **how: Any) -> forms.DateField:
    """A day."""
    told = {"invalid": gettext_lazy("Isi tanggal yang benar."), "required": gettext_lazy("Isi tanggalnya.")}
    return forms.DateField(label=label, widget=forms.DateInput(), error_messages=told, **how)


def text_field(label: Any, *, most: int = 4000, rows: int = 5, **how: Any) -> forms.CharField:
    """A longer text."""
    told = {"required": gettext_lazy("Tulis bagian ini."), "min_length": gettext_lazy("Tulis dengan jelas.")}
    return forms.CharField(
        label=label, max_length=most, widget=forms.Textarea(attrs={"rows": rows}), error_messages=told, **how
    )


def line_field(label: Any, *, most: int = 200, **how: Any) -> forms.CharField:
    """One line."""
    return forms.CharField(
        label=label, max_length=most, error_messages={"required": gettext_lazy("Isi bagian ini.")}, **how
    )


class RupiahField(forms.CharField):
    """Whole rupiah in any form people write; None for nothing, where that may be. Above `most` it says `beyond`."""

    def __init__(self, *, most: int, beyond: Any, **how: Any) -> None:
        super().__init__(**how)
        self.most, self.beyond = most, beyond

    def clean(self, value: Any) -> int | None:
        """Raises ValidationError."""
        text = str(super().clean(value)).strip()
        if not text:
            return None
        try:
            rupiah = parse_total(text)
        except ValueError as error:  # one of too many digits for Python among them
            raise ValidationError(_("Tulis jumlah uang dalam rupiah bulat, misalnya Rp1.250.000.")) from error
        if rupiah > self.most:
            raise ValidationError(self.beyond)
        return rupiah


class Kinds(NamedTuple):
    """Files that are read: in words, and by the ends of their names; without ends their content decides."""

    words: Any
    ends: tuple[str, ...]


SHEETS = Kinds(gettext_lazy("CSV atau XLSX"), (".csv", ".xlsx"))
TABLES = Kinds(gettext_lazy("CSV, XLSX, atau Parquet"), (".csv", ".xlsx", ".parquet"))
SMALL_LIST_BYTES_MAX = 5 << 20
"""Of a list that is read while its sender waits."""
_MEGABYTE = 1 << 20


class ListField(forms.FileField):
    """A list somebody sends as a file. Its help text says what is read and how large at most, then what `about` adds.

    A list is small unless it is `large`: then work in the background reads it, and the office's own limit holds. No
    `accept` goes to the browser: telephones that do not know a CSV would not let it be chosen.
    """

    def __init__(self, label: Any, *, kinds: Kinds = SHEETS, large: bool = False, about: Any = "", **how: Any) -> None:
        self.kinds, self.bytes_max = kinds, settings.UPLOAD_BYTES_MAX if large else SMALL_LIST_BYTES_MAX
        limit = format_lazy(
            gettext_lazy("{kinds}; paling besar {most} MB."), kinds=kinds.words, most=self.bytes_max // _MEGABYTE
        )
        super().__init__(
            label=label, help_text=format_lazy("{limit} {about}", limit=limit, about=about) if about else limit,
            error_messages={
                "required": gettext_lazy("Pilih berkasnya."), "empty": gettext_lazy("Berkas ini kosong."),
            },
            **how,
        )  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> "UploadedFile[bytes]":
        """Of a kind and size we read. Raises ValidationError."""
        sent: UploadedFile[bytes] = super().clean(data, initial)
        if self.kinds.ends and not (sent.name or "").lower().endswith(self.kinds.ends):
            raise ValidationError(_("Berkas harus %(kinds)s.") % {"kinds": self.kinds.words})
        if (sent.size or 0) > self.bytes_max:
            most = {"most": self.bytes_max // _MEGABYTE}
            raise ValidationError(_("Berkas lebih besar dari %(most)s MB. Bagi menjadi beberapa berkas.") % most)
        return sent


class PhotoField(forms.FileField):
    """A photo somebody sends; cleaned it is one drawn anew, or None."""

    def __init__(self, label: Any, **how: Any) -> None:
        super().__init__(
            label=label, widget=forms.ClearableFileInput(attrs={"accept": ".jpg,.jpeg,.png,.webp"}),
            error_messages={"required": gettext_lazy("Pilih fotonya."), "empty": gettext_lazy("Berkasnya kosong.")},
            **how,
        )  # fmt: skip

    def clean(self, data: Any, initial: Any = None) -> Photo | None:
        """Raises ValidationError."""
        sent: UploadedFile[bytes] | None = super().clean(data, initial)
        if not sent:
            return None
        try:
            return reduced(sent.read(BYTES_MAX + 1))
        except PhotoRefused as refused:
            raise ValidationError(say(f"photos.{refused.code}", **refused.facts)) from refused
