"""What the page about somebody and her own page both show."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gandeng.accounts.acting import Acting
from gandeng.accounts.context import region_name
from gandeng.accounts.roles import May
from gandeng.core.money import format_number
from gandeng.core.region_code import DISTRICT_DIGITS
from gandeng.facilitators import staff_queries
from gandeng.facilitators.models import Employment, Equipment, Leave, Post, Staff
from gandeng.facilitators.queries import numbers_of


def record_of(who: Acting, staff: Staff, day: date) -> dict[str, Any]:
    """Posts, terms, leave, things, villages and the story of somebody, on a day.

    Numbers of papers, kinds of leave and why somebody left are for those who keep or check records, and herself.
    """
    own = staff.person_id == who.person_id
    posts, leaves = staff_queries.posts_and_leaves(staff)
    terms = list(staff.employments.order_by("-valid_from", "id"))
    things = list(staff.equipment.select_related("issued_by").order_by("returned_on", "-issued_on", "id"))
    villages, moves = staff_queries.caseload_of(staff, day)
    words, tone = staff_queries.status_of(staff, day, away=any(_holds(leave, day) for leave in leaves))
    keeps = who.may(May.KEEP_STAFF, staff.region_code) and not own
    whole = own or any(who.may(may, staff.region_code) for may in (May.KEEP_STAFF, May.SEE_LOG))
    return {
        "staff": staff, "own": own, "keeps": keeps, "keeps_open": keeps and staff.left_on is None, "whole": whole,
        "day": day, "status": words, "tone": tone, "region": region_name(staff.region_code),
        "numbers": numbers_of(staff) if whole else {},
        "home": region_name(staff.home_code) if staff.home_code else "",
        "posts": [_entry(post, day, region_name(post.region_code)) for post in posts],
        "terms": [_entry(one, day) for one in terms], "leaves": [_entry(leave, day) for leave in leaves],
        "things": things, "things_out": sum(thing.returned_on is None for thing in things), "villages": villages,
        "families": sum(village.families for village in villages), "sees_log": who.may(May.SEE_LOG, staff.region_code),
        **_caseload_urls(who, staff, own=own, families=bool(villages)),
        "story": story(staff, posts, terms, leaves, things, moves, whole=whole),
    }  # fmt: skip


def _caseload_urls(who: Acting, staff: Staff, *, own: bool, families: bool) -> dict[str, str]:
    """Her load among the others of the district, one's own families, and handing them over."""
    urls = {"load_url": "", "hand_over_url": ""}
    if own and who.may(May.ACCOMPANY):
        urls["load_url"] = reverse("caseload:mine")
    elif len(staff.region_code) == DISTRICT_DIGITS and who.may(May.SEE_STAFF, staff.region_code):
        urls["load_url"] = f"{reverse('caseload:people', args=[staff.region_code])}?q={staff.staff_no}"
    if families and not own and who.may(May.DECIDE_CASELOAD, staff.region_code):
        urls["hand_over_url"] = reverse("caseload:hand_over", args=[staff.pk])
    return urls


def tabs(path: str) -> list[dict[str, Any]]:
    """The pages about staff as a whole."""
    named = ((_("Daftar"), "staff"), (_("Jumlah SDM"), "head_count"), (_("Perlengkapan"), "equipment"))
    urls = [(words, reverse(f"facilitators:{name}")) for words, name in named]
    return [{"label": words, "url": url, "current": url == path} for words, url in urls]


def _holds(row: Post | Employment | Leave, day: date) -> bool:
    return row.valid_from <= day and (row.valid_until is None or row.valid_until > day)


def _entry(row: Post | Employment | Leave, day: date, place: str = "") -> dict[str, Any]:
    """A dated row with its state: what never counted, what is over, what is, what will be."""
    if row.valid_until == row.valid_from:
        state, tone = _("Dibatalkan"), "neutral"
    elif _holds(row, day):
        state, tone = _("Berlaku"), "good"
    elif row.valid_from > day:
        state, tone = _("Belum mulai"), "info"
    else:
        state, tone = _("Selesai"), "neutral"
    counts = row.valid_until != row.valid_from
    open_ = counts and (row.valid_until is None or row.valid_until > day)
    return {"row": row, "state": state, "tone": tone, "place": place, "counts": counts, "open": open_}


def story(
    staff: Staff, posts: Iterable[Post], terms: Iterable[Employment], leaves: Iterable[Leave],
    things: Iterable[Equipment], moves: Iterable[staff_queries.Moved], *, whole: bool,
) -> list[tuple[date, str]]:  # fmt: skip
    """What happened when, newest first; what was taken back is left out."""
    told = [(staff.joined_on, _("Bergabung"))]
    if staff.left_on is not None:
        because = f": {staff.get_left_because_display()}" if whole else ""
        told.append((staff.left_on, _("Berhenti") + because))
    for post in _counting(posts):
        words = f"{post.get_role_display()}, {region_name(post.region_code)}"
        told += _both(post, _("Mulai bertugas: %(what)s"), _("Selesai bertugas: %(what)s"), words)
    for one in _counting(terms):
        words = one.get_job_title_display() or one.get_kind_display()
        told += _both(one, _("Status kerja: %(what)s"), _("Status kerja selesai: %(what)s"), words)
    for leave in _counting(leaves):
        words = leave.get_kind_display() if whole else _("Cuti")
        told += _both(leave, _("%(what)s mulai"), _("%(what)s selesai, masuk kembali"), words)
    for thing in things:
        words = f"{thing.get_kind_display()} {thing.serial_no}"
        told.append((thing.issued_on, _("%(what)s diserahkan") % {"what": words}))
        if thing.returned_on is not None:
            came = {"what": words, "how": thing.get_condition_display()}
            told.append((thing.returned_on, _("%(what)s kembali: %(how)s") % came))
    told += [(move.day, _moved(move)) for move in moves]
    told.reverse()  # of one day, what came last stands first
    return sorted(told, key=lambda one: one[0], reverse=True)


def _counting[Row: (Post, Employment, Leave)](rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.valid_until != row.valid_from]


def _both(row: Post | Employment | Leave, began: str, ended: str, what: str) -> list[tuple[date, str]]:
    told = [(row.valid_from, began % {"what": what})]
    return [*told, (row.valid_until, ended % {"what": what})] if row.valid_until is not None else told


def _moved(move: staff_queries.Moved) -> str:
    facts = {"what": move.words, "came": format_number(move.came), "went": format_number(move.went)}
    if move.came and move.went:
        return _("%(what)s: %(came)s keluarga datang, %(went)s pergi") % facts
    if move.came:
        return _("%(what)s: %(came)s keluarga datang") % facts
    return _("%(what)s: %(went)s keluarga pergi") % facts
