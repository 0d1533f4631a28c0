"""What the solver assumed or could not do, in sentences: people by name, places by name and code."""

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from gandeng.accounts.context import region_name
from gandeng.core.faults import Fault
from gandeng.core.region_code import RegionCode
from gandeng.facilitators.plan_queries import Named, names_of
from gandeng.words import say

_WHAT_TO_DO = {
    "balance.no_village": _(
        "%(district)s: belum ada keluarga aktif atau ditangguhkan, jadi tidak ada yang dibagi. Terapkan dahulu daftar "
        "dari Kementerian."
    ),
    "balance.no_facilitators": _(
        "%(district)s: belum ada pendamping yang bertugas pada tanggal itu. Catat dahulu pendamping dan tugasnya."
    ),
    "balance.all_on_leave": _(
        "%(district)s: semua pendamping (%(count)s orang) sedang cuti atau dikeluarkan dari pembagian. Pilih tanggal "
        "lain, atau ikutkan paling sedikit satu orang."
    ),
    "balance.lock_village_unknown": _(
        "Kunci %(person)s pada %(village)s: desa itu tidak punya keluarga lagi. Lepaskan kunci itu di rencana "
        "sebelumnya."
    ),
    "balance.lock_person_unknown": _(
        "Kunci %(village)s pada %(person)s: orang itu bukan pendamping di sini lagi. Lepaskan kunci itu di rencana "
        "sebelumnya."
    ),
    "balance.lock_person_away": _(
        "Kunci %(village)s tetap dengan %(person)s, padahal orang itu sedang cuti atau tidak ikut dibagi. Lepaskan "
        "kunci itu di rencana sebelumnya, atau ikutkan orangnya."
    ),
    "balance.locks_exceed_village": _(
        "Kunci %(village)s tetap dengan %(persons)s bersama-sama meminta %(locked)s keluarga, padahal desa itu punya "
        "%(families)s. Lepaskan salah satunya di rencana sebelumnya."
    ),
    "balance.locks_forbid_all": _(
        "%(village)s: kuncinya melarang setiap pendamping, jadi %(families)s keluarga tidak dapat diberikan kepada "
        "siapa pun. Lepaskan salah satu kunci di rencana sebelumnya."
    ),
    "balance.holder_unknown": _(
        "%(person)s bukan pendamping di kabupaten/kota ini lagi; %(families)s keluarganya diberikan kepada orang lain."
    ),
}
"""What the page of a plan says otherwise than the command, which has options to name."""

_STAFF = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLACE = re.compile(r"[1-9][0-9](?:\.[0-9]{2}){1,2}(?:\.[0-9]{4})?")


def told(faults: Iterable[Fault]) -> list[str]:
    """One sentence each, in the language of the page, none twice."""
    faults = list(faults)
    ids = {UUID(one) for fault in faults for value in fault.facts.values() for one in _STAFF.findall(str(value))}
    names = names_of(ids)
    return list(dict.fromkeys(_said(fault.code, _named(fault.facts, names)) for fault in faults))


def _said(code: str, facts: dict[str, str | int]) -> str:
    return str(_WHAT_TO_DO[code]) % facts if code in _WHAT_TO_DO else say(code, **facts)


def told_notes(notes: Iterable[Mapping[str, Any]]) -> list[str]:
    """The same of what a plan keeps."""
    return told(Fault(one["code"], facts=one["facts"]) for one in notes if one["code"].startswith("balance."))


def _named(facts: Mapping[str, str | int], names: Mapping[UUID, Named]) -> dict[str, str | int]:
    def person(found: re.Match[str]) -> str:
        known = names.get(UUID(found[0]))
        return str(known) if known else found[0][:8]

    said: dict[str, str | int] = {}
    for key, value in facts.items():
        if isinstance(value, str):
            value = _STAFF.sub(person, value)
            if "name" not in facts and _PLACE.fullmatch(value):
                value = f"{region_name(RegionCode.parse(value).digits)} ({value})"
        said[key] = value
    return said
