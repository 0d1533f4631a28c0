"""What the pages share."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.monitoring.signs import SIGNS
from gandeng.web.tabs import tabs_of

SIGN_WORDS = {
    "whole": gettext_lazy("Diterima utuh"),
    "less": gettext_lazy("Diterima kurang"),
    "nothing": gettext_lazy("Belum diterima"),
    "elsewhere": gettext_lazy("Kartu atau PIN pada orang lain"),
    "levied": gettext_lazy("Ada yang meminta bagian"),
}
"""In the order of `SIGNS`."""
KIND_WORDS = SIGN_WORDS | {
    "waiting": gettext_lazy("Belum ditanyakan"),
    "reached": gettext_lazy("Terjangkau"),
    "not_reached": gettext_lazy("Tidak terjangkau"),
    "troubled": gettext_lazy("Ada tanda masalah"),
}


def tabs(who: Acting, current: str) -> list[dict[str, Any]]:
    """The parts one may open."""
    named = [
        ("overview", _("Menurut kabupaten/kota"), who.may(May.SEE_MONITORING)),
        ("rows", _("Keluarga yang terundi"), who.may(May.SEE_MONITORING)),
        ("tasks", _("Perlu ditanyakan"), who.may(May.ASK_FAMILIES)),
    ]
    return tabs_of("monitoring", named, current)


def said(one: Any) -> list[dict[str, str]]:
    """Signs of the newest answer of a family drawn, in words with their tones."""
    return [
        {"words": str(SIGN_WORDS[name]), "tone": "good" if name == "whole" else "bad"}
        for name in SIGNS if getattr(one, f"last_{name}")
    ]  # fmt: skip


def standing(one: Any) -> dict[str, Any]:
    """One family drawn, as lists show it."""
    why = ""
    if one.last_reached is None:
        why = _("Belum ditanyakan")
    elif not one.last_reached:
        why = _("Belum terjangkau, %(count)d kali dicoba") % {"count": one.tries}
    return {
        "row": one, "village": region_name(one.village_code), "signs": said(one), "why": why,
        "asked_on": one.last_on_day, "next_on": one.last_next_on,
    }  # fmt: skip


def trail(*rest: tuple[str, str]) -> list[dict[str, str]]:
    """From the beginning to a page; the last has no address."""
    first = {"label": str(_("Pemantauan pasca-salur")), "url": reverse("monitoring:overview")}
    return [first, *({"label": label, "url": url} if url else {"label": label} for label, url in rest)]
