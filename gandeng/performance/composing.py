"""What a monthly report says, made from the records of its month: plain JSON, in Indonesian, with the day it was made.

Nothing in it is typed but the remarks and the captions. The text of the skeleton is the one the field reproduces; each
list carries the ids of its records.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from gandeng.accounts.acting import in_territory
from gandeng.accounts.context import region_name
from gandeng.accounts.machine import MACHINE
from gandeng.facilitators.models import Employment, Staff
from gandeng.facilitators.staff_queries import caseload_of
from gandeng.performance.figures import acts, done, is_recorded
from gandeng.performance.models import Report
from gandeng.performance.months import Period, month_words
from gandeng.performance.published import areas
from gandeng.performance.sources import of_area
from gandeng.performance.target_queries import Terms, target_words, targets, terms_on
from gandeng.web.language import indonesian

LISTED = 200
"""Rows of one area a report lists; more are counted and said."""
UNKNOWN_KEPT = "belum tercatat di sistem"
TITLE_KEPT = "Laporan Bulanan %s"
OVERVIEW_KEPT = (
    "Laporan ini memuat pekerjaan {name}, {post}, di {region} pada bulan {month}.",
    "Angka dan daftar kegiatan diambil dari catatan sistem pada {made}; tidak ada angka yang diketik.",
    "Pada {day} tercatat {families} keluarga dampingan di {villages} desa/kelurahan.",
)
AIMS_KEPT = (
    "Menyampaikan apa yang dikerjakan dalam bulan ini menurut hasil kerja (RHK) yang berlaku.",
    "Menjadi bahan tinjauan atasan dan perencanaan bulan berikutnya.",
)
SCOPE_KEPT = (
    "Wilayah: {where}. Masa: {since} sampai {last}. Kegiatan yang belum dicatat dalam sistem tidak dihitung dan "
    "disebut “belum tercatat di sistem”, bukan nol."
)
BASIS_KEPT = (
    "Peraturan Menteri Sosial Nomor 1 Tahun 2018 tentang Program Keluarga Harapan.",
    "Penugasan sebagai {posts}.",
)
TARGETS_KEPT = "Target hasil kerja tahun {year} yang ditetapkan oleh {offices}."
NO_TARGETS_KEPT = "Target hasil kerja tahun {year} belum ditetapkan oleh kantor."
REMARKS = ("obstacles", "suggestions", "conclusion")


def compose(report: Report, staff: Staff, remarks: Mapping[str, str], photos: Sequence[Mapping[str, Any]]) -> Any:
    """The whole of one, as of now. The caller has asked whether it may be seen."""
    period = Period(report.month.year, report.month.month)
    day = period.day(timezone.localdate())
    with indonesian():
        terms = terms_on([staff.pk], day)[staff.pk]
        texts, results = _results(staff, terms, period)
        return {
            "layout": 1, "title": TITLE_KEPT % period.words, "month": report.month.isoformat()[:7],
            "made_at": timezone.now().isoformat(timespec="seconds"), "staff": _about(staff, terms),
            "intro": _intro(staff, terms, period, day) | texts, "results": results,
            "activities": _activities(staff, period),
            "remarks": {name: remarks.get(name, "") for name in REMARKS}, "photos": [dict(one) for one in photos],
        }  # fmt: skip


def digest(content: Any) -> str:
    """SHA-256 of the content, its keys in order."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def canonical(content: Any) -> str:
    """As it is sealed."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def day_words(day: date) -> str:
    """`31 Oktober 2026`."""
    return f"{day.day} {month_words(day)}"


def instant_words(told: str) -> str:
    """`1 November 2026 08.10 WIB`."""
    at = timezone.localtime(datetime.fromisoformat(told))
    return f"{day_words(at.date())} {at:%H.%M} WIB"


def _about(staff: Staff, terms: Terms) -> dict[str, Any]:
    title = Employment.Title(terms.job_title).label if terms.job_title else ""
    return {
        "name": staff.person.name, "staff_no": staff.staff_no, "service_no": terms.service_no, "kind": terms.kind,
        "job_title": str(title), "post": _post_words(terms), "region": region_name(staff.region_code),
    }  # fmt: skip


def _post_words(terms: Terms) -> str:
    return next((str(post.get_role_display()) for post in terms.posts if post.role == terms.first_post), "SDM PKH")


def _intro(staff: Staff, terms: Terms, period: Period, day: date) -> dict[str, Any]:
    with in_territory(MACHINE):  # also villages she sees no longer: counts alone, of her own work
        villages, _moves = caseload_of(staff, day)
    where = sorted({region_name(one.code[:6]) for one in villages}) or [region_name(staff.region_code)]
    told = {
        "name": staff.person.name, "post": _post_words(terms), "region": region_name(staff.region_code),
        "month": period.words, "made": instant_words(timezone.now().isoformat()), "day": day_words(day),
        "families": sum(one.families for one in villages), "villages": len(villages),
    }  # fmt: skip
    return {
        "overview": [text.format(**told) for text in OVERVIEW_KEPT], "aims": list(AIMS_KEPT),
        "scope": [
            SCOPE_KEPT.format(where=", ".join(where), since=day_words(period.since), last=day_words(day)),
        ],
    }  # fmt: skip


def _results(staff: Staff, terms: Terms, period: Period) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The basis, and for each area what was done in the month and in the year until then."""
    year, said = done([staff.pk], Period(period.year)), targets(period.year)
    rows, offices = [], set()
    for area in areas().values():
        month, so_far = (
            year.of(area.number, staff=staff.pk, month=period.month),
            sum(year.of(area.number, staff=staff.pk, month=each) for each in range(1, period.month + 1)),
        )
        target = said.of(staff.region_code, area.number, terms)
        if target is not None:
            offices.add(region_name(target.region_code))
        known = is_recorded(area.number, terms.roles, so_far)
        rows.append({
            "area": area.number, "subject": area.subject.said("id"), "month": month if known else None,
            "year": so_far if known else None, "target": target_words(target),
        })  # fmt: skip
    posts = "; ".join(
        f"{post.get_role_display()} di {region_name(post.region_code)} sejak {day_words(post.valid_from)}"
        for post in terms.posts
    )
    texts = NO_TARGETS_KEPT.format(year=period.year)
    if offices:
        texts = TARGETS_KEPT.format(year=period.year, offices=", ".join(sorted(offices)))
    law, assigned = BASIS_KEPT
    return {"basis": [law, *([assigned.format(posts=posts)] if posts else []), texts]}, rows


def _activities(staff: Staff, period: Period) -> list[dict[str, Any]]:
    """Of each area with anything recorded: the first rows, and how many there are."""
    found = []
    for area in areas().values():
        if not of_area(area.number):
            continue
        whole, rows = acts([staff.pk], period, [area.number], most=LISTED)
        if whole:
            found.append({
                "area": area.number, "subject": area.subject.said("id"), "count": whole,
                "rows": [[row.day.isoformat(), row.what, row.source.key, str(row.thing_id)] for row in rows],
            })  # fmt: skip
    return found
