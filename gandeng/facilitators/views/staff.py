"""The list of staff, and the page of one of them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.requests import acting
from gandeng.accounts.roles import May
from gandeng.accounts.rules import allowed
from gandeng.facilitators import queries, staff_queries
from gandeng.facilitators.models import Employment, Post, Staff
from gandeng.facilitators.staff_forms import kept_regions
from gandeng.facilitators.staff_sections import staff_sections
from gandeng.facilitators.views.record import record_of, tabs
from gandeng.registry.queries import region_choices
from gandeng.web.finding import day_asked
from gandeng.web.paging import known_filters, page_by_key

IDENTIFIER_DIGITS = 12


@allowed(May.SEE_STAFF)
@require_safe
def staff_list(request: HttpRequest) -> HttpResponse:
    """Staff one may see, narrowed by name or number, post, state, place, terms, and the day it is about."""
    who, filters = acting(request), known_filters(request, staff_queries.FILTERS)
    day, refused = day_of(filters)
    if sum(sign.isdigit() for sign in filters["q"]) >= IDENTIFIER_DIGITS:
        filters["q"], refused = "", _("Nomor panjang tidak dicari di sini. Tulis nama atau nomor SDM.")
    rows = staff_queries.staff_matching(who, filters, day)
    page = page_by_key(staff_queries.with_what_is_held(rows, day), request, key="staff_no")
    context = {
        "filters": filters, "day": day, "refused": refused, "page": page, "count": rows.count(),
        "rows": [_row(one, day) for one in page.rows], "roles": Post.Role.choices,
        "statuses": staff_queries.STATUSES.items(), "regions": region_choices(who, filters["region"]),
        "employments": employment_choices(), "narrowed": any(filters.values()),
        "tabs": tabs(request.path), "keeps": bool(kept_regions(who)),
    }  # fmt: skip
    return render(request, "facilitators/staff.html", context)


def day_of(filters: dict[str, str]) -> tuple[date, str]:
    """The day a page is about, today where none is told; and what is wrong with the one that was."""
    today = timezone.localdate()
    if not filters["day"]:
        return today, ""
    try:
        return day_asked(filters["day"]), ""
    except BadRequest:
        filters["day"] = ""
        return today, _("Tanggalnya tidak terbaca; yang tampil adalah hari ini.")


def employment_choices() -> list[tuple[str, str]]:
    """Kinds of terms, and the titles of PPPK."""
    kinds = [(value, str(label)) for value, label in Employment.Kind.choices]
    titles = [(value, f"PPPK: {label}") for value, label in Employment.Title.choices]
    return [*kinds, *titles, (staff_queries.NO_TERMS, _("Belum tercatat"))]


def _row(staff: Any, day: date) -> dict[str, Any]:
    words, tone = staff_queries.status_of(staff, day, away=bool(staff.away))
    terms = staff.terms[0] if staff.terms else None
    posts = [(post.get_role_display(), region_name(post.region_code)) for post in staff.held_posts]
    return {
        "staff": staff, "posts": posts,
        "home": region_name(staff.home_code) if staff.home_code else "", "terms": terms, "status": words, "tone": tone,
    }  # fmt: skip


@allowed(May.SEE_STAFF)
@require_safe
def person(request: HttpRequest, staff_id: UUID) -> HttpResponse:
    """Everything about one of them, as far as it concerns who looks."""
    who = acting(request)
    found = queries.access_staff(who, staff_id)
    context = record_of(who, found, timezone.localdate()) | {
        "trail": [{"label": _("Pendamping"), "url": reverse("facilitators:staff")}, {"label": found.person.name}],
        "acts": acts_of(who, found), "sections": staff_sections(who, found),
    }  # fmt: skip
    return render(request, "facilitators/person.html", context)


def acts_of(who: Acting, staff: Staff) -> list[tuple[str, str]]:
    """What may be recorded about her now: words and address."""
    if not who.may(May.KEEP_STAFF, staff.region_code) or who.person_id == staff.person_id:
        return []
    if staff.left_on is not None:
        named = [(_("Batalkan berhentinya"), "undo_end")]
    else:
        named = [
            (_("Ubah status kerja"), "employ"),
            (_("Beri tugas"), "give_post"),
            (_("Ubah tempat tinggal"), "set_home"),
            (_("Catat NIK dan nomor KK"), "set_identity"),
            (_("Catat cuti"), "leave"),
            (_("Serahkan perlengkapan"), "issue"),
            (_("Mutasi"), "transfer"),
            (_("Berhenti"), "end_service"),
        ]
    return [(words, reverse(f"facilitators:{name}", args=[staff.pk])) for words, name in named]
