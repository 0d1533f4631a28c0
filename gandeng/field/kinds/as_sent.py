"""An entry that no kind reads: what she typed, without the names by which the app calls it."""

from collections.abc import Iterator, Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.field.kinds import Line, uuid_of

_NAMES: dict[str, str | Promise] = {
    "on_day": gettext_lazy("Hari"), "day": gettext_lazy("Hari"), "starts": gettext_lazy("Jam mulai"),
    "place": gettext_lazy("Tempat"), "purpose": gettext_lazy("Tujuan"), "result": gettext_lazy("Hasil"),
    "found": gettext_lazy("Hasil"), "how": gettext_lazy("Cara"), "note": gettext_lazy("Catatan"),
    "words": gettext_lazy("Catatan"), "reason": gettext_lazy("Alasan"), "quarter": gettext_lazy("Triwulan"),
    "signer_name": gettext_lazy("Nama penanda tangan"), "signed_on": gettext_lazy("Tanggal tanda tangan"),
}  # fmt: skip
"""Of fields that mean the same in every kind there is."""


def as_sent(body: Mapping[str, object]) -> list[Line]:
    """A line for each field that holds words, days or numbers, the known ones first. Ids are for the app alone."""
    told = {name: words for name, value in body.items() if (words := ", ".join(_leaves(value)))}
    known = [Line(str(_NAMES[name]), words) for name, words in told.items() if name in _NAMES]
    others = (words for name, words in told.items() if name not in _NAMES)
    return known + [
        Line(_("Isian lain %(number)d") % {"number": at}, words) for at, words in enumerate(others, start=1)
    ]


def _leaves(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _leaves(each)
    elif isinstance(value, bool):
        yield _("Ya") if value else _("Tidak")
    elif isinstance(value, str | int | float) and uuid_of(value) is None and str(value).strip():
        yield str(value)
