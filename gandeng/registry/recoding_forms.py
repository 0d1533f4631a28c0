"""A decree and the codes it replaced, as a person pastes them."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.core.region_code import Level, RegionCode, UnreadableRegionCode
from gandeng.regions import places
from gandeng.registry.actions.recodings import Wanted
from gandeng.registry.recoding import families_under
from gandeng.web.fields import day_field, line_field, text_field
from gandeng.web.refusals import first_of

BASIS_MIN = 8
PAIRS_MAX = 5_000
_CHARACTERS_MAX = PAIRS_MAX * 40
_BETWEEN = re.compile(r"[\s,;]+")
_CODES = 2


class RecodingForm(forms.Form):
    """Which decree, from when, and which code became which."""

    basis = line_field(
        gettext_lazy("Dasar hukum"), min_length=BASIS_MIN, help_text=gettext_lazy("Nomor keputusan atau peraturannya.")
    )
    in_force_on = day_field(gettext_lazy("Berlaku sejak"), help_text=gettext_lazy("Menurut dasar hukumnya."))
    pairs = text_field(
        gettext_lazy("Kode lama dan kode baru"), most=_CHARACTERS_MAX, rows=12,
        help_text=gettext_lazy(
            "Satu desa sebaris: kode lama, spasi, kode baru. Dapat ditempel dari dua kolom lembar kerja."
        ),
    )  # fmt: skip

    def clean_in_force_on(self) -> Any:
        """A day that has come."""
        day = self.cleaned_data["in_force_on"]
        if day > timezone.localdate():
            raise ValidationError(_("Tanggal ini belum tiba. Usulkan pada hari kode barunya berlaku."))
        return day

    def clean_pairs(self) -> list[dict[str, Any]]:
        """As `Recoding.pairs`; all faults at once, by line."""
        faults: list[str] = []
        found: list[dict[str, Any]] = []
        lines = [(at, line.strip()) for at, line in enumerate(self.cleaned_data["pairs"].splitlines(), 1)]
        for at, line in lines:
            if line:
                pair, fault = _read(line)
                found += [pair | {"at": at}] if pair else []
                faults += [_("Baris %(row)s: %(fault)s") % {"row": at, "fault": fault}] if fault else []
        faults += _together(found)
        if len(found) > PAIRS_MAX:
            faults = [_("Paling banyak %(most)s baris sekali usul.") % {"most": PAIRS_MAX}]
        if faults:
            raise ValidationError(first_of(faults))
        return [{name: pair[name] for name in ("old", "new", "whole")} for pair in found]

    def wanted(self) -> Wanted:
        """What was typed."""
        return Wanted(**{name: self.cleaned_data[name] for name in ("basis", "in_force_on", "pairs")})


def _read(line: str) -> tuple[dict[str, Any] | None, str]:
    """The pair of a line, or what is wrong with it."""
    parts = [part for part in _BETWEEN.split(line) if part]
    if len(parts) != _CODES:
        return None, _("tulis dua kode, yang lama lalu yang baru.")
    codes: list[str] = []
    for part in parts:
        try:
            code = RegionCode.parse(part)
        except UnreadableRegionCode:
            return None, _("“%(code)s” bukan kode wilayah.") % {"code": part[:20]}
        if code.level is not Level.VILLAGE:
            return None, _("%(code)s bukan kode desa/kelurahan, yang terdiri atas 10 angka.") % {"code": code}
        codes.append(code.digits)
    old, new = codes
    if old == new:
        return None, _("kode lama dan kode barunya sama.")
    if places.place(new) is None:
        word = _("kode baru %(code)s tidak ada di daftar wilayah Gandeng ini. Perbarui Gandeng dahulu.")
        return None, word % {"code": RegionCode(new)}
    return {"old": old, "new": new, "whole": places.place(old) is None}, ""


def _together(pairs: list[dict[str, Any]]) -> list[str]:
    """What is wrong between lines: a code that is gone became one other, and no new code is one of the old."""
    faults: list[str] = []
    first: dict[Any, int] = {}
    gone = {pair["old"] for pair in pairs if pair["whole"]}
    for pair in pairs:
        key = pair["old"] if pair["whole"] else (pair["old"], pair["new"])
        code = RegionCode(pair["old"])
        if key in first:
            word = _("Baris %(row)s: kode lama %(code)s sudah ada di baris %(first)s.")
            faults.append(word % {"row": pair["at"], "code": code, "first": first[key]})
        first.setdefault(key, pair["at"])
    unknown = [code for code in gone if places.name_of(RegionCode(code)) is None]
    lived_in = families_under(unknown) if unknown else {}
    for pair in pairs:
        if pair["old"] in unknown and pair["old"] not in lived_in:
            word = _("Baris %(row)s: kode lama %(code)s tidak dikenal, dan tidak ada keluarga di sana.")
            faults.append(word % {"row": pair["at"], "code": RegionCode(pair["old"])})
    return faults
