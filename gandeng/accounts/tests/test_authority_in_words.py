"""An authority is written down with a code and read with the place's name."""

import pytest

from gandeng.accounts.templatetags.places import wewenang


@pytest.mark.parametrize(("kept", "read"), [
    ("Petugas provinsi 63", "Petugas provinsi, Kalimantan Selatan"),
    ("Petugas bank atau pos BRI 6371, kunci gdk_ab12", "Petugas bank atau pos BRI, Kota Banjarmasin, kunci gdk_ab12"),
    ("Pelaksana harian Kepala Dinas 6371", "Pelaksana harian Kepala Dinas, Kota Banjarmasin"),
    ("Petugas Kementerian Sosial pusat", "Petugas Kementerian Sosial pusat"),
    ("Uji 99", "Uji, 99"), ("", ""), (None, ""), ("Tahap 2024 nomor 7", "Tahap 2024 nomor 7"),
])  # fmt: skip
def test_codes_become_places(kept, read):
    assert wewenang(kept) == read
