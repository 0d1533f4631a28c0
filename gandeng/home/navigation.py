"""The menu: what the person's rights lead to."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.roles import May

_ITEMS: tuple[tuple[str | Promise, str, str, tuple[May, ...] | None], ...] = (
    (_("Beranda"), "home", "house", None),
    (_("Ringkasan kantor"), "reporting:summary", "chart-column", (May.SEE_SUMMARY,)),
    (_("Keluarga"), "registry:families", "users", (May.SEE_FAMILIES,)),
    (_("Pendamping"), "facilitators:staff", "briefcase", (May.SEE_STAFF,)),
    (_("Keluarga dampingan saya"), "caseload:mine", "users-round", (May.ACCOMPANY,)),
    (_("Beban dampingan"), "caseload:top", "gauge", (May.SEE_STAFF,)),
    (_("Pemerataan beban"), "plans:plans", "split", (May.PLAN_CASELOAD, May.DECIDE_CASELOAD)),
    (_("Catatan saya"), "facilitators:own", "user", (May.ACCOMPANY,)),
    (
        _("Kode etik"),
        "conduct:code",
        "signature",
        (
            May.SEE_STAFF,
            May.ACCOMPANY,
            May.REPORT_CONDUCT,
            May.KEEP_CODE,
            May.HANDLE_CONDUCT,
            May.CLARIFY,
        ),
    ),
    (_("Pelatihan"), "training:events", "graduation-cap", (May.PLAN_TRAINING, May.SEE_STAFF)),
    (_("Pelatihan saya"), "training:own", "graduation-cap", (May.ACCOMPANY,)),
    (_("Sertifikat"), "certificates:certificates", "badge-check", (May.SEE_STAFF,)),
    (_("Sertifikat saya"), "certificates:own", "badge-check", (May.ACCOMPANY,)),
    (_("Pertemuan kelompok (P2K2)"), "family_sessions:mine", "users-round", (May.ACCOMPANY,)),
    (_("P2K2"), "family_sessions:coverage", "users-round", (May.SEE_STAFF,)),
    (
        _("Prestasi"),
        "achievements:achievements",
        "star",
        (May.RECORD_ACHIEVEMENT, May.CONFIRM_ACHIEVEMENT, May.SEE_SUMMARY),
    ),
    (_("Kinerja"), "performance:people", "gauge", (May.SEE_STAFF,)),
    (_("Kinerja saya"), "performance:own", "gauge", (May.ACCOMPANY,)),
    (_("Perubahan data"), "registry:changes", "file-pen", (May.REQUEST_CHANGE, May.DECIDE_CHANGE, May.DECIDE_MOVE)),
    (_("Data yang perlu diperiksa"), "cleansing:found", "list-checks", (May.REQUEST_CHANGE,)),
    (_("Data mirip"), "duplicates:pairs", "copy", (May.JUDGE_DUPLICATES,)),
    (_("Pemadanan Dukcapil"), "civil_registry:matchings", "fingerprint", (May.TAKE_LIST, May.APPLY_LIST)),
    (_("Daftar masuk"), "registry:intakes", "inbox", (May.TAKE_LIST, May.APPLY_LIST)),
    (_("Komitmen"), "commitments:overview", "clipboard-check", (May.RECORD_COMMITMENT, May.DECIDE_COMMITMENT)),
    (_("Graduasi"), "graduation:overview", "sprout", (May.REQUEST_CHANGE, May.DECIDE_GRADUATION)),
    (_("Pembayaran"), "payments:cycles", "wallet", (May.SEE_PAYMENTS,)),
    (_("Tindak lanjut penyaluran"), "follow_up:mine", "list-todo", (May.ACCOMPANY,)),
    (_("Tindak lanjut lapangan"), "follow_up:reports", "list-todo", (May.WORK_EXCEPTIONS, May.SEND_RESULTS)),
    (_("Pemantauan pasca-salur"), "monitoring:overview", "hand-coins", (May.SEE_MONITORING,)),
    (_("Tanya keluarga"), "monitoring:tasks", "hand-coins", (May.ASK_FAMILIES,)),
    (_("Pengaduan"), "helpdesk:cases", "message-circle", (May.TELL_CASE,)),
    (_("Catatan lapangan"), "field:decisions", "smartphone", (May.DECIDE_ENTRIES,)),
    (_("Kunjungan rumah"), "field:visits", "house", (May.ACCOMPANY, May.SEE_STAFF)),
    (_("Aplikasi lapangan"), "field:app", "smartphone", (May.ACCOMPANY,)),
    (_("Ponsel"), "field:devices", "smartphone", (May.ACCOMPANY, May.KEEP_STAFF, May.MANAGE_PEOPLE)),
    (_("Rekonsiliasi"), "reconciliation:cycles", "scale", (May.SEE_RECONCILIATION,)),
    (_("Unduhan"), "exports:exports", "file-down", (May.SEE_FAMILIES, May.SEE_PAYMENTS, May.SEE_RECONCILIATION)),
    (_("Pekerjaan"), "jobs:jobs", "list-checks", None),
    (_("Jejak"), "audit:entries", "history", (May.SEE_LOG,)),
    (_("Pengguna"), "accounts:people", "shield", (May.MANAGE_PEOPLE,)),
)
"""Label, address, icon, any of these rights."""


_MENUS_MOST = 512
"""Kept by a process: one for each set of rights, entry and language that was asked for; a few kilobytes each."""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`navigation` for base.html: the menu as it stands on the page. It hangs on rights, never on the person."""
    acting: Acting | None = getattr(request, "acting", None)
    if acting is None:
        return {"navigation": ""}
    here = [url for _label, url, _icon in _entries(acting.rights) if request.path.startswith(url)]
    nearest = max(here, key=len, default="")
    # the first page's address is the beginning of all of them
    current = nearest if nearest != "/" or request.path == "/" else ""
    return {"navigation": _menu(acting.rights, current, get_language() or settings.LANGUAGE_CODE)}


@lru_cache(maxsize=_MENUS_MOST)
def _menu(rights: frozenset[May], current: str, language: str) -> SafeString:
    items = [
        {"label": label, "url": url, "icon": icon, "current": url == current} for label, url, icon in _entries(rights)
    ]
    with override(language):
        return render_to_string("menu.html", {"items": items})


@lru_cache(maxsize=_MENUS_MOST)
def _entries(rights: frozenset[May]) -> tuple[tuple[str | Promise, str, str], ...]:
    return tuple(
        (label, reverse(name), icon)
        for label, name, icon, any_of in _ITEMS
        if any_of is None or not rights.isdisjoint(any_of)
    )
